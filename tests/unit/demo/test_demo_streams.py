"""Streamed runs through the real openai SDK over HTTP."""

from __future__ import annotations

import time
from typing import Any

import pytest
from openai import OpenAI
from playpage_site.demo import ASSISTANT_ID, Service, running_service
from servers.sdk import FAST, newest_text, thread_with, tool_outputs
from support.waiting import until

pytestmark = [
    pytest.mark.filterwarnings("ignore:The Assistants API is deprecated:DeprecationWarning"),
]


def test_a_stream_arrives_while_the_answer_is_made(client: OpenAI) -> None:
    with running_service(clock_s=0.02, piece_s=0.1) as service:
        slow = client.with_options(base_url=service.base_url)
        thread_id = thread_with(slow, "long 10")
        times: list[float] = []
        events = slow.beta.threads.runs.create(
            thread_id=thread_id, assistant_id=ASSISTANT_ID, stream=True
        )
        for event in events:
            if event.event == "thread.message.delta":
                times.append(time.monotonic())
    assert len(times) == 10
    assert times[-1] - times[0] > 0.45  # it takes 0.9 s; the first may be read late


def test_the_sdk_follows_a_stream_over_a_tool_call(client: OpenAI, service: Service) -> None:
    """The SDK's own accumulation of deltas agrees with what the service then holds."""
    runs = client.beta.threads.runs
    thread_id = thread_with(client, "weather in Paris and Rome")
    with runs.stream(thread_id=thread_id, assistant_id=ASSISTANT_ID) as stream:
        stream.until_done()
        run = stream.current_run
        step: Any = stream.current_run_step_snapshot
    assert run is not None
    assert run.status == "requires_action"
    assert [call.function.name for call in step.step_details.tool_calls] == ["get_weather"] * 2
    outputs = tool_outputs(service, thread_id, run)
    with runs.submit_tool_outputs_stream(
        run_id=run.id, thread_id=thread_id, tool_outputs=outputs
    ) as stream:
        text = "".join(stream.text_deltas)
    assert "In Rome it is" in text
    assert text == newest_text(client, thread_id)


def test_cancelling_ends_the_stream(client: OpenAI) -> None:
    names: list[str] = []
    with running_service(clock_s=0.02, piece_s=0.01) as service:
        slow = client.with_options(base_url=service.base_url)
        runs = slow.beta.threads.runs
        thread_id = thread_with(slow, "long 5000")
        for event in runs.create(thread_id=thread_id, assistant_id=ASSISTANT_ID, stream=True):
            names.append(event.event)
            if event.event == "thread.message.delta" and names.count(event.event) == 3:
                run_id = slow.beta.threads.runs.list(thread_id).data[0].id
                runs.cancel(run_id, thread_id=thread_id)
        message = slow.beta.threads.messages.list(thread_id).data[0]
    assert names[-4:] == [
        "thread.run.cancelling",
        "thread.message.incomplete",
        "thread.run.step.cancelled",
        "thread.run.cancelled",
    ]
    assert message.status == "incomplete"
    assert message.content, "the half that was written is kept"


def test_deleting_a_thread_ends_its_stream(client: OpenAI, service: Service) -> None:
    thread_id = thread_with(client, "slow")
    events = client.beta.threads.runs.create(
        thread_id=thread_id, assistant_id=ASSISTANT_ID, stream=True
    )
    next(iter(events))
    client.beta.threads.delete(thread_id)
    assert [event.event for event in events][-1] != "thread.run.completed"
    assert thread_id in service.deleted_threads


def test_a_service_without_streams_answers_json(client: OpenAI) -> None:
    with running_service(**FAST, streams=False) as service:
        plain = client.with_options(base_url=service.base_url)
        response = plain.beta.threads.runs.with_raw_response.create(
            thread_id=thread_with(plain, "hello"), assistant_id=ASSISTANT_ID, stream=True
        )
        assert response.headers["content-type"] == "application/json"


def test_a_reader_who_leaves_is_seen_and_the_run_goes_on(client: OpenAI) -> None:
    with running_service(clock_s=0.02, piece_s=0.02) as service:
        slow = client.with_options(base_url=service.base_url)
        thread_id = thread_with(slow, "long 100")
        events = slow.beta.threads.runs.create(
            thread_id=thread_id, assistant_id=ASSISTANT_ID, stream=True
        )
        for event in events:
            if event.event == "thread.message.delta":
                break
        events.close()
        (record,) = [r for r in service.log if r.method == "POST" and r.path.endswith("/runs")]
        until(lambda: record.duration_s)
        run_id = slow.beta.threads.runs.list(thread_id).data[0].id
        run = slow.beta.threads.runs.poll(run_id, thread_id=thread_id)
        assert run.status == "completed"
        assert not record.finished
        assert record.duration_s < 1  # the run takes two seconds
