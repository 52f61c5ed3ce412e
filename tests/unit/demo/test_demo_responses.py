"""The Responses API of the assistants service through the real openai SDK over HTTP."""

from __future__ import annotations

import json
import time
from typing import Any

import httpx
import openai
import pytest
from openai import OpenAI
from openai.types.responses import ResponseStreamEvent
from playpage_site.demo import DEMO_KEY, Service
from playpage_site.demo.objects import WEATHER_TOOL
from pydantic import TypeAdapter
from servers.schema import Contract, read_events
from servers.sdk import FAST

TOOLS: list[Any] = [{"type": "function", **WEATHER_TOOL["function"]}]
KEY = {"authorization": f"Bearer {DEMO_KEY}"}


def ask(client: OpenAI, words: Any, **options: Any) -> Any:
    return client.responses.create(model="demo", input=words, **options)


def outputs(response: Any) -> list[dict[str, Any]]:
    answers = []
    for item in response.output:
        place = json.loads(item.arguments)["location"]
        weather = {"location": place, "temperature_c": 20, "conditions": "sunny"}
        answers.append(
            {
                "type": "function_call_output",
                "call_id": item.call_id,
                "output": json.dumps(weather),
            }
        )
    return answers


def test_a_conversation_by_previous_response(client: OpenAI) -> None:
    first = ask(client, "apples", instructions="Be brief.")
    assert first.status == "completed"
    second = ask(client, "pears", previous_response_id=first.id)
    assert "turn 2" in second.output_text
    assert "“apples”" in second.output_text
    third = ask(client, "instructions", previous_response_id=second.id, instructions="Be kind.")
    assert third.output_text == "My instructions are: Be kind."
    assert client.responses.retrieve(first.id).output_text == first.output_text
    client.responses.delete(first.id)
    for gone in (first.id, "resp_gone", ask(client, "plums", store=False).id):
        with pytest.raises(openai.NotFoundError) as caught:
            ask(client, "more", previous_response_id=gone)
        assert caught.value.code == "previous_response_not_found"
    with pytest.raises(openai.BadRequestError):
        client.responses.cancel(second.id)


def test_two_rounds_of_tool_calls(client: OpenAI) -> None:
    words = "weather in Paris and Rome then Oslo"
    response = ask(client, words, tools=TOOLS)
    items: list[Any] = [{"role": "user", "content": words}]
    for places in (["Paris", "Rome"], ["Oslo"]):
        arguments = [json.loads(item.arguments) for item in response.output]
        assert arguments == [{"location": place} for place in places]
        items += [*response.output, *outputs(response)]
        previous, answers = response.id, outputs(response)
        response = ask(client, answers, previous_response_id=previous, tools=TOOLS)
        # The same without the service's memory.
        again = ask(client, items, tools=TOOLS, store=False)
        assert [item.type for item in again.output] == [item.type for item in response.output]
    for place in ("Paris", "Rome", "Oslo"):
        assert f"In {place} it is 20 °C and sunny." in response.output_text
    assert again.output_text == response.output_text


def test_calls_and_outputs_must_match(client: OpenAI) -> None:
    response = ask(client, "weather in Paris and Rome", tools=TOOLS)
    with pytest.raises(openai.BadRequestError, match="No tool output found"):
        ask(client, outputs(response)[:1], previous_response_id=response.id)
    with pytest.raises(openai.BadRequestError, match="No tool output found"):
        ask(client, "never mind", previous_response_id=response.id)
    with pytest.raises(openai.BadRequestError, match="No tool call found"):
        ask(client, outputs(response))
    with pytest.raises(openai.BadRequestError, match=r"tools\[0\].name"):
        ask(client, "hello", tools=[WEATHER_TOOL])


def test_parts_are_described(client: OpenAI) -> None:
    uploaded = client.files.create(file=("plan.pdf", b"%PDF", "application/pdf"), purpose="vision")
    parts = [
        {"type": "input_text", "text": "look"},
        {"type": "input_image", "image_url": "data:image/png;base64,AAAAAAA="},
        {"type": "input_file", "filename": "a.txt", "file_data": "data:,x"},
        {"type": "input_file", "file_id": uploaded.id},
    ]
    text = ask(client, [{"role": "user", "content": parts}]).output_text
    assert "1 picture: image/png (5 bytes)." in text
    assert "2 files: a.txt; plan.pdf." in text
    assert "“look”" in text
    with pytest.raises(openai.BadRequestError, match="sound"):
        ask(client, [{"role": "user", "content": [{"type": "sound"}]}])
    with pytest.raises(openai.BadRequestError, match="sound"):
        ask(client, [{"type": "sound"}])


MESSAGE = [
    "response.output_item.added",
    "response.content_part.added",
    "response.output_text.delta",
    "response.output_text.done",
    "response.content_part.done",
    "response.output_item.done",
]
CALL = [
    "response.output_item.added",
    "response.function_call_arguments.delta",
    "response.function_call_arguments.done",
    "response.output_item.done",
]


@pytest.mark.parametrize(
    ("words", "middle", "end"),
    [
        ("hello", MESSAGE, "completed"),
        ("incomplete please", MESSAGE, "incomplete"),
        ("weather in Paris and Rome", CALL * 2, "completed"),
        ("fail", [], "failed"),
        ("overload", [], "failed"),
    ],
)
def test_the_events_of_a_stream(
    service: Service, contract: Contract, words: str, middle: list[str], end: str
) -> None:
    body = {"model": "demo", "input": words, "tools": TOOLS}
    url = service.base_url + "/responses"
    streamed = httpx.post(url, json={**body, "stream": True}, headers=KEY)
    events = [(name, json.loads(data)) for name, data in read_events(streamed.text)]
    names = [name for name, _ in events]
    once = [name for place, name in enumerate(names) if names[place - 1 : place] != [name]]
    assert once == ["response.created", "response.in_progress", *middle, f"response.{end}"]
    assert [event["sequence_number"] for _, event in events] == list(range(len(events)))
    for name, event in events:
        assert event["type"] == name
        parsed: Any = TypeAdapter(ResponseStreamEvent).validate_python(event)
        assert parsed.type == name
        schema = {"$ref": f"#/components/schemas/{type(parsed).__name__}"}
        assert list(contract.value_problems(event, schema, name)) == []
    plain = httpx.post(url, json=body, headers=KEY).json()
    response = {"$ref": "#/components/schemas/Response"}
    for whole in (plain, events[-1][1]["response"]):
        assert list(contract.value_problems(whole, response, "response")) == []
        assert whole["status"] == end
        assert bool(whole["error"]) == (end == "failed")
        assert bool(whole["incomplete_details"]) == (end == "incomplete")
    assert events[0][1]["response"]["status"] == "in_progress"
    assert events[0][1]["response"]["output"] == []


@pytest.mark.parametrize("words", ["hello", "weather in Paris and Rome"])
def test_the_sdk_follows_a_stream(client: OpenAI, words: str) -> None:
    with client.responses.stream(model="demo", input=words, tools=TOOLS) as stream:
        events = list(stream)
        final: Any = stream.get_final_response()
    kept: Any = client.responses.retrieve(final.id)
    assert final.output_text == kept.output_text
    deltas = [event.delta for event in events if event.type == "response.output_text.delta"]
    assert "".join(deltas) == kept.output_text
    for followed, item in zip(final.output, kept.output, strict=True):
        assert (followed.id, followed.type) == (item.id, item.type)
        assert getattr(followed, "arguments", "") == getattr(item, "arguments", "")
    assert len(kept.output) == (1 if words == "hello" else 2)


def test_busy_and_slow(client: OpenAI) -> None:
    with pytest.raises(openai.RateLimitError):
        ask(client, "busy")
    assert ask(client, "busy").status == "completed"
    for word in ("slow", "stall"):
        started = time.monotonic()
        stream = ask(client, word, stream=True)
        begun = time.monotonic()
        list(stream)
        ended = time.monotonic()
        # Whichever part is the long one; the rest may take a while on a busy machine.
        assert (begun - started if word == "stall" else ended - begun) > FAST["slow_s"] / 2
        assert ended - started >= FAST["slow_s"]
