"""A reader of the chat's engine, for tests: the parts of a chat without the page around them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from playpage.chat.assistants import Assistants
from playpage.chat.completions import Completions
from playpage.chat.languages import words
from playpage.chat.messages import Answer, Conversation, File, Question, Step, Turn
from playpage.chat.responses import Responses
from playpage.chat.service import Changed, connect, exchange
from playpage.chat.service import Service as Answering
from playpage.chat.streaming import Streams
from playpage.chat.tools import Tools
from playpage_site.demo import ASSISTANT_ID, DEMO_KEY, Service

#: Options of a service that does not keep tests waiting.
FAST: dict[str, Any] = {"clock_s": 0.02, "piece_s": 0.0, "slow_s": 0.5}

#: The SDK warns of what the module is made for, and pytest makes errors of warnings.
quiet = [
    pytest.mark.filterwarnings("ignore:The Assistants API is deprecated:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:deprecated:DeprecationWarning:playpage.chat.assistants"),
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

    @asynccontextmanager
    async def _connected(self) -> AsyncIterator[Answering]:
        async with connect(self.base_url, self.key, self.timeout_s) as (client, http):
            about: Any = (self.target, self.tools, self.streams)
            if self.api == "assistants":
                yield Assistants(client, http, *about, **self.options)
            else:
                kind: Any = {"completions": Completions, "responses": Responses}[self.api]
                yield kind(client, *about, **self.options)

    async def answer(self, conversation: Conversation, changed: Changed) -> None:
        async with self._connected() as service:
            await service.answer(conversation, changed)

    async def forget(self, memory: str) -> None:
        async with self._connected() as service:
            await service.forget(memory)

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
        await exchange(self, self.conversation, self.words, lambda: self.shown.append(answer.text))
        assert answer.is_done
        return answer

    @property
    def memory(self) -> str:
        return self.conversation.memory


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
