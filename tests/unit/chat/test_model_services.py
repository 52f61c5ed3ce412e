"""What Chat Completions and Responses have in common, and talks with a real model."""

from __future__ import annotations

import json
from typing import Any

import pytest
from playpage_site.demo import Service, running_service
from playpage_site.demo.model import running_model
from support.chatting import FAST, HELLO, Talk, get_weather, quiet, requests, steps

pytestmark = quiet


@pytest.fixture(params=["completions", "responses"])
def api(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


def test_words_are_shown_as_they_come(talk: Talk, service: Service) -> None:
    answer = talk.send("long 40")
    assert answer.text == " ".join(f"word{n}" for n in range(1, 41))
    assert answer.problem == ""
    assert len(set(talk.shown)) > 20
    assert service.log[0].body["stream"] is True


@pytest.mark.parametrize(
    ("streams", "asked"), [(False, [True, None]), ("refused", [True, None, None])]
)
def test_that_a_service_does_not_stream_is_found_out_once(
    streams: Any, asked: list[Any], api: str
) -> None:
    with running_service(**FAST, streams=streams) as service:
        talk = Talk(service.base_url, api)
        for _ in range(2):
            answer = talk.send("hello")
            assert (answer.text, answer.problem) == (HELLO, "")
        assert [one.body.get("stream") for one in service.log] == asked


def test_stop_keeps_the_half(api: str) -> None:
    with running_service(**{**FAST, "piece_s": 0.02}) as service:
        talk = Talk(service.base_url, api)
        answer = talk.send_and_stop("long 500", lambda answer: "word3" in answer.text)
        assert answer.problem == "Stopped."
        assert answer.text.startswith("word1 word2 word3")
        assert not service.log[0].finished, "the request is at an end"
        assert "turn 2" in talk.send("go on").text


def test_a_cut_stream_keeps_the_half_and_says_so(talk: Talk, service: Service) -> None:
    answer = talk.send("cut me off, please")
    assert answer.text == "You said: “cut"
    assert "connection broke before the answer was complete" in answer.problem
    assert len(service.log) == 1, "it is the reader who sends again"
    assert "“cut me off, please”" in talk.send("and now?").text


def test_what_is_taken_back_is_not_sent_again(talk: Talk, service: Service, api: str) -> None:
    for words in ("one", "two"):
        talk.send(words)
    talk.conversation.rewind(1)
    answer = talk.send("three")
    assert "turn 2" in answer.text
    assert "two" not in answer.text
    assert len(requests(service, "DELETE", "")) == (api == "responses")


@pytest.mark.model
@pytest.mark.parametrize("api", ["assistants", "completions"])
def test_three_turns_with_a_real_model(api: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The service decides that the tool is called; every word of the answers is the model's."""
    # The model is too small for its answers not to hang on every word that it reads.
    module = {"completions": "model"}.get(api, api)
    monkeypatch.setattr(f"playpage.chat.services.{module}.time_line", lambda: "It is Monday.")
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
