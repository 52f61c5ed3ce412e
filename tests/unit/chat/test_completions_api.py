"""Chat Completions: what is sent, and how a reply is read."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from playpage.chat.messages import Step, Text
from playpage_site.demo import Service, running_service
from servers.spoil import Events, Spoiler
from support.chatting import FAST, HELLO, Talk, get_weather, quiet, steps

pytestmark = quiet


@pytest.fixture
def api() -> str:
    return "completions"


def test_each_request_tells_the_whole_conversation(talk: Talk, service: Service) -> None:
    talk.options["instructions"] = "Speak of tea only."
    first = talk.send("my name is Ada").text
    assert "“my name is Ada”" in talk.send("who am I?").text
    system, *rest = service.log[-1].body["messages"]
    assert rest == [
        {"role": "user", "content": "my name is Ada"},
        {"role": "assistant", "content": first},
        {"role": "user", "content": "who am I?"},
    ]
    assert system["role"] == "system"
    assert system["content"].startswith("Speak of tea only.\n\nThe current time is: 20")
    assert talk.remote_id == ""


@pytest.mark.parametrize("streams", [True, False])
def test_tools_run_side_by_side_and_in_rounds(streams: bool) -> None:
    with running_service(**FAST, streams=streams) as service:
        talk = Talk(service.base_url, "completions", [get_weather])
        answer = talk.send("weather in Paris and Rome then Oslo")
        assert answer.problem == ""
        assert [json.loads(step.arguments)["location"] for step in steps(answer)] == [
            "Paris",
            "Rome",
            "Oslo",
        ]
        for place in ("Paris", "Rome", "Oslo"):
            assert f"In {place} it is 21 °C" in answer.text
        roles = [one["role"] for one in service.log[-1].body["messages"]]
        assert roles == ["system", "user", "assistant", "tool", "tool", "assistant", "tool"]
        # The next request holds the words only, not the tool calls.
        talk.send("hello")
        roles = [one["role"] for one in service.log[-1].body["messages"]]
        assert roles == ["system", "user", "assistant", "user"]


@pytest.mark.parametrize("bare", [False, True])
@pytest.mark.parametrize(
    ("words", "problem"),
    [
        ("fail", "Sorry, something went wrong."),
        ("overload", "You exceeded your current quota."),
    ],
)
def test_an_error_in_the_stream_is_a_sentence(words: str, problem: str, bare: bool) -> None:
    with running_service(**FAST, bare_errors=bare) as service:
        talk = Talk(service.base_url, "completions")
        assert problem in talk.send(words).problem
        assert talk.send("hello").text == HELLO


def test_the_end_by_length_is_said(talk: Talk) -> None:
    answer = talk.send("incomplete")
    assert "cut at the length" in answer.problem
    assert answer.text == "You"


def test_the_end_by_a_filter_is_said() -> None:
    def filtered(value: Any) -> Any:
        value["choices"][0]["finish_reason"] = "content_filter"
        return value

    with running_service(**FAST, streams=False, wrap=Spoiler.of_json(filtered)) as service:
        answer = Talk(service.base_url, "completions").send("hello")
    assert "held back the rest" in answer.problem
    assert answer.text == HELLO


def test_a_refusal_is_shown() -> None:
    def refuse(value: Any) -> Any:
        value["choices"][0]["message"].update(content=None, refusal="I will not.")
        return value

    with running_service(**FAST, streams=False, wrap=Spoiler.of_json(refuse)) as service:
        assert Talk(service.base_url, "completions").send("hello").text == "I will not."


@pytest.mark.parametrize("words", ["say", "nothing"])
def test_an_empty_answer_is_said(words: str) -> None:
    def empty(events: Events) -> Events:
        return events[-1:] if words == "nothing" else events

    with running_service(**FAST, wrap=Spoiler.of_events(empty)) as service:
        answer = Talk(service.base_url, "completions").send(words)
    assert "sent nothing" in answer.problem


def test_words_before_and_after_a_tool_stand_apart() -> None:
    def talkative(value: Any) -> Any:
        message = value["choices"][0]["message"]
        if message.get("tool_calls"):
            message["content"] = "Let me look."
        return value

    with running_service(**FAST, streams=False, wrap=Spoiler.of_json(talkative)) as service:
        answer = Talk(service.base_url, "completions", [get_weather]).send("weather in Paris")
    assert [type(part) for part in answer.parts] == [Text, Step, Text]
    assert answer.text == "Let me look.\n\nIn Paris it is 21 °C and sunny."


def test_tool_calls_without_end_are_ended() -> None:
    def again(value: Any) -> Any:
        function = {"name": "get_weather", "arguments": '{"location": "x"}'}
        call = {"id": "call_1", "type": "function", "function": function}
        value["choices"][0]["message"]["tool_calls"] = [call]
        return value

    with running_service(**FAST, streams=False, wrap=Spoiler.of_json(again)) as service:
        answer = Talk(service.base_url, "completions", [get_weather]).send("hello")
    assert "called tools again and again" in answer.problem


def test_files_go_along_with_the_question(talk: Talk, service: Service, tmp_path: Path) -> None:
    picture, notes, data = (tmp_path / name for name in ("dot.png", "notes.py", "data.bin"))
    picture.write_bytes(b"\x89PNG not a real one")
    notes.write_text('tea = "```"')
    data.write_bytes(b"\xff\xfe\0\x01")
    answer = talk.send("look at https://example.org/cat.jpg too", picture, notes, data)
    assert answer.problem == ""
    words, inlined, sent_picture, sent_data, by_url = service.log[0].body["messages"][-1]["content"]
    assert words == {"type": "text", "text": "look at https://example.org/cat.jpg too"}
    assert inlined["text"] == 'notes.py:\n````\ntea = "```"\n````'
    head, _, body = sent_picture["image_url"]["url"].partition(",")
    assert head == "data:image/png;base64"
    assert base64.b64decode(body) == picture.read_bytes()
    assert sent_data["file"]["filename"] == "data.bin"
    assert sent_data["file"]["file_data"].startswith("data:application/octet-stream;base64,")
    assert by_url["image_url"]["url"] == "https://example.org/cat.jpg"
    assert "2 pictures" in answer.text
    assert "1 file: data.bin" in answer.text


def test_words_and_text_files_alone_are_plain_words(
    talk: Talk, service: Service, tmp_path: Path
) -> None:
    """Models that know nothing but words get nothing but words."""
    notes = tmp_path / "notes.txt"
    notes.write_text("tea")
    talk.send("look", notes)
    content = service.log[0].body["messages"][-1]["content"]
    assert content == "look\n\nnotes.txt:\n```\ntea\n```"


def test_a_file_that_is_gone_is_said(talk: Talk, tmp_path: Path) -> None:
    answer = talk.send("look", tmp_path / "gone.txt")
    assert "This did not work (FileNotFoundError)" in answer.problem
