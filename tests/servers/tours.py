"""Tours of the API with the openai SDK: together they visit all that the service serves."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any

import openai
from openai import OpenAI
from playpage_site.demo.settings import ASSISTANT_ID

PIXEL = b"\x89PNG\r\n\x1a\n"


def outputs_for(run: Any) -> list[Any]:
    calls = run.required_action.submit_tool_outputs.tool_calls
    return [{"tool_call_id": call.id, "output": '{"text": "fine"}'} for call in calls]


def polling(client: OpenAI) -> None:
    """An answer, and two rounds of tool calls, by polling."""
    poll(client, "hello")
    poll(client, "weather in Paris and Rome then Oslo")


def endings(client: OpenAI) -> None:
    """The other ways in which a run may end."""
    for words in ("fail", "overload", "incomplete please", "expire", "withdraw"):
        poll(client, words)


def poll(client: OpenAI, words: str) -> None:
    threads = client.beta.threads
    thread = threads.create(messages=[])
    threads.messages.list(thread.id)
    threads.messages.create(thread.id, role="user", content=words)
    run = threads.runs.create_and_poll(
        thread_id=thread.id, assistant_id=ASSISTANT_ID, additional_instructions="Be brief."
    )
    while run.status == "requires_action":
        run = threads.runs.submit_tool_outputs_and_poll(
            run_id=run.id, thread_id=thread.id, tool_outputs=outputs_for(run)
        )
    threads.messages.list(thread.id, order="desc", limit=10)
    threads.runs.list(thread.id)
    threads.delete(thread.id)


def streaming(client: OpenAI) -> None:
    """An answer, and a round of tool calls, by streams."""
    stream(client, "hello")
    stream(client, "weather in Paris and Rome")


def stream_endings(client: OpenAI) -> None:
    """The other ways in which a stream may begin or end."""
    for words in ("fail", "incomplete please", "expire", "withdraw"):
        stream(client, words)
    follow(
        client.beta.threads.create_and_run(
            assistant_id=ASSISTANT_ID,
            thread={"messages": [{"role": "user", "content": "hello"}]},
            stream=True,
        )
    )


def stream(client: OpenAI, words: str) -> None:
    threads = client.beta.threads
    thread = threads.create(messages=[{"role": "user", "content": words}])
    run = follow(threads.runs.create(thread_id=thread.id, assistant_id=ASSISTANT_ID, stream=True))
    while run is not None and run.status == "requires_action":
        run = follow(
            threads.runs.submit_tool_outputs(
                run_id=run.id, thread_id=thread.id, tool_outputs=outputs_for(run), stream=True
            )
        )


def follow(events: Iterable[Any]) -> Any:
    """The run as the last event of the stream that has one tells of it."""
    run = None
    for event in events:
        if event.event.startswith("thread.run.") and event.data.object == "thread.run":
            run = event.data
    return run


def steps(client: OpenAI) -> None:
    """Run steps, and what else can be done with a run."""
    threads = client.beta.threads
    run = threads.create_and_run(
        assistant_id=ASSISTANT_ID,
        thread={"messages": [{"role": "user", "content": "weather in Paris"}]},
        metadata={"colour": "red"},
    )
    where: dict[str, Any] = {"thread_id": run.thread_id}
    run = threads.runs.poll(run.id, **where)
    threads.runs.steps.list(run.id, **where)
    threads.runs.submit_tool_outputs_and_poll(run_id=run.id, **where, tool_outputs=outputs_for(run))
    for step in threads.runs.steps.list(run.id, **where, order="asc"):
        threads.runs.steps.retrieve(step.id, run_id=run.id, **where)
    threads.runs.update(run.id, **where, metadata={"colour": "blue"})
    second = threads.runs.create(**where, assistant_id=ASSISTANT_ID)
    threads.runs.cancel(second.id, **where)
    threads.runs.poll(second.id, **where)


def thread_tour(client: OpenAI) -> None:
    threads = client.beta.threads
    thread = threads.create(
        messages=[
            {"role": "user", "content": "one", "metadata": {"place": "1"}},
            {"role": "assistant", "content": [{"type": "text", "text": "two"}]},
        ],
        metadata={"colour": "red"},
    )
    threads.retrieve(thread.id)
    threads.update(thread.id, metadata={"colour": "blue"})
    picture = {"type": "image_url", "image_url": {"url": "https://example.org/cat.png"}}
    message = threads.messages.create(thread.id, role="user", content=[picture])  # type: ignore[list-item]
    threads.messages.retrieve(message.id, thread_id=thread.id)
    threads.messages.update(message.id, thread_id=thread.id, metadata={"colour": "green"})
    threads.messages.delete(message.id, thread_id=thread.id)
    for _ in threads.messages.list(thread.id, limit=1, order="asc"):
        pass
    threads.delete(thread.id)


def files(client: OpenAI) -> None:
    uploaded = client.files.create(file=("dot.png", PIXEL, "image/png"), purpose="vision")
    client.files.retrieve(uploaded.id)
    client.files.list()
    client.files.content(uploaded.id)
    picture = {"type": "image_file", "image_file": {"file_id": uploaded.id}}
    client.beta.threads.create(
        messages=[
            {
                "role": "user",
                "content": [picture],  # type: ignore[list-item]
                "attachments": [{"file_id": uploaded.id, "tools": [{"type": "file_search"}]}],
            }
        ]
    )
    client.files.delete(uploaded.id)


def assistants(client: OpenAI) -> None:
    client.beta.assistants.list()
    client.beta.assistants.retrieve(ASSISTANT_ID)


def errors(client: OpenAI) -> None:
    """Refusals: each has OpenAI's error body."""
    threads = client.beta.threads
    busy = threads.create(messages=[{"role": "user", "content": "slow"}])
    threads.runs.create(thread_id=busy.id, assistant_id=ASSISTANT_ID)
    empty = threads.create()
    wrong: list[Callable[[], object]] = [
        lambda: threads.retrieve("thread_gone"),
        lambda: threads.runs.create(thread_id=empty.id, assistant_id="asst_gone"),
        lambda: threads.messages.create(busy.id, role="user", content="more"),
        lambda: threads.runs.create(thread_id=busy.id, assistant_id=ASSISTANT_ID),
        lambda: threads.messages.create(empty.id, role="user", content=""),
        lambda: threads.messages.list(empty.id, limit=0),
        lambda: client.files.retrieve("file-gone"),
        lambda: client.with_options(api_key="wrong").beta.assistants.list(),
    ]
    for call in wrong:
        with suppress(openai.APIStatusError):
            call()


def chat(client: OpenAI) -> None:
    messages: list[Any] = [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "hello"},
    ]
    client.chat.completions.create(model="demo-model", messages=messages)
    for _ in client.chat.completions.create(
        model="demo-model", messages=messages, stream=True, stream_options={"include_usage": True}
    ):
        pass


TOURS: dict[str, Callable[[OpenAI], None]] = {
    "polling": polling,
    "endings": endings,
    "streaming": streaming,
    "stream endings": stream_endings,
    "steps": steps,
    "threads": thread_tour,
    "files": files,
    "assistants": assistants,
    "errors": errors,
    "chat": chat,
}
