"""Runs through the real openai SDK over HTTP: polled, cancelled, refused."""

from __future__ import annotations

import asyncio
import time

import openai
import pytest
from openai import AsyncOpenAI, OpenAI
from playpage_site.demo import ASSISTANT_ID, DEMO_KEY, DVC_ASSISTANT_ID, Service, running_service
from servers.sdk import FAST, newest_text, thread_with, tool_outputs
from support.waiting import until

pytestmark = [
    pytest.mark.filterwarnings("ignore:The Assistants API is deprecated:DeprecationWarning"),
]


def test_a_run_goes_through_its_statuses_in_real_time(client: OpenAI) -> None:
    with running_service(clock_s=0.5, piece_s=0.0) as service:
        slow = client.with_options(base_url=service.base_url)
        thread_id = thread_with(slow, "hello")
        run = slow.beta.threads.runs.create(thread_id=thread_id, assistant_id=ASSISTANT_ID)
        statuses = [run.status]
        started = time.monotonic()
        while run.status != "completed":
            run = slow.beta.threads.runs.retrieve(run.id, thread_id=thread_id)
            if run.status != statuses[-1]:
                statuses.append(run.status)
            time.sleep(0.02)
        assert statuses == ["queued", "in_progress", "completed"]
        # Half a second queued and half a second at work, less what creating the run took.
        assert time.monotonic() - started > 0.5


def test_the_answer_knows_the_earlier_turns(client: OpenAI) -> None:
    threads = client.beta.threads
    thread_id = thread_with(client, "my cat is called Mog")
    threads.runs.create_and_poll(thread_id=thread_id, assistant_id=DVC_ASSISTANT_ID)
    threads.messages.create(thread_id, role="user", content="what is it called?")
    threads.runs.create_and_poll(thread_id=thread_id, assistant_id=DVC_ASSISTANT_ID)
    answer = newest_text(client, thread_id)
    assert "what is it called?" in answer
    assert "my cat is called Mog" in answer
    assert "turn 2" in answer


def test_parallel_tool_calls(client: OpenAI, service: Service) -> None:
    runs = client.beta.threads.runs
    thread_id = thread_with(client, "weather in Paris, Rome and Oslo")
    run = runs.create_and_poll(thread_id=thread_id, assistant_id=ASSISTANT_ID)
    assert run.status == "requires_action"
    outputs = tool_outputs(service, thread_id, run)
    assert len(outputs) == 3
    with pytest.raises(openai.BadRequestError, match="Expected tool outputs for call_ids"):
        runs.submit_tool_outputs(run.id, thread_id=thread_id, tool_outputs=outputs[:2])
    run = runs.submit_tool_outputs_and_poll(
        run_id=run.id, thread_id=thread_id, tool_outputs=outputs
    )
    assert run.status == "completed"
    answer = newest_text(client, thread_id)
    assert all(f"In {place} it is" in answer for place in ("Paris", "Rome", "Oslo"))
    steps = runs.steps.list(run.id, thread_id=thread_id, order="asc").data
    assert [step.type for step in steps] == ["tool_calls", "message_creation"]
    with pytest.raises(openai.BadRequestError, match='Runs in status "completed"'):
        runs.submit_tool_outputs(run.id, thread_id=thread_id, tool_outputs=outputs)


@pytest.mark.asyncio
async def test_the_async_client_polls_and_streams(service: Service) -> None:
    async with AsyncOpenAI(base_url=service.base_url, api_key=DEMO_KEY) as client:
        threads = client.beta.threads

        async def poll() -> str:
            thread = await threads.create(messages=[{"role": "user", "content": "one"}])
            run = await threads.runs.create_and_poll(thread_id=thread.id, assistant_id=ASSISTANT_ID)
            return run.status

        async def stream() -> str:
            thread = await threads.create(messages=[{"role": "user", "content": "two"}])
            async with threads.runs.stream(
                thread_id=thread.id, assistant_id=ASSISTANT_ID
            ) as events:
                return "".join([text async for text in events.text_deltas])

        statuses = await asyncio.gather(poll(), stream(), poll(), stream())
    assert statuses[0] == statuses[2] == "completed"
    assert "two" in statuses[1]


def test_a_run_is_cancelled(client: OpenAI) -> None:
    runs = client.beta.threads.runs
    thread_id = thread_with(client, "slow")
    run = runs.create(thread_id=thread_id, assistant_id=ASSISTANT_ID)
    assert runs.cancel(run.id, thread_id=thread_id).status == "cancelling"
    run = runs.poll(run.id, thread_id=thread_id)
    assert run.status == "cancelled"
    assert run.cancelled_at
    with pytest.raises(openai.BadRequestError, match="Cannot cancel run with status 'cancelled'"):
        runs.cancel(run.id, thread_id=thread_id)
    client.beta.threads.messages.create(thread_id, role="user", content="the thread is free again")


def test_a_run_expires_while_it_waits_for_a_tool(client: OpenAI) -> None:
    with running_service(clock_s=0.02, expires_s=2) as service:
        impatient = client.with_options(base_url=service.base_url)
        runs = impatient.beta.threads.runs
        thread_id = thread_with(impatient, "weather in Paris")
        run = runs.create_and_poll(thread_id=thread_id, assistant_id=ASSISTANT_ID)
        assert run.status == "requires_action"
        until(lambda: runs.retrieve(run.id, thread_id=thread_id).status == "expired")


def test_a_thread_has_one_run_at_a_time(client: OpenAI) -> None:
    threads = client.beta.threads
    thread_id = thread_with(client, "slow")
    threads.runs.create(thread_id=thread_id, assistant_id=ASSISTANT_ID)
    with pytest.raises(openai.BadRequestError, match="already has an active run"):
        threads.runs.create(thread_id=thread_id, assistant_id=ASSISTANT_ID)
    with pytest.raises(openai.BadRequestError, match=r"while a run run_.* is active"):
        threads.messages.create(thread_id, role="user", content="more")


def test_429_once_is_retried_after_the_time_it_names(service: Service) -> None:
    with OpenAI(base_url=service.base_url, api_key=DEMO_KEY) as client:
        thread_id = thread_with(client, "busy day?")
        started = time.monotonic()
        run = client.beta.threads.runs.create_and_poll(
            thread_id=thread_id, assistant_id=ASSISTANT_ID
        )
        assert run.status == "completed"
        assert time.monotonic() - started >= 1
    statuses = [r.status for r in service.log if r.path.endswith(f"{thread_id}/runs")]
    assert statuses == [429, 200]


def test_refusals_by_words(client: OpenAI) -> None:
    runs = client.beta.threads.runs
    for words, status in (("quota", 429), ("http 503", 503), ("msg 403", 403)):
        with pytest.raises(openai.APIStatusError) as caught:
            runs.create(thread_id=thread_with(client, words), assistant_id=ASSISTANT_ID)
        assert caught.value.status_code == status
        if words.startswith("msg"):
            assert caught.value.body == {"msg": "Refused with 403."}


def test_stall_holds_back_the_headers(client: OpenAI) -> None:
    thread_id = thread_with(client, "stall")
    started = time.monotonic()
    client.beta.threads.runs.create(thread_id=thread_id, assistant_id=ASSISTANT_ID)
    assert time.monotonic() - started >= FAST["slow_s"]
