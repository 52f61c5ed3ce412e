"""Chat completions of the assistants service through the real openai SDK over HTTP."""

from __future__ import annotations

import json
import time
from typing import Any

import openai
import pytest
from openai import OpenAI
from playpage_site.demo.objects import WEATHER_TOOL
from servers.sdk import FAST

TOOLS: list[Any] = [WEATHER_TOOL]


def user(content: Any) -> dict[str, Any]:
    return {"role": "user", "content": content}


def ask(client: OpenAI, messages: list[Any], **options: Any) -> Any:
    completion = client.chat.completions.create(model="demo", messages=messages, **options)
    return completion.choices[0]


def outputs(message: Any) -> list[dict[str, Any]]:
    """The assistant's message and what its tools answer, to be sent along."""
    answers = []
    for call in message.tool_calls:
        place = json.loads(call.function.arguments)["location"]
        weather = {"location": place, "temperature_c": 20, "conditions": "sunny"}
        answers.append({"role": "tool", "tool_call_id": call.id, "content": json.dumps(weather)})
    return [message.model_dump(exclude_none=True), *answers]


def test_two_rounds_of_tool_calls(client: OpenAI) -> None:
    messages: list[Any] = [user("hello"), {"role": "assistant", "content": "Hello!"}]
    messages += [user("weather in Paris and Rome then Oslo")]
    for places in (["Paris", "Rome"], ["Oslo"]):
        choice = ask(client, messages, tools=TOOLS)
        assert choice.finish_reason == "tool_calls"
        assert choice.message.content is None
        arguments = [json.loads(call.function.arguments) for call in choice.message.tool_calls]
        assert arguments == [{"location": place} for place in places]
        messages += outputs(choice.message)
    choice = ask(client, messages, tools=TOOLS)
    assert choice.finish_reason == "stop"
    for place in ("Paris", "Rome", "Oslo"):
        assert f"In {place} it is 20 °C and sunny." in choice.message.content
    assert choice.message.tool_calls is None
    # The next message has tool calls of its own.
    messages += [{"role": "assistant", "content": "done"}, user('call say_text {"text": "x"}')]
    (call,) = ask(client, messages, tools=TOOLS).message.tool_calls
    assert (call.function.name, call.function.arguments) == ("say_text", '{"text": "x"}')


def test_streamed_tool_calls_come_in_pieces(client: OpenAI) -> None:
    with client.chat.completions.stream(
        model="demo", messages=[{"role": "user", "content": "weather in Paris, Rome"}], tools=TOOLS
    ) as stream:
        chunks = [event.chunk for event in stream if event.type == "chunk"]
        choice = stream.get_final_completion().choices[0]
    deltas = [delta for one in chunks for delta in one.choices[0].delta.tool_calls or []]
    assert [delta.index for delta in deltas] == sorted(delta.index for delta in deltas)
    for index in (0, 1):
        mine = [delta for delta in deltas if delta.index == index]
        assert len(mine) > 3
        assert mine[0].id
        assert all(delta.id is None for delta in mine[1:])
    assert choice.finish_reason == "tool_calls"
    assert [call.function.arguments for call in choice.message.tool_calls or []] == [
        '{"location": "Paris"}',
        '{"location": "Rome"}',
    ]


def test_no_tools_no_calls(client: OpenAI) -> None:
    assert ask(client, [user("weather in Paris")]).finish_reason == "stop"
    choice = ask(client, [user("weather in Paris")], tools=TOOLS, tool_choice="none")
    assert choice.finish_reason == "stop"


def test_tool_calls_and_answers_must_match(client: OpenAI) -> None:
    messages = [user("weather in Paris and Rome")]
    messages += outputs(ask(client, messages, tools=TOOLS).message)
    with pytest.raises(openai.BadRequestError, match="must be followed by tool messages"):
        ask(client, messages[:-1], tools=TOOLS)
    with pytest.raises(openai.BadRequestError, match="must be followed by tool messages"):
        ask(client, [*messages[:-1], user("never mind")], tools=TOOLS)
    with pytest.raises(openai.BadRequestError, match="must be a response to"):
        ask(client, [messages[0], messages[-1]], tools=TOOLS)


def test_tools_are_not_flat(client: OpenAI) -> None:
    flat = {"type": "function", **WEATHER_TOOL["function"]}
    with pytest.raises(openai.BadRequestError, match=r"tools\[0\].function"):
        ask(client, [user("hello")], tools=[flat])


def test_an_incomplete_answer(client: OpenAI) -> None:
    choice = ask(client, [user("incomplete please")])
    assert (choice.finish_reason, choice.message.content) == ("length", "You")
    chunks = list(
        client.chat.completions.create(
            model="demo", messages=[{"role": "user", "content": "incomplete"}], stream=True
        )
    )
    assert chunks[-1].choices[0].finish_reason == "length"
    assert "".join(chunk.choices[0].delta.content or "" for chunk in chunks) == "You"


@pytest.mark.parametrize(
    ("words", "error", "code"),
    [
        ("fail", openai.InternalServerError, "server_error"),
        ("overload", openai.RateLimitError, "rate_limit_exceeded"),
    ],
)
def test_a_failure(client: OpenAI, words: str, error: type[openai.APIError], code: str) -> None:
    with pytest.raises(error) as caught:
        ask(client, [user(words)])
    assert caught.value.code == code
    events = client.chat.completions.create(
        model="demo", messages=[{"role": "user", "content": words}], stream=True
    )
    with pytest.raises(openai.APIError) as streamed:
        list(events)
    assert streamed.value.code == code


def test_busy_once_then_answered(client: OpenAI) -> None:
    for _ in range(2):
        with pytest.raises(openai.RateLimitError) as caught:
            ask(client, [user("busy")])
        assert caught.value.response.headers["retry-after"] == "1"
        assert ask(client, [user("busy")]).finish_reason == "stop"
    with pytest.raises(openai.InternalServerError):
        ask(client, [user("http 503")])


@pytest.mark.parametrize("word", ["slow", "stall"])
@pytest.mark.parametrize("stream", [False, True])
def test_slow_answers(client: OpenAI, word: str, stream: bool) -> None:
    started = time.monotonic()
    answer: Any = client.chat.completions.create(
        model="demo", messages=[{"role": "user", "content": word}], stream=stream
    )
    begun = time.monotonic()
    if stream:
        list(answer)
    ended = time.monotonic()
    assert ended - started >= FAST["slow_s"]
    # A slow stream begins at once. Reading its beginning may take a while on a busy machine.
    long_part = ended - begun if stream and word == "slow" else begun - started
    assert long_part > FAST["slow_s"] / 2


def test_pictures_and_files_are_described(client: OpenAI) -> None:
    uploaded = client.files.create(file=("plan.pdf", b"%PDF", "application/pdf"), purpose="vision")
    choice = ask(
        client,
        [
            user(
                [
                    {"type": "text", "text": "look"},
                    {"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAAAAA="}},
                    {"type": "image_url", "image_url": {"url": "https://example.org/a.png"}},
                    {"type": "file", "file": {"filename": "a.txt", "file_data": "data:,x"}},
                    {"type": "file", "file": {"file_id": uploaded.id}},
                ]
            )
        ],
    )
    text = str(choice.message.content)
    assert "2 pictures: image/png (5 bytes); https://example.org/a.png." in text
    assert "2 files: a.txt; plan.pdf." in text
    assert "“look”" in text


@pytest.mark.parametrize(
    "content", [[{"type": "sound"}], [{"type": "file", "file": {"file_id": "x"}}]]
)
def test_bad_parts(client: OpenAI, content: Any) -> None:
    with pytest.raises((openai.BadRequestError, openai.NotFoundError)):
        ask(client, [user(content)])
