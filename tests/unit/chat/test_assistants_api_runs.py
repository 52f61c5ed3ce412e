"""The Assistants API: how runs are followed, and how they end."""

from __future__ import annotations

import asyncio
import itertools
import re
from datetime import datetime
from typing import Any

import pytest
from playpage.chat.messages import Text
from playpage.chat.services.base import MAX_ROUNDS
from playpage_site.demo import ASSISTANT_ID, Service, running_service
from playpage_site.demo.script import PLANS, Plan, ToolCall
from servers.spoil import Events, Spoiler
from support.chatting import FAST, HELLO, Talk, quiet, requests, steps

pytestmark = quiet


def test_words_are_shown_as_they_come(talk: Talk, service: Service) -> None:
    answer = talk.send("long 40")
    assert answer.text == " ".join(f"word{n}" for n in range(1, 41))
    assert answer.problem == ""
    growing = list(dict.fromkeys(talk.shown))
    assert len(growing) > 20
    assert all(later.startswith(earlier) for earlier, later in itertools.pairwise(growing))
    (run,) = requests(service, "POST", "/runs")
    assert run.body["stream"] is True
    assert not requests(service, "GET", "/messages"), "all of it was in the stream"


@pytest.mark.parametrize(
    ("streams", "asked"), [(False, [True, None]), ("refused", [True, None, None])]
)
def test_that_a_service_does_not_stream_is_found_out_once(streams: Any, asked: list[Any]) -> None:
    with running_service(**FAST, streams=streams) as service:
        talk = Talk(service.base_url)
        for _ in range(2):
            answer = talk.send("hello")
            assert (answer.text, answer.problem) == (HELLO, "")
        runs = requests(service, "POST", "/runs")
        assert [run.body.get("stream") for run in runs] == asked
        assert talk.streams.known is False
        assert len(requests(service, "POST", "/messages")) == 1, "each message is sent once"


def test_tools_run_side_by_side_and_in_rounds(any_service: Service) -> None:
    talk = Talk(any_service.base_url)
    answer = talk.send("weather in Paris and Rome then Oslo")
    assert answer.problem == ""
    for place in ("Paris", "Rome", "Oslo"):
        assert f"In {place} it is" in answer.text
    assert [step.name for step in steps(answer)] == ["get_weather"] * 3
    assert [step.failed for step in steps(answer)] == [False] * 3
    assert all(step.output and step.seconds is not None for step in steps(answer))
    submits = requests(any_service, "POST", "/submit_tool_outputs")
    assert [len(one.body["tool_outputs"]) for one in submits] == [2, 1]
    calls = requests(any_service, "POST", "/pluginapi")
    query = f"tid={talk.remote_id}&aid={ASSISTANT_ID}&pid=get_weather"
    assert {one.query for one in calls} == {query}
    assert isinstance(answer.parts[-1], Text), "the words come below the steps"


def test_tools_of_one_round_run_at_once(service: Service) -> None:
    """Each waits for the other, which nobody who comes alone gets past."""
    both: list[asyncio.Event] = []

    async def get_weather(location: str) -> str:
        here = asyncio.Event()
        both.append(here)
        if len(both) == 2:
            for one in both:
                one.set()
        await asyncio.wait_for(here.wait(), 5)
        return f"fine in {location}"

    answer = Talk(service.base_url, functions=[get_weather]).send("weather in Paris and Rome")
    assert [step.output for step in steps(answer)] == ["fine in Paris", "fine in Rome"]


@pytest.mark.parametrize(
    ("words", "problem", "text"),
    [
        ("fail", "could not answer (Sorry, something went wrong.)", ""),
        ("overload", "no capacity left (You exceeded your current quota.)", ""),
        ("expire", "took too long, and the service gave up", ""),
        ("withdraw", "The service stopped this answer", ""),
        ("incomplete answers are kept", "cut at the length the service allows", "You"),
    ],
)
def test_every_end_of_a_run_is_a_sentence(
    any_service: Service, words: str, problem: str, text: str
) -> None:
    talk = Talk(any_service.base_url)
    answer = talk.send(words)
    assert problem in answer.problem
    assert answer.text.startswith(text)
    assert bool(answer.text) == bool(text)
    assert talk.send("hello").text == HELLO, "the conversation goes on"


@pytest.mark.parametrize(
    ("reason", "problem"),
    [
        ("content_filter", "The service held back the rest"),
        ("max_prompt_tokens", "cut at the length"),
        ("a full moon", "not complete (a full moon)"),
        (None, "not complete"),
    ],
)
def test_every_reason_for_an_incomplete_run(reason: str | None, problem: str) -> None:
    def spoil(value: Any) -> Any:
        if value.get("object") == "thread.run" and value["status"] == "incomplete":
            value["incomplete_details"] = {"reason": reason} if reason else None
        return value

    with running_service(**FAST, streams=False, wrap=Spoiler.of_json(spoil)) as service:
        answer = Talk(service.base_url).send("incomplete")
    assert problem in answer.problem
    assert answer.text == "You"


def test_tool_calls_without_end_are_ended(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    again = (ToolCall("say_text", "{}"),)
    monkeypatch.setitem(PLANS, "forever", Plan(rounds=(again,) * (MAX_ROUNDS + 5)))
    answer = Talk(service.base_url).send("forever")
    assert "called tools again and again" in answer.problem
    assert len(steps(answer)) == MAX_ROUNDS
    assert service.open_threads == [], "nor does the run wait on at the service"


def test_the_instructions_have_the_readers_time_and_zone(talk: Talk, service: Service) -> None:
    talk.options["instructions"] = "Speak of tea only."
    said = talk.send("instructions").text
    (run,) = requests(service, "POST", "/runs")
    assert "Speak of tea only." in run.body["additional_instructions"]
    assert run.body["additional_instructions"].strip() in said
    found = re.search(r"time is: ([\d-]+ [\d:]+) \((.+), UTC([+-]\d\d:\d\d)\), (\w+)\.", said)
    assert found
    sent_time = datetime.fromisoformat(f"{found[1]}{found[3]}")
    now = datetime.now().astimezone()
    assert abs((now - sent_time).total_seconds()) < 60
    assert sent_time.utcoffset() == now.utcoffset()
    assert (found[2], found[4]) == (now.tzname(), f"{sent_time:%A}")


def test_a_cut_stream_goes_on_by_polling(talk: Talk, service: Service) -> None:
    answer = talk.send("cut me off in the middle of it, please")
    assert answer.problem == ""
    assert answer.text == (
        "You said: “cut me off in the middle of it, please”. This is turn 1 of our conversation."
    )
    assert requests(service, "GET", "/messages")
    assert "turn 2" in talk.send("and now?").text
    assert len(requests(service, "POST", "/threads")) == 1


@pytest.mark.parametrize("last", ["thread.run.created", "thread.run.in_progress"])
def test_a_stream_that_ends_before_its_first_word_goes_on_by_polling(last: str) -> None:
    def shorten(events: Events) -> Events:
        return events[: [name for name, _ in events].index(last) + 1]

    with running_service(**FAST, wrap=Spoiler.of_events(shorten)) as service:
        answer = Talk(service.base_url).send("hello")
    assert (answer.text, answer.problem) == (HELLO, "")


def test_a_stream_that_ends_early_after_tools() -> None:
    """The outputs are handed in, then the stream says nothing more."""

    def shorten(events: Events) -> Events:
        names = [name for name, _ in events]
        return events if "thread.run.created" in names else events[:1]

    with running_service(**FAST, wrap=Spoiler.of_events(shorten)) as service:
        answer = Talk(service.base_url).send("weather in Paris")
    assert answer.problem == ""
    assert "In Paris it is" in answer.text
