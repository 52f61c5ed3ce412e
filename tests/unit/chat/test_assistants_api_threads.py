"""The Assistants API: what its thread holds, and runs of others that are active on it."""

from __future__ import annotations

from typing import Any

import pytest
from openai import OpenAI
from playpage.chat.services.assistants import Assistants
from playpage_site.demo import ASSISTANT_ID, DEMO_KEY, Service, running_service
from servers.spoil import Spoiler
from support.chatting import FAST, HELLO, Talk, quiet, requests

pytestmark = quiet


def test_a_conversation_is_one_thread(any_service: Service) -> None:
    talk = Talk(any_service.base_url)
    talk.send("my name is Ada")
    answer = talk.send("and what is my name?")
    assert "turn 2" in answer.text
    assert "“my name is Ada”" in answer.text
    assert len(requests(any_service, "POST", "/threads")) == 1
    assert any_service.open_threads == [talk.remote_id]


def test_a_thread_that_is_gone_is_made_anew(talk: Talk, service: Service) -> None:
    talk.send("my name is Ada")
    first = talk.remote_id
    service.store.threads.clear()
    answer = talk.send("who am I?")
    assert answer.problem == ""
    assert "turn 2" in answer.text
    assert "“my name is Ada”" in answer.text
    assert talk.remote_id not in ("", first)
    assert service.open_threads == [talk.remote_id]


def test_what_is_taken_back_is_not_sent_again(talk: Talk, service: Service) -> None:
    for words in ("one", "two", "three"):
        talk.send(words)
    first = talk.remote_id
    assert talk.conversation.rewind(1).text == "two"
    answer = talk.send("two, in other words")
    assert answer.text == (
        "You said: “two, in other words”. This is turn 2 of our conversation. "
        "Before that you said: “one”."
    )
    assert service.open_threads == [talk.remote_id]
    assert service.deleted_threads == [first], "what was taken back is gone there, too"


def test_after_a_problem_the_service_gets_what_the_reader_sees(
    talk: Talk, service: Service
) -> None:
    talk.send("one")
    talk.send("fail")
    answer = talk.send("two")
    assert "turn 2" in answer.text, "a question without an answer is not sent"
    assert "fail" not in answer.text
    assert service.open_threads == [talk.remote_id]


@pytest.mark.parametrize("key", ["", "sk-wrong"])
def test_a_wrong_key_leaves_no_thread_behind_for_good(
    talk: Talk, service: Service, key: str
) -> None:
    talk.send("one")
    talk.key = key
    assert talk.send("two").problem
    talk.key = DEMO_KEY
    assert "turn 2" in talk.send("two").text
    assert service.open_threads == [talk.remote_id]


def occupy(service: Service, thread_id: str, words: str) -> str:
    """Another tab sends a message on the thread; the id of its run."""
    with OpenAI(base_url=service.base_url, api_key=DEMO_KEY) as client:
        client.beta.threads.messages.create(thread_id, role="user", content=words)
        return client.beta.threads.runs.create(thread_id, assistant_id=ASSISTANT_ID).id


@pytest.mark.parametrize("words", ["active", "weather in Paris"])
@pytest.mark.parametrize("bare", [False, True])
def test_an_active_run_is_ended_and_the_message_sent(words: str, bare: bool) -> None:
    with running_service(**FAST, bare_errors=bare) as service:
        talk = Talk(service.base_url)
        talk.send("hello")
        thread_id = talk.remote_id
        active = occupy(service, thread_id, words)
        answer = talk.send("hello again")
        assert (answer.text, answer.problem) == (HELLO, "")
        assert talk.remote_id == thread_id
        assert service.store.threads[thread_id].runs[active].obj["status"] == "cancelled"


def test_a_run_that_is_active_between_message_and_run_is_ended(
    talk: Talk, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another tab was quicker by a moment."""
    talk.send("hello")
    others: list[str] = []
    add_question = Assistants._add_question

    async def add_too_late(assistants: Assistants, conversation: Any) -> str:
        thread_id = await add_question(assistants, conversation)
        run = await assistants.runs.create(thread_id, assistant_id=ASSISTANT_ID)
        others.append(run.id)
        return thread_id

    monkeypatch.setattr(Assistants, "_add_question", add_too_late)
    answer = talk.send("slow, hello")
    assert (answer.text, answer.problem) == (HELLO, "")
    (run_id,) = others
    assert service.store.threads[talk.remote_id].runs[run_id].obj["status"] == "cancelled"


def test_a_run_that_will_not_end_is_said(talk: Talk, service: Service) -> None:
    talk.send("hello")
    talk.streams.known = False
    stuck = "Thread thread_1 already has an active run."

    def refuse(value: Any) -> Any:
        return {"error": {"message": stuck}} if value.get("object") == "thread.message" else value

    def wrap(app: Any) -> Any:
        async def stuck_app(scope: Any, receive: Any, send: Any) -> None:
            is_message = scope["type"] == "http" and scope["path"].endswith("/messages")
            spoiled = Spoiler(app, json=refuse, statuses={200: 400} if is_message else {})
            await spoiled(scope, receive, send)

        return stuck_app

    with running_service(**FAST, wrap=wrap) as other:
        other.store.threads.update(service.store.threads)
        talk.base_url = other.base_url
        assert "still busy with the last message" in talk.send("hello?").problem
