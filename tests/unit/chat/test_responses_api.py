"""The Responses API: what is sent, and how a response is read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playpage_site.demo import Service, running_service
from servers.spoil import Events, Spoiler
from support.chatting import FAST, HELLO, Talk, get_weather, quiet, steps

pytestmark = quiet


@pytest.fixture
def api() -> str:
    return "responses"


def test_a_conversation_goes_on_from_the_last_response(talk: Talk, service: Service) -> None:
    talk.options["instructions"] = "Speak of tea only."
    talk.send("my name is Ada")
    first = talk.remote_id
    assert "“my name is Ada”" in talk.send("who am I?").text
    sent = service.log[-1].body
    assert sent["previous_response_id"] == first
    assert len(sent["input"]) == 1, "what the service knows is not sent again"
    assert sent["instructions"].startswith("Speak of tea only.\n\nThe current time is: 20")


def test_a_lost_response_is_made_up_for(talk: Talk, service: Service) -> None:
    talk.send("my name is Ada")
    service.store.responses.clear()
    answer = talk.send("who am I?")
    assert answer.problem == ""
    assert "“my name is Ada”" in answer.text
    assert [one["role"] for one in service.log[-1].body["input"]] == ["user", "assistant", "user"]


def test_a_response_lost_between_tools_is_made_up_for(service: Service) -> None:
    def get_weather(location: str) -> dict[str, Any]:
        service.store.responses.clear()
        return {"location": location, "temperature_c": 21, "conditions": "sunny"}

    talk = Talk(service.base_url, "responses", [get_weather])
    talk.send("hello")
    answer = talk.send("weather in Paris and Rome then Oslo")
    assert answer.problem == ""
    assert len(steps(answer)) == 3
    assert "In Oslo it is 21" in answer.text


@pytest.mark.parametrize("streams", [True, False])
def test_tools_run_side_by_side_and_in_rounds(streams: bool) -> None:
    with running_service(**FAST, streams=streams) as service:
        talk = Talk(service.base_url, "responses", [get_weather])
        answer = talk.send("weather in Paris and Rome then Oslo")
        assert answer.problem == ""
        assert len(steps(answer)) == 3
        for place in ("Paris", "Rome", "Oslo"):
            assert f"In {place} it is 21 °C" in answer.text
        assert [len(one.body["input"]) for one in service.log] == [1, 2, 1]


@pytest.mark.parametrize(
    ("words", "problem", "text"),
    [
        ("fail", "could not answer (Sorry, something went wrong.)", ""),
        ("overload", "no capacity left (You exceeded your current quota.)", ""),
        ("incomplete", "cut at the length the service allows", "You"),
    ],
)
@pytest.mark.parametrize("streams", [True, False])
def test_every_end_is_a_sentence(streams: bool, words: str, problem: str, text: str) -> None:
    with running_service(**FAST, streams=streams) as service:
        talk = Talk(service.base_url, "responses")
        answer = talk.send(words)
        assert problem in answer.problem
        assert answer.text == text
        assert talk.send("hello").text == HELLO


@pytest.mark.parametrize(
    ("reason", "problem"),
    [("content_filter", "held back the rest"), ("a full moon", "not complete (a full moon)")],
)
def test_every_reason_for_an_incomplete_response(reason: str, problem: str) -> None:
    def spoil(value: Any) -> Any:
        value["incomplete_details"] = {"reason": reason}
        return value

    with running_service(**FAST, streams=False, wrap=Spoiler.of_json(spoil)) as service:
        assert problem in Talk(service.base_url, "responses").send("incomplete").problem


def test_an_error_in_the_stream_is_a_sentence() -> None:
    def spoil(events: Events) -> Events:
        data = '{"type": "error", "code": "x", "message": "The roof leaks.", "param": null}'
        return [*events[:2], ("error", data)]

    with running_service(**FAST, wrap=Spoiler.of_events(spoil)) as service:
        assert "The roof leaks." in Talk(service.base_url, "responses").send("hello").problem


def test_a_stream_that_ends_early_keeps_the_half_and_says_so() -> None:
    def shorten(events: Events) -> Events:
        names = [name for name, _ in events]
        return events[: names.index("response.output_text.delta") + 2]

    with running_service(**FAST, wrap=Spoiler.of_events(shorten)) as service:
        answer = Talk(service.base_url, "responses").send("good morning")
    assert answer.text == "You said:"
    assert "connection broke before the answer was complete" in answer.problem


def test_files_go_along_with_the_question(talk: Talk, service: Service, tmp_path: Path) -> None:
    picture, notes, data = (tmp_path / name for name in ("dot.png", "notes.txt", "data.bin"))
    picture.write_bytes(b"\x89PNG not a real one")
    notes.write_text("tea")
    data.write_bytes(b"\xff\xfe\0\x01")
    answer = talk.send("look at https://example.org/cat.jpg too", picture, notes, data)
    assert answer.problem == ""
    parts = service.log[0].body["input"][0]["content"]
    assert [part["type"] for part in parts] == [
        "input_text",
        "input_image",
        "input_text",
        "input_file",
        "input_image",
    ]
    assert parts[1]["image_url"].startswith("data:image/png;base64,")
    assert parts[2]["text"] == "notes.txt:\n```\ntea\n```"
    assert parts[3]["file_data"].startswith("data:application/octet-stream;base64,")
    assert parts[4]["image_url"] == "https://example.org/cat.jpg"
    assert "2 pictures" in answer.text
    assert "1 file: data.bin" in answer.text
