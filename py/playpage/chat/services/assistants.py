"""The Assistants API: a conversation is a thread, an answer a run that is followed to its end."""

from __future__ import annotations

import asyncio
import re
import warnings
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import openai

from ..failures import CUT, ChatError, message_in
from ..messages import Conversation, File, Question, Turn
from ..tools import Plugins, Tools
from . import files
from .base import Changed, Json, ToolCall, ToolOutput, pictures_in, run_rounds, time_line
from .citations import Footnotes
from .streaming import Streams
from .thread_answer import ThreadAnswer

#: The SDK warns at each call; the services that this is written for keep the API.
warnings.filterwarnings("ignore", "The Assistants API is deprecated", DeprecationWarning)
warnings.filterwarnings("ignore", "deprecated$", DeprecationWarning, re.escape(__name__))


class Assistants:
    """A `Service` that speaks the Assistants API.

    streams: what is known of the service's streaming; shared by all its exchanges.
    instructions: for the assistant, in addition to its own.
    plugins: have the service run the tools that are not functions of the author's, by its
        `pluginapi` (POST, arguments as JSON, the answer is text).
    """

    def __init__(
        self,
        client: openai.AsyncOpenAI,
        http: httpx.AsyncClient,
        assistant_id: str,
        tools: Tools,
        streams: Streams,
        *,
        instructions: str = "",
        plugins: bool = True,
    ) -> None:
        self.client, self.http, self.assistant_id = client, http, assistant_id
        self.threads: Any = client.beta.threads
        self.runs: Any = client.beta.threads.runs
        self.streams = streams
        self.instructions = instructions
        self.functions = tools
        self.plugins = plugins

    async def forget(self, remote_id: str) -> None:
        """Delete a thread. Raises as the SDK does."""
        await self.threads.delete(remote_id)

    async def answer(self, conversation: Conversation, changed: Changed) -> None:
        """Add the question to the thread and follow a run of the assistant."""
        thread_id = await self._add_question(conversation)
        received = ThreadAnswer(conversation.last, changed)
        body: Json = {
            "assistant_id": self.assistant_id,
            "additional_instructions": f"\n{self.instructions}\n{time_line()}".rstrip(),
        }
        if self.functions.schemas:
            body["tools"] = await self._all_tools()
        tools = self.functions.with_plugins(self._plugin(thread_id) if self.plugins else None)

        async def ask(outputs: list[ToolOutput]) -> list[ToolCall]:
            if outputs:
                await self._follow(
                    "submit_tool_outputs",
                    received,
                    thread_id,
                    run_id=received.run_id,
                    tool_outputs=[
                        {"tool_call_id": output.id, "output": output.text} for output in outputs
                    ],
                )
            else:
                await self._when_free(
                    thread_id, lambda: self._follow("create", received, thread_id, **body)
                )
            return _calls_of(received.run)

        try:
            await run_rounds(ask, conversation.last.answer, tools, changed)
        except asyncio.CancelledError:
            if received.run_id:
                await asyncio.shield(self._cancel(thread_id, received.run_id))
            raise
        await self._fetch_files(conversation.last, received.footnotes)
        _check(received.run)

    async def _add_question(self, conversation: Conversation) -> str:
        """Add the question to the conversation's thread, a new one if need be; its id."""
        question = await self._message(conversation.last.question)
        if conversation.remote_id:
            thread_id = conversation.remote_id
            try:
                await self._when_free(
                    thread_id, lambda: self.threads.messages.create(thread_id, **question)
                )
                return thread_id
            except openai.NotFoundError:
                pass  # deleted by the service, or by another tab: a new one is made
        messages = [
            message
            for turn in conversation.answered_turns
            for message in (
                await self._message(turn.question),
                {"role": "assistant", "content": turn.answer.text},
            )
        ]
        thread = await self.threads.create(messages=[*messages, question])
        conversation.remote_id = thread.id
        return str(thread.id)

    async def _message(self, question: Question) -> Json:
        """A question as the API takes it, its files uploaded."""
        ids = await asyncio.gather(*(files.upload(self.client, one) for one in question.files))
        parts: list[Json] = [{"type": "text", "text": question.text}] if question.text else []
        parts += [
            {"type": "image_url", "image_url": {"url": url}} for url in pictures_in(question.text)
        ]
        attachments: list[Json] = []
        for file, file_id in zip(question.files, ids, strict=True):
            if file.is_image:
                parts.append({"type": "image_file", "image_file": {"file_id": file_id}})
            else:
                attachments.append({"file_id": file_id, "tools": [{"type": "file_search"}]})
        # A string where it suffices: some services know nothing else.
        only_text = len(parts) == 1 and question.text
        message: Json = {"role": "user", "content": question.text if only_text else parts}
        if attachments:
            message["attachments"] = attachments
            message["content"] = message["content"] or ", ".join(f.name for f in question.files)
        return message

    async def _all_tools(self) -> list[Json]:
        """The assistant's own tools and the author's. A run's tools replace the assistant's."""
        own: list[Json] = []
        try:
            assistant = await self.client.beta.assistants.retrieve(self.assistant_id)
            own = [tool.model_dump(exclude_none=True) for tool in assistant.tools]
        except openai.APIStatusError as error:
            if error.status_code in (401, 429) or error.status_code >= 500:
                raise
                # This key may not read the assistant: only the author's tools are known.
        named = {schema["name"] for schema in self.functions.schemas}
        others = [tool for tool in own if tool.get("function", {}).get("name") not in named]
        return [*others, *({"type": "function", "function": s} for s in self.functions.schemas)]

    def _plugin(self, thread_id: str) -> Plugins:
        async def run(name: str, arguments: Any) -> str:
            response = await self.http.post(
                f"{str(self.client.base_url).rstrip('/')}/pluginapi",
                params={"tid": thread_id, "aid": self.assistant_id, "pid": name},
                headers={"Authorization": f"Bearer {self.client.api_key}"},
                json=arguments,
            )
            if not response.is_success:
                raise RuntimeError(f"{response.status_code} {response.text[:2000]}")
            return response.text

        return run

    async def _when_free(self, thread_id: str, request: Callable[[], Awaitable[Any]]) -> None:
        """Make a request of a thread; if an active run blocks it, end that run and ask again."""
        try:
            await request()
            return
        except openai.BadRequestError as error:
            if "active" not in message_in(error).lower():
                raise
            active = re.search(r"run_\w+", message_in(error))
        if active:
            await self._cancel(thread_id, active[0])
            await self.runs.poll(active[0], thread_id=thread_id)
        try:
            await request()
        except openai.BadRequestError as error:
            if "active" not in message_in(error).lower():
                raise
            raise ChatError("still_active") from error

    async def _follow(
        self, method: str, received: ThreadAnswer, thread_id: str, **body: Any
    ) -> None:
        """Start a run, or continue that of `run_id`, until it next rests (`received.run`)."""
        # Imported late: it loads a good part of the SDK.
        from openai.types.beta.threads import Run

        received.run = None
        run_id = body.get("run_id", "")
        is_stream_cut = False
        try:
            whole = await self.streams.request(
                self.runs, method, Run, received.on_event, thread_id=thread_id, **body
            )
            if whole:
                received.set_run(whole)
        except (*CUT, openai.APIConnectionError):
            # The run goes on at the service, and is followed by polling.
            if not (received.run or run_id):
                raise
            if not received.run:
                run = await self.runs.retrieve(run_id, thread_id=thread_id)
                if run.status == "requires_action":
                    raise  # the tools' outputs have not arrived
                received.set_run(run)
            is_stream_cut = True
        if received.run is None and run_id:
            received.set_run(await self.runs.retrieve(run_id, thread_id=thread_id))
            is_stream_cut = True
        if received.run is None:
            raise ChatError("odd_answer")
        if received.run.status in ("queued", "in_progress", "cancelling"):
            received.set_run(await self.runs.poll(received.run.id, thread_id=thread_id))
            is_stream_cut = True
        if is_stream_cut or not self.streams.known or received.is_partial:
            page = await self.threads.messages.list(thread_id, order="desc")
            received.take_messages(page.data)

    async def _cancel(self, thread_id: str, run_id: str) -> None:
        """Ask the service to end a run. It may have ended by itself."""
        try:
            async with asyncio.timeout(10):
                await self.runs.cancel(run_id, thread_id=thread_id)
        except (openai.OpenAIError, httpx.HTTPError, TimeoutError):
            pass

    async def _fetch_files(self, turn: Turn, footnotes: Footnotes) -> None:
        """Get the pictures and files of an answer, and the names of what it cites."""
        turn.answer.parts += [File("", one, one) for one in footnotes.paths]
        missing = [p for p in turn.answer.parts if isinstance(p, File) and not p.path]

        async def fetch(part: File) -> None:
            content = (await self.client.files.content(part.id)).content
            part.name = await self._name(part.id)
            part.path = files.save(content, part.name)
            part.name = part.path.rpartition("/")[2]

        async def name(file_id: str) -> None:
            footnotes.name_file(file_id, await self._name(file_id))

        named = [name(file_id) for file_id in list(footnotes.files)]
        # A file that cannot be fetched must not cost the reader the answer.
        await asyncio.gather(*map(fetch, missing), *named, return_exceptions=True)

    async def _name(self, file_id: str) -> str:
        try:
            return (await self.client.files.retrieve(file_id)).filename or file_id
        except openai.OpenAIError:
            return file_id


def _calls_of(run: Any) -> list[ToolCall]:
    """The tool calls that a run waits for."""
    if run.status != "requires_action" or not run.required_action:
        return []
    return [
        ToolCall(call.id, call.function.name, call.function.arguments)
        for call in run.required_action.submit_tool_outputs.tool_calls
    ]


def _check(run: Any) -> None:
    """Raise ChatError unless the run has completed."""
    if run.status == "completed":
        return
    if run.status == "incomplete":
        reason = run.incomplete_details.reason if run.incomplete_details else None
        if reason in ("max_completion_tokens", "max_prompt_tokens"):
            raise ChatError("too_long")
        raise ChatError("filtered" if reason == "content_filter" else "incomplete", reason=reason)
    if run.status == "failed":
        last = run.last_error
        overloaded = last and last.code == "rate_limit_exceeded"
        reason = last.message if last and last.message else run.status
        raise ChatError("overloaded" if overloaded else "failed", reason=reason)
    known = {"expired": "expired", "cancelled": "cancelled"}
    raise ChatError(known.get(run.status, "incomplete"), reason=run.status)
