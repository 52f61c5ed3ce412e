"""The template app's own code, on CPython, over real HTTP against the assistants service.

Gradio is not installed here: the app's few lines of wiring are tested in the
browser, and here a mock takes Gradio's place while the file is imported.
"""

from __future__ import annotations

import asyncio
import importlib.util
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any
from unittest.mock import MagicMock

import pytest
from playpage_site.demo import ASSISTANT_ID, DEMO_KEY, Service, running_service
from servers.spoil import Spoiler
from support.chatting import FAST, requests

APP = Path(__file__).parents[3] / "py" / "apps" / "assistant_chat.py"


@pytest.fixture
def service() -> Iterator[Service]:
    with running_service(**FAST) as service:
        yield service


@pytest.fixture
def app(service: Service, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The app as a module, its constants set as an author sets them."""
    monkeypatch.setitem(sys.modules, "gradio", MagicMock())
    spec = importlib.util.spec_from_file_location("assistant_chat", APP)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "SERVICE_URL", service.base_url)
    monkeypatch.setattr(module, "ASSISTANT_ID", ASSISTANT_ID)
    return module


class Chat:
    """What the page keeps between two turns, and the reader's hands."""

    def __init__(self, app: ModuleType, key: str = DEMO_KEY) -> None:
        self.app = app
        self.key = key
        self.box = ""
        self.history: list[dict[str, str]] = []
        self.thread_id = ""

    def send(self, words: str) -> str:
        """Send a message; the text of the last bubble."""
        asyncio.run(self._follow(self.app.send(words, self.history, self.key, self.thread_id)))
        return self.history[-1]["content"]

    async def _follow(self, updates: AsyncIterator[Any]) -> None:
        async for self.box, self.history, self.thread_id in updates:
            assert self.history[-1]["content"]

    def clear(self) -> None:
        self.box, self.history, self.thread_id = asyncio.run(
            self.app.clear(self.key, self.thread_id)
        )


@pytest.fixture
def chat(app: ModuleType) -> Chat:
    return Chat(app)


def test_hello_is_answered(chat: Chat) -> None:
    assert chat.send("hello").startswith("Hello!")
    assert [one["role"] for one in chat.history] == ["user", "assistant"]
    assert chat.box == ""


def test_a_conversation_is_one_thread(chat: Chat, service: Service) -> None:
    chat.send("my name is Ada")
    answer = chat.send("and what is my name?")
    assert "turn 2" in answer
    assert "my name is Ada" in answer
    assert len(requests(service, "POST", "/threads")) == 1
    assert service.open_threads == [chat.thread_id]


def test_clear_deletes_the_thread_at_the_service(chat: Chat, service: Service) -> None:
    chat.send("hello")
    thread_id = chat.thread_id
    chat.clear()
    assert (chat.box, chat.history, chat.thread_id) == ("", [], "")
    assert service.deleted_threads == [thread_id]
    assert service.open_threads == []
    chat.send("hello again")
    assert chat.thread_id not in ("", thread_id)


def test_clear_before_the_first_message_asks_nothing(chat: Chat, service: Service) -> None:
    chat.clear()
    assert service.log == []


def test_clear_says_when_the_service_kept_the_thread(chat: Chat) -> None:
    chat.send("hello")
    chat.key = "wrong"
    chat.clear()
    assert chat.history == []
    (warned,) = chat.app.gr.Warning.call_args.args
    assert "still at the service" in warned
    assert "does not accept this key" in warned


def test_tools_are_run_through_pluginapi(chat: Chat, service: Service) -> None:
    answer = chat.send("What is the weather in Paris and Rome?")
    assert "In Paris it is" in answer
    assert "In Rome it is" in answer
    calls = requests(service, "POST", "/pluginapi")
    assert sorted(call.body["location"] for call in calls) == ["Paris", "Rome"]
    for call in calls:
        assert call.query == f"tid={chat.thread_id}&aid={ASSISTANT_ID}&pid=get_weather"


def test_tools_can_follow_each_other(chat: Chat, service: Service) -> None:
    answer = chat.send("weather in Oslo then Bergen")
    assert "In Oslo it is" in answer
    assert "In Bergen it is" in answer
    assert len(requests(service, "POST", "/submit_tool_outputs")) == 2


def test_a_long_tool_answer_is_cut(chat: Chat) -> None:
    assert "answered 8000 characters" in chat.send("call long_report")


def test_the_assistant_learns_that_a_tool_failed(chat: Chat) -> None:
    assert "The plugin broke." in chat.send("call broken_plugin")
    assert "There is no plugin nobody." in chat.send("call nobody")


def test_the_time_is_in_the_instructions(chat: Chat) -> None:
    assert "The current time is: 20" in chat.send("instructions")


def test_an_answer_cut_short_is_kept_and_marked(chat: Chat) -> None:
    answer = chat.send("incomplete answers are useful")
    assert answer.startswith("You")
    assert "cut short" in answer


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("fail", "The assistant could not answer (Sorry, something went wrong.). Send the message"),
        ("overload", "The assistant could not answer (You exceeded your current quota.). Send"),
        ("expire", "took too long, and the service gave up. Send the message again."),
        ("withdraw", "The service stopped the answer (cancelled). Send the message again."),
        ("http 403", "This key may not use the assistant (Refused with 403.). Ask its owner"),
        ("http 400", "The service refused (400: Refused with 400.). Send again, or press Clear."),
        ("msg 400", "The service refused (400: Refused with 400.). Send again, or press Clear."),
    ],
)
def test_failures_are_sentences_and_keep_the_message(chat: Chat, words: str, sentence: str) -> None:
    answer = chat.send(words)
    assert answer.startswith("⚠️ ")
    assert sentence in answer
    assert chat.box == words
    assert chat.history[0] == {"role": "user", "content": words}
    assert chat.send("hello").startswith("Hello!"), "the conversation goes on"


@pytest.mark.parametrize("words", ["quota", "http 503"])
def test_failures_that_the_sdk_retries(chat: Chat, service: Service, words: str) -> None:
    answer = chat.send(words)
    if words == "quota":
        assert "too much to do (You exceeded your current quota.). Wait 1 s, and" in answer
    else:
        assert "The service refused (503: Refused with 503.)" in answer
    assert len(requests(service, "POST", "/runs")) == 3
    assert chat.box == words


def test_a_service_that_is_busy_for_a_moment_is_asked_again(chat: Chat) -> None:
    assert "busy bees" in chat.send("busy bees")


def test_a_wrong_key(app: ModuleType) -> None:
    chat = Chat(app, key="sk-wrong")
    answer = chat.send("hello")
    assert "does not accept this key" in answer
    assert "sk-wrong" not in answer
    assert chat.box == "hello"
    chat.key = f" {DEMO_KEY} "
    assert chat.send(chat.box).startswith("Hello!")


@pytest.mark.parametrize("key", ["", "   ", "鑰匙"])
def test_no_usable_key_asks_nothing_of_the_service(
    app: ModuleType, service: Service, key: str
) -> None:
    chat = Chat(app, key)
    assert "Type the key" in chat.send("hello")
    assert chat.box == "hello"
    assert service.log == []


def test_an_unknown_assistant(chat: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chat.app, "ASSISTANT_ID", "asst_gone")
    answer = chat.send("hello")
    assert "No assistant found with id 'asst_gone'" in answer
    assert chat.box == "hello"


def test_a_thread_that_is_gone(chat: Chat, service: Service) -> None:
    chat.send("hello")
    service.store.threads.clear()
    assert "Press Clear" in chat.send("still there?")
    chat.clear()
    assert chat.send("hello").startswith("Hello!")


def test_a_service_that_is_away(chat: Chat, service: Service) -> None:
    service.close()
    answer = chat.send("hello")
    assert f"{service.base_url} cannot be reached. Check your network" in answer
    assert chat.box == "hello"


def test_an_empty_message_is_not_sent(chat: Chat, service: Service) -> None:
    chat.send("hello")
    asked = len(service.log)
    assert chat.send("  ").startswith("Hello!"), "the last bubble is still the same"
    assert len(service.log) == asked


def test_an_answer_that_makes_no_sense(
    chat: Chat, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The reader gets a sentence, the author a traceback."""
    with running_service(**FAST, wrap=Spoiler.of_json(lambda _: "a web page")) as service:
        monkeypatch.setattr(chat.app, "SERVICE_URL", service.base_url)
        answer = chat.send("hello")
    assert "This did not work (AttributeError). Send again, or tell the author." in answer
    assert chat.box == "hello"
    assert "Traceback" in capsys.readouterr().err


def test_the_key_is_in_no_url_and_no_body(chat: Chat, service: Service) -> None:
    chat.send("weather in Paris")
    chat.clear()
    assert all(DEMO_KEY not in f"{r.path}?{r.query} {r.headers} {r.body}" for r in service.log)
