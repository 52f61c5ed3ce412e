"""A reader's conversation with a service, for tests: a chat without the page around it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import httpx
import openai
import pytest
from playpage.chat.connection import ConnectedService, Connection
from playpage.chat.exchange import exchange
from playpage.chat.languages import words
from playpage.chat.messages import Answer, Conversation, File, Question, Step, Turn
from playpage.chat.services.assistants import Assistants
from playpage.chat.services.base import Service as ChatService
from playpage.chat.services.completions import Completions
from playpage.chat.services.responses import Responses
from playpage.chat.services.streaming import Streams
from playpage.chat.tools import Tools
from playpage_site.demo import ASSISTANT_ID, DEMO_KEY, Service

#: Options of a demo service that answers without delay.
FAST: dict[str, Any] = {"clock_s": 0.02, "piece_s": 0.0, "slow_s": 0.5}

#: The SDK warns of what the module is made for, and pytest makes errors of warnings.
quiet = [
    pytest.mark.filterwarnings("ignore:The Assistants API is deprecated:DeprecationWarning"),
    pytest.mark.filterwarnings(
        "ignore:deprecated:DeprecationWarning:playpage.chat.services.assistants"
    ),
]

HELLO = "Hello! I am the demo assistant. Ask me about the weather in a place you like."


class Talk:
    """A conversation with a service, as the page has it: connected anew for each message."""

    def __init__(
        self,
        base_url: str,
        api: str = "assistants",
        functions: Iterable[Callable[..., Any]] = (),
        *,
        key: str = DEMO_KEY,
        target: str = "",
        lang: str = "en",
        timeout_s: float = 20,
        **options: Any,
    ) -> None:
        """options: of the class that speaks the API."""
        self.base_url, self.api, self.key, self.timeout_s = base_url, api, key, timeout_s
        self.target = target or (ASSISTANT_ID if api == "assistants" else "demo-model")
        self.tools = Tools(functions)
        self.words = words(lang)
        self.options = options
        self.streams = Streams()
        self.conversation = Conversation()
        self.shown: list[str] = []

    def _service(
        self, client: openai.AsyncOpenAI, http: httpx.AsyncClient, _base_url: str, target: str
    ) -> ChatService:
        if self.api == "assistants":
            return Assistants(client, http, target, self.tools, self.streams, **self.options)
        model_service = Completions if self.api == "completions" else Responses
        return model_service(client, target, self.tools, self.streams, **self.options)

    def connected(self) -> ChatService:
        """The service as the app has it, with the key and address as they are now."""
        connection = Connection(self.key, self.base_url, self.target)
        return ConnectedService(connection, self.timeout_s, self._service)

    def send(self, text: str, *paths: Path) -> Answer:
        """Send a message; the answer in the end."""
        return asyncio.run(self._exchange(text, paths))

    def send_and_stop(self, text: str, when: Callable[[Answer], bool]) -> Answer:
        """Send a message, and press Stop as soon as `when` says so."""

        async def stop() -> Answer:
            task = asyncio.create_task(self._exchange(text, ()))
            while not (self.conversation.turns and when(self.conversation.last.answer)):
                assert not task.done(), "there was nothing left to stop"
                await asyncio.sleep(0.005)
            task.cancel()
            return await task

        return asyncio.run(stop())

    async def _exchange(self, text: str, paths: Iterable[Path]) -> Answer:
        self.shown = []
        question = Question(text, [File(str(path)) for path in paths])
        self.conversation.turns.append(Turn(question))
        answer = self.conversation.last.answer
        await exchange(
            self.connected(),
            self.conversation,
            self.words,
            lambda: self.shown.append(answer.text),
        )
        assert answer.is_done
        return answer

    @property
    def remote_id(self) -> str:
        return self.conversation.remote_id


def get_weather(location: str) -> dict[str, Any]:
    """The weather in a place now."""
    return {"location": location, "temperature_c": 21, "conditions": "sunny"}


def steps(answer: Answer) -> list[Step]:
    return [part for part in answer.parts if isinstance(part, Step)]


def files(answer: Answer) -> list[File]:
    return [part for part in answer.parts if isinstance(part, File)]


def requests(service: Service, method: str, ending: str) -> list[Any]:
    """The requests in the service's log, oldest first."""
    return [r for r in service.log if r.method == method and r.path.endswith(ending)]


def emptied(service: Service) -> Service:
    """A service that other tests have used, as if it were new. Starting one takes a while."""
    service.log.clear()
    store = service.store
    for kept in (store.threads, store.files, store.responses, store.deleted_threads):
        kept.clear()
    return service
