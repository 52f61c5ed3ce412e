"""The Assistants API: Stop, at each point of a run."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from playpage_site.demo import Service, running_service
from playpage_site.demo.script import PLANS, Plan, ToolCall
from support.chatting import FAST, HELLO, Talk, quiet, requests, steps

pytestmark = quiet


def test_stop_while_words_come() -> None:
    with running_service(**{**FAST, "piece_s": 0.02}) as service:
        talk = Talk(service.base_url)
        answer = talk.send_and_stop("long 500", lambda answer: "word3" in answer.text)
        assert answer.problem == "Stopped."
        assert answer.text.startswith("word1 word2 word3")
        assert "word400" not in answer.text
        assert [one.status for one in requests(service, "POST", "/cancel")] == [200]
        (stream,) = requests(service, "POST", "/runs")
        assert not stream.finished
        assert service.open_threads == []
        kept = answer.text
        assert talk.send("and on").text.startswith("You said: “and on”. This is turn 2")
        with_it = requests(service, "POST", "/threads")[-1].body["messages"]
        assert [one["content"] for one in with_it] == ["long 500", kept, "and on"]


def test_stop_while_the_run_is_polled() -> None:
    with running_service(**FAST, streams=False) as service:
        talk = Talk(service.base_url)

        def polled(answer: Any) -> bool:
            return any(r.method == "GET" and "/runs/" in r.path for r in service.log)

        answer = talk.send_and_stop("slow", polled)
        assert (answer.problem, answer.text) == ("Stopped.", "")
        assert [one.status for one in requests(service, "POST", "/cancel")] == [200]
        assert talk.send("hello").text == HELLO


def test_stop_while_a_tool_runs(service: Service) -> None:
    ended: list[str] = []

    async def get_weather(location: str) -> str:
        try:
            await asyncio.sleep(30)
        finally:
            ended.append(location)
        return "never"

    talk = Talk(service.base_url, functions=[get_weather])
    answer = talk.send_and_stop("weather in Paris", lambda answer: bool(steps(answer)))
    assert answer.problem == "Stopped."
    (step,) = steps(answer)
    assert (step.output, step.failed) == ("Stopped.", True)
    assert ended == ["Paris"]
    assert [one.status for one in requests(service, "POST", "/cancel")] == [200]
    assert talk.send("hello").text == HELLO


def test_stop_after_the_tools_before_the_first_word(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = (ToolCall("say_text", "{}"),)
    monkeypatch.setitem(PLANS, "ponder", Plan(rounds=(calls,), slow=True))
    talk = Talk(service.base_url)

    def handed_in(answer: Any) -> bool:
        return bool(requests(service, "POST", "/submit_tool_outputs"))

    answer = talk.send_and_stop("ponder", handed_in)
    assert answer.problem == "Stopped."
    assert [one.status for one in requests(service, "POST", "/cancel")] == [200]


def test_stop_before_the_service_has_answered(talk: Talk, service: Service) -> None:
    answer = talk.send_and_stop("stall", lambda _: bool(requests(service, "POST", "/runs")))
    assert answer.problem == "Stopped."
    assert service.open_threads == []
    assert talk.send("hello").text == HELLO
