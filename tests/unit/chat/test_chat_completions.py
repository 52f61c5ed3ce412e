"""The chat's engine over Chat Completions, and a conversation with a real model."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playpage.chat.messages import Step, Text
from playpage_site.demo import Service, running_service
from playpage_site.demo.model import running_model
from servers.spoil import Events, Spoiler
from support.chatting import FAST, HELLO, Talk, emptied, quiet, steps

pytestmark = quiet


@pytest.fixture(scope="module")
def shared() -> Iterator[Service]:
    with running_service(**FAST) as service:
        yield service


@pytest.fixture
def service(shared: Service) -> Service:
    return emptied(shared)


@pytest.fixture
def talk(service: Service) -> Talk:
    return Talk(service.base_url, "completions")


def get_weather(location: str) -> dict[str, Any]:
    """The weather in a place now."""
    return {"location": location, "temperature_c": 21, "conditions": "sunny"}


def test_words_are_shown_as_they_come(talk: Talk, service: Service) -> None:
    answer = talk.send("long 40")
    assert answer.text == " ".join(f"word{n}" for n in range(1, 41))
    assert answer.problem == ""
    assert len(set(talk.shown)) > 20
    assert service.log[0].body["stream"] is True


@pytest.mark.parametrize(
    ("streams", "asked"), [(False, [True, None]), ("refused", [True, None, None])]
)
def test_that_a_service_does_not_stream_is_found_out_once(streams: Any, asked: list[Any]) -> None:
    with running_service(**FAST, streams=streams) as service:
        talk = Talk(service.base_url, "completions")
        for _ in range(2):
            answer = talk.send("hello")
            assert (answer.text, answer.problem) == (HELLO, "")
        assert [one.body.get("stream") for one in service.log] == asked


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
    assert talk.memory == ""


def test_what_is_taken_back_is_not_told_again(talk: Talk) -> None:
    for words in ("one", "two"):
        talk.send(words)
    talk.conversation.rewind(1)
    answer = talk.send("three")
    assert "turn 2" in answer.text
    assert "two" not in answer.text


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
        told = [one["role"] for one in service.log[-1].body["messages"]]
        assert told == ["system", "user", "assistant", "tool", "tool", "assistant", "tool"]
        # The next question tells of the words, not of how they came about.
        talk.send("hello")
        told = [one["role"] for one in service.log[-1].body["messages"]]
        assert told == ["system", "user", "assistant", "user"]


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


def test_a_cut_stream_keeps_the_half_and_says_so(talk: Talk, service: Service) -> None:
    answer = talk.send("cut me off, please")
    assert answer.text == "You said: “cut"
    assert "connection broke before the answer was complete" in answer.problem
    assert len(service.log) == 1, "it is the reader who sends again"
    assert "“cut me off, please”" in talk.send("and now?").text


def test_stop_keeps_the_half() -> None:
    with running_service(**{**FAST, "piece_s": 0.02}) as service:
        talk = Talk(service.base_url, "completions")
        answer = talk.send_and_stop("long 500", lambda answer: "word3" in answer.text)
        assert answer.problem == "Stopped."
        assert answer.text.startswith("word1 word2 word3")
        assert not service.log[0].finished, "the request is at an end"
        assert "turn 2" in talk.send("go on").text


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


# Files


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


# A real model


@pytest.mark.model
@pytest.mark.parametrize("api", ["assistants", "completions"])
def test_three_turns_with_a_real_model(api: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The service decides that the tool is called; every word of the answers is the model's."""
    # The model is too small for its answers not to hang on every word that it reads.
    monkeypatch.setattr(f"playpage.chat.{api}.time_line", lambda: "It is Monday.")
    with (
        running_model() as model,
        running_service(**FAST, model_url=model.base_url) as service,
    ):
        talk = Talk(service.base_url, api, [get_weather])
        sky = talk.send("What colour is the sky on a clear day?")
        weather = talk.send("Tell me about the weather in Paris?")
        last = talk.send("Which city did I ask about?")
    assert [one.problem for one in (sky, weather, last)] == ["", "", ""]
    assert "blue" in sky.text
    (step,) = steps(weather)
    assert json.loads(step.arguments) == {"location": "Paris"}
    assert "sunny" in (step.output or "")
    assert "21" in weather.text or "sunny" in weather.text, "the answer is made from the tool's"
    assert weather.text != "In Paris it is 21 °C and sunny.", "these are not the script's words"
    assert "Paris" in last.text
