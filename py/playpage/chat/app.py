"""`AssistantChat`: a whole chat app in one call, of parts that can all be replaced."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import AsyncIterator, Callable, Sequence
from typing import Any, Literal

import gradio as gr
import httpx
import openai

from .connection import ConnectedService, Connection
from .exchange import exchange, forget_quietly
from .export import as_json, as_markdown, from_json
from .languages import Words, words
from .messages import Conversation, File, Question, Turn
from .pace import updates
from .services.assistants import Assistants
from .services.base import Changed, Service
from .services.completions import Completions
from .services.responses import Responses
from .services.streaming import Streams
from .settings import Api, FollowUps, History, Settings
from .tools import Tools
from .ui.layout import BoxState, lay_out
from .ui.rows import AGAIN, Rows


class AssistantChat:
    """A chat with an assistant of a service that speaks an OpenAI-compatible API.

        AssistantChat("https://api.example/v1", assistant_id="asst_…").launch()

    Every method can be overridden in a subclass.

    Args:
        base_url: the service's address, which mostly ends in /v1.
        assistant_id: talk to this assistant, by the Assistants API.
        model: talk to this model instead, by Chat Completions, or by `api="responses"`.
        api: "assistants", "completions" or "responses"; "" chooses by the two above.
        title: above the chat, and of the browser's tab.
        description: below the title, in Markdown.
        instructions: for the model, before the conversation; the reader's time is added.
        key: for a reader who types none. Whoever has the program has it: only for a demo. Where
            it is empty, the environment's OPENAI_API_KEY is used; a link's key is there.
        tools: functions that the model may call; it sees their signatures and docstrings.
        plugins: have an assistant's other tools run by the service's `pluginapi`.
        examples: messages to begin with.
        follow_ups: messages to go on with, or a function that makes them from an answer's text;
            it may be async.
        avatars: addresses of the reader's and the assistant's pictures.
        placeholder: in the empty message box.
        editable: let the reader change the address and the assistant or model.
        history: "off"; or keep the conversation in the browser, for the tab's "session" or
            "local" to the browser. Pages of the same host can read it.
        lang: the language of the chat's own words, such as "zh-TW"; None for the reader's.
        theme: a theme of Gradio's, or its name; None for a readable default.
        css: added to the page.
        timeout_s: how long a service may be silent, in seconds.

    Raises:
        ValueError: for values that cannot work together.
        TypeError: for a tool that cannot be one.
    """

    def __init__(
        self,
        base_url: str = Settings.base_url,
        *,
        assistant_id: str = Settings.assistant_id,
        model: str = Settings.model,
        api: Api | Literal[""] = Settings.api,
        title: str = Settings.title,
        description: str = Settings.description,
        instructions: str = Settings.instructions,
        key: str = Settings.key,
        tools: Sequence[Callable[..., Any]] = Settings.tools,
        plugins: bool = Settings.plugins,
        examples: Sequence[str] = Settings.examples,
        follow_ups: Sequence[str] | FollowUps = Settings.follow_ups,
        avatars: tuple[str | None, str | None] | None = Settings.avatars,
        placeholder: str = Settings.placeholder,
        editable: bool = Settings.editable,
        history: History = Settings.history,
        lang: str | None = Settings.lang,
        theme: Any = Settings.theme,
        css: str = Settings.css,
        timeout_s: float = Settings.timeout_s,
    ) -> None:
        self.settings = Settings(
            base_url=base_url,
            assistant_id=assistant_id,
            model=model,
            api=api,
            title=title,
            description=description,
            instructions=instructions,
            key=key,
            tools=tools,
            plugins=plugins,
            examples=examples,
            follow_ups=follow_ups,
            avatars=avatars,
            placeholder=placeholder,
            editable=editable,
            history=history,
            lang=lang,
            theme=theme,
            css=css,
            timeout_s=timeout_s,
        )
        self.words: Words = words(self.settings.lang)
        self.tools = Tools(self.settings.tools)
        # By base URL, which the reader may change: whether a service streams is found out once.
        self._streams: dict[str, Streams] = {}

    def launch(self, **options: Any) -> Any:
        """Build the app and start it. options: those of `gr.Blocks.launch`."""
        return self.build().launch(**options)

    def build(self) -> gr.Blocks:
        """The app as Gradio's Blocks: to be launched, or put into others."""
        return lay_out(self)

    def service(
        self, client: openai.AsyncOpenAI, http: httpx.AsyncClient, base_url: str, target: str
    ) -> Service:
        """What answers one exchange. Override it to speak another API.

        target: the assistant's id or the model's name.
        """
        settings = self.settings
        streams = self._streams.setdefault(base_url, Streams())
        if settings.spoken_api == "assistants":
            return Assistants(
                client,
                http,
                target,
                self.tools,
                streams,
                instructions=settings.instructions,
                plugins=settings.plugins,
            )
        model_service = Responses if settings.spoken_api == "responses" else Completions
        return model_service(
            client, target, self.tools, streams, instructions=settings.instructions
        )

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
        conversation.drop_remote()
        conversation.turns.clear()
        stale_ids, conversation.stale_ids = conversation.stale_ids, []
        if stale_ids:
            # In the background: the reader need not wait for it.
            conversation.task = asyncio.create_task(self._forget(stale_ids, connection))
        return BoxState.ready(), []

    def markdown(self, conversation: Conversation) -> str:
        """The conversation in Markdown, to be saved."""
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
        self, conversation: Conversation, question: Question, typed: tuple[str, ...]
    ) -> AsyncIterator[tuple[Any, Any]]:
        """Put a question; yield updates of the box and the chat as the answer is written.

        typed: what stands in the connection's fields.
        """
        await self.stop(conversation)
        turn = Turn(question)
        conversation.turns.append(turn)
        rows = Rows(self.words)
        changed = asyncio.Event()
        work = self._answer(conversation, self._connected(typed), changed.set)
        task = conversation.task = asyncio.create_task(work)
        try:
            yield BoxState.busy(), rows.of(conversation)
            async for is_slow in updates(task, changed, lambda: rows.open_characters):
                note = self.words["still_waiting"] if is_slow else ""
                yield gr.skip(), rows.of(conversation, note)
        finally:
            if not task.done():
                task.cancel()  # the reader has left
        yield BoxState.ready(), rows.of(conversation)

    async def _answer(self, conversation: Conversation, service: Service, changed: Changed) -> None:
        turn = conversation.last
        await exchange(service, conversation, self.words, changed)
        if not turn.answer.problem:
            turn.answer.follow_ups = await self._follow_ups(turn.answer.text)

    async def _forget(self, stale_ids: list[str], typed: tuple[str, ...]) -> None:
        service = self._connected(typed)
        for remote_id in stale_ids:
            await forget_quietly(service, remote_id)

    def _connected(self, typed: tuple[str, ...]) -> Service:
        connection = Connection.of(self.settings, typed)
        return ConnectedService(connection, self.settings.timeout_s, self.service)

    async def _follow_ups(self, answer: str) -> list[str]:
        follow_ups = self.settings.follow_ups
        if not callable(follow_ups):
            return list(follow_ups)
        made = follow_ups(answer)
        return [str(one) for one in (await made if inspect.isawaitable(made) else made)]
