"""`AssistantChat`: a whole chat app in one call, of parts that can all be replaced."""

from __future__ import annotations

import asyncio
import inspect
import time
from collections.abc import AsyncIterator
from typing import Any

import gradio as gr
import httpx
import openai

from .assistants import Assistants
from .completions import Completions
from .languages import Words, words
from .layout import Parts, lay_out
from .messages import Conversation, File, Question, Turn
from .render import AGAIN, Rows, as_json, as_markdown, from_json
from .responses import Responses
from .service import Changed, Service, connect, exchange, forget_quietly
from .settings import Settings
from .streaming import Streams
from .tools import Tools

#: Between two looks at an answer that is being written.
PAUSE_S = 0.05
#: A service that has said nothing for so long is called slow.
SLOW_S = 15.0


class AssistantChat:
    """A chat with an assistant of a service that speaks an OpenAI-compatible API.

        AssistantChat(base_url="https://api.example/v1", assistant_id="asst_…").launch()

    base_url: the service's address, mostly ending in /v1.
    assistant_id: talk to this assistant, by the Assistants API.
    model: talk to this model instead, by Chat Completions, or by `api="responses"`.
    title, description: above the chat; the description in Markdown.
    instructions: told to the model before the conversation, with the reader's time.
    key: for a reader who types none. Whoever has the program has it: only for a demo. Where it
        is empty, the environment's OPENAI_API_KEY is taken, which is where a link's key is.
    tools: functions that the model may call; their signatures and docstrings tell it how.
    plugins: have an assistant's other tools run by the service's `pluginapi`.
    examples: messages to begin with. follow_ups: to go on with, or a function that makes them
        of an answer's text.
    avatars: addresses of the reader's and the assistant's pictures.
    placeholder: in the empty message box.
    editable: the reader may change the address and the assistant or model.
    history: "off", or keep the conversation in the browser, for the tab's "session" or "local"
        to the browser. Pages of the same host can read it.
    lang: the language of the chat's own words; the reader's where there is none.
    theme, css: Gradio's.
    timeout_s: how long a service may be silent.

    Raises ValueError for what cannot work together, TypeError for a tool that cannot be one.
    """

    def __init__(self, base_url: str = Settings.base_url, **keywords: Any) -> None:
        self.settings = Settings(base_url, **keywords)
        self.words: Words = words(self.settings.lang)
        self.tools = Tools(self.settings.tools)
        # Asked of each service once, and only there: the reader may change the address.
        self._streams: dict[str, Streams] = {}

    def launch(self, **options: Any) -> Any:
        """Build the app and start it; the options are those of `gr.Blocks.launch`."""
        return self.build().launch(**options)

    def build(self) -> gr.Blocks:
        """The app as Gradio's Blocks: to be launched, or put into others."""
        return lay_out(self)

    def service(
        self, client: openai.AsyncOpenAI, http: httpx.AsyncClient, base_url: str, target: str
    ) -> Service:
        """What answers, for one exchange. Replace it to speak another API."""
        settings = self.settings
        streams = self._streams.setdefault(base_url, Streams())
        shared: dict[str, Any] = {"instructions": settings.instructions}
        if settings.spoken_api == "assistants":
            shared["plugins"] = settings.plugins
            return Assistants(client, http, target, self.tools, streams, **shared)
        kind = Responses if settings.spoken_api == "responses" else Completions
        return kind(client, target, self.tools, streams, **shared)

    async def send(
        self, sent: dict[str, Any], conversation: Conversation, *connection: str
    ) -> AsyncIterator[Any]:
        """Send what is in the box, and follow the answer."""
        text, paths = (sent.get("text") or "").strip(), sent.get("files") or []
        if not text and not paths:
            yield gr.skip(), gr.skip()
            return
        question = Question(text, [File(path) for path in paths])
        async for view in self._ask(conversation, question, connection):
            yield view

    async def say(
        self, picked: gr.SelectData, conversation: Conversation, *connection: str
    ) -> AsyncIterator[Any]:
        """Send an example, a follow-up, or the last message again."""
        value = picked.value
        if value == AGAIN:
            question = conversation.rewind(len(conversation.turns) - 1)
        else:
            question = Question(value["text"] if isinstance(value, dict) else str(value))
        async for view in self._ask(conversation, question, connection):
            yield view

    async def retry(
        self, picked: gr.RetryData, conversation: Conversation, *connection: str
    ) -> AsyncIterator[Any]:
        """Have a question answered anew; what followed is taken back."""
        await self.stop(conversation)
        question = conversation.rewind(self._turn_at(conversation, picked.index))
        async for view in self._ask(conversation, question, connection):
            yield view

    async def edit(
        self, picked: gr.EditData, conversation: Conversation, *connection: str
    ) -> AsyncIterator[Any]:
        """Send a message in other words; what followed is taken back."""
        await self.stop(conversation)
        question = conversation.rewind(self._turn_at(conversation, picked.index))
        changed = Question(str(picked.value).strip() or question.text, question.files)
        async for view in self._ask(conversation, changed, connection):
            yield view

    async def stop(self, conversation: Conversation) -> None:
        """End the answer that is being written: here, and at the service."""
        task = conversation.task
        if task and not task.done():
            task.cancel()
            await asyncio.wait({task})

    async def clear(self, conversation: Conversation, *connection: str) -> tuple[Any, Any]:
        """Forget the conversation, here and at the service; what is in the box stays."""
        await self.stop(conversation)
        conversation.drop_memory()
        conversation.turns.clear()
        stale, conversation.stale = conversation.stale, []
        if stale:
            # Nobody waits for that.
            conversation.task = asyncio.create_task(self._forget(stale, connection))
        return Parts.ready(), []

    def markdown(self, conversation: Conversation) -> str:
        """The conversation to keep."""
        return as_markdown(conversation, self.settings.shown_title, self.words)

    def saved(self, conversation: Conversation) -> str:
        """The conversation as JSON; "" where there is none."""
        return as_json(conversation, self.settings.shown_title) if conversation.turns else ""

    def restore(self, text: str | None, conversation: Conversation) -> Any:
        """Take up a conversation that the browser has kept."""
        if not text or conversation.turns:
            return gr.skip()
        try:
            conversation.turns = from_json(text).turns
        except ValueError:
            return gr.skip()
        return Rows(self.words).of(conversation)

    def _turn_at(self, conversation: Conversation, index: int | tuple[int, int]) -> int:
        rows = Rows(self.words)
        rows.of(conversation)
        row = index[0] if isinstance(index, tuple | list) else index
        return rows.owners[min(row, len(rows.owners) - 1)]

    async def _ask(
        self, conversation: Conversation, question: Question, connection: tuple[str, ...]
    ) -> AsyncIterator[tuple[Any, Any]]:
        """Put a question and yield the box and the chat as the answer is written."""
        await self.stop(conversation)
        turn = Turn(question)
        conversation.turns.append(turn)
        rows = Rows(self.words)
        changed = asyncio.Event()
        work = self._answer(conversation, _Connected(self, connection), changed.set)
        task = conversation.task = asyncio.create_task(work)
        try:
            yield Parts.busy(), rows.of(conversation)
            while not task.done():
                news = asyncio.create_task(changed.wait())
                await asyncio.wait(
                    {task, news}, timeout=SLOW_S, return_when=asyncio.FIRST_COMPLETED
                )
                news.cancel()
                is_slow = not changed.is_set() and not task.done()
                changed.clear()
                began = time.monotonic()
                note = self.words["still_waiting"] if is_slow else ""
                yield gr.skip(), rows.of(conversation, note)
                # Showing a long conversation takes a while; the answer must not wait for it.
                await asyncio.sleep(max(PAUSE_S, 2 * (time.monotonic() - began)))
        finally:
            if not task.done():
                task.cancel()  # the reader has left
        yield Parts.ready(), rows.of(conversation)

    async def _answer(self, conversation: Conversation, service: Service, changed: Changed) -> None:
        turn = conversation.last
        await exchange(service, conversation, self.words, changed)
        if not turn.answer.problem:
            turn.answer.follow_ups = await self._follow_ups(turn.answer.text)

    async def _forget(self, stale: list[str], connection: tuple[str, ...]) -> None:
        service = _Connected(self, connection)
        for memory in stale:
            await forget_quietly(service, memory)

    async def _follow_ups(self, answer: str) -> list[str]:
        wanted = self.settings.follow_ups
        if not callable(wanted):
            return list(wanted)
        found = wanted(answer)
        return [str(one) for one in (await found if inspect.isawaitable(found) else found)]


class _Connected:
    """A `Service` that connects for each exchange, with what the reader has typed by then."""

    def __init__(self, chat: AssistantChat, connection: tuple[str, ...]) -> None:
        settings = chat.settings
        key, base_url, target = (*connection, "", "", "")[:3]
        self.chat = chat
        self.key = (key or "").strip() or settings.known_key()
        self.base_url = ((base_url or "").strip() or settings.base_url).rstrip("/")
        self.target = (target or "").strip() or settings.target

    async def answer(self, conversation: Conversation, changed: Changed) -> None:
        """As the service does. Raises ChatError where there is no usable key."""
        async with connect(self.base_url, self.key, self.chat.settings.timeout_s) as (client, http):
            service = self.chat.service(client, http, self.base_url, self.target)
            await service.answer(conversation, changed)

    async def forget(self, memory: str) -> None:
        """As the service does."""
        async with connect(self.base_url, self.key, 10) as (client, http):
            await self.chat.service(client, http, self.base_url, self.target).forget(memory)
