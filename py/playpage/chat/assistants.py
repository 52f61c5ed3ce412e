"""The Assistants API: a conversation is a thread, an answer a run that is followed to its end."""

from __future__ import annotations

import asyncio
import re
import warnings
from typing import Any

import httpx
import openai

from . import files
from .citations import Footnotes
from .failures import CUT, ChatError, said_in
from .messages import Conversation, File, Question, Turn
from .service import Changed, pictures_in, take_steps, time_line
from .shown import Shown
from .streaming import Streams
from .tools import Tools

#: The SDK says so at each call; the services that this is for go on.
warnings.filterwarnings("ignore", "The Assistants API is deprecated", DeprecationWarning)
warnings.filterwarnings("ignore", "deprecated$", DeprecationWarning, re.escape(__name__))

#: More rounds of tool calls than any answer needs.
MAX_ROUNDS = 25

Json = dict[str, Any]


class Assistants:
    """A `Service` that speaks the Assistants API.

    plugins: have the service run the tools that are no functions of the author's, by its
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

    async def forget(self, memory: str) -> None:
        """Delete a thread. Raises as the SDK does."""
        await self.threads.delete(memory)

    async def answer(self, conversation: Conversation, changed: Changed) -> None:
        """Add the question to the thread and follow a run of the assistant."""
        thread_id = await self._ask(conversation)
        shown = Shown(conversation.last, changed)
        body: Json = {
            "assistant_id": self.assistant_id,
            "additional_instructions": f"\n{self.instructions}\n{time_line()}".rstrip(),
        }
        if self.functions.schemas:
            body["tools"] = await self._all_tools()
        tools = self.functions.with_plugins(self._plugin(thread_id) if self.plugins else None)
        run = await self._when_free(
            thread_id, lambda: self._follow("create", shown, thread_id=thread_id, **body)
        )
        for _ in range(MAX_ROUNDS):
            action = run.required_action
            if run.status != "requires_action" or not action:
                break
            asked = action.submit_tool_outputs.tool_calls
            calls = [(call.id, call.function.name, call.function.arguments) for call in asked]
            try:
                outputs = await take_steps(conversation.last.answer, calls, tools, changed)
            except asyncio.CancelledError:
                await asyncio.shield(self._cancel(thread_id, run.id))
                raise
            run = await self._follow(
                "submit_tool_outputs",
                shown,
                run_id=run.id,
                thread_id=thread_id,
                tool_outputs=[{"tool_call_id": call, "output": said} for call, said in outputs],
            )
        await self._fetch_files(conversation.last, shown.footnotes)
        _check(run)

    async def _ask(self, conversation: Conversation) -> str:
        """Put the question into the conversation's thread, and make one where there is none."""
        question = await self._message(conversation.last.question)
        if conversation.memory:
            thread_id = conversation.memory
            try:
                await self._when_free(
                    thread_id, lambda: self.threads.messages.create(thread_id, **question)
                )
                return thread_id
            except openai.NotFoundError:
                pass  # deleted by the service, or by another tab: it is told anew
        messages = [
            message
            for turn in conversation.told
            for message in (
                await self._message(turn.question),
                {"role": "assistant", "content": turn.answer.text},
            )
        ]
        thread = await self.threads.create(messages=[*messages, question])
        conversation.memory = thread.id
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
        # Services that know plain words only get plain words.
        only_text = len(parts) == 1 and question.text
        message: Json = {"role": "user", "content": question.text if only_text else parts}
        if attachments:
            message["attachments"] = attachments
            message["content"] = message["content"] or ", ".join(f.name for f in question.files)
        return message

    async def _all_tools(self) -> list[Json]:
        """The assistant's own tools and the author's: a run's tools take the place of its own."""
        own: list[Json] = []
        try:
            assistant = await self.client.beta.assistants.retrieve(self.assistant_id)
            own = [tool.model_dump(exclude_none=True) for tool in assistant.tools]
        except openai.APIStatusError as error:
            if error.status_code in (401, 429) or error.status_code >= 500:
                raise
            # It is not for this key: the author's are all there is to know of.
        named = {schema["name"] for schema in self.functions.schemas}
        others = [tool for tool in own if tool.get("function", {}).get("name") not in named]
        return [*others, *({"type": "function", "function": s} for s in self.functions.schemas)]

    def _plugin(self, thread_id: str) -> Any:
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

    async def _when_free(self, thread_id: str, request: Any) -> Any:
        """Make a request of a thread; where a run is in its way, end that and ask again."""
        try:
            return await request()
        except openai.BadRequestError as error:
            if "active" not in said_in(error).lower():
                raise
            active = re.search(r"run_\w+", said_in(error))
        if active:
            await self._cancel(thread_id, active[0])
            await self.runs.poll(active[0], thread_id=thread_id)
        try:
            return await request()
        except openai.BadRequestError as error:
            if "active" not in said_in(error).lower():
                raise
            raise ChatError("still_active") from error

    async def _follow(self, method: str, shown: Shown, *, thread_id: str, **body: Any) -> Any:
        """Start a run, or continue that of `run_id`; gives it where it next rests."""
        # Imported where it is used: with it comes a good part of the SDK.
        from openai.types.beta.threads import Run

        shown.run = None
        run_id = body.get("run_id", "")
        is_left = False  # has the stream been left, or has it left us, before the end?
        try:
            try:
                whole = await self.streams.request(
                    self.runs, method, Run, shown.on_event, thread_id=thread_id, **body
                )
                run = whole or shown.run
            except (*CUT, openai.APIConnectionError):
                # The run goes on at the service; it is followed by asking.
                if not (shown.run or run_id):
                    raise
                run = shown.run or await self.runs.retrieve(run_id, thread_id=thread_id)
                if run.status == "requires_action" and run is not shown.run:
                    raise  # the tools' outputs have not arrived
                is_left = True
            if run is None and run_id:
                run, is_left = await self.runs.retrieve(run_id, thread_id=thread_id), True
            if run is None:
                raise ChatError("odd_answer")
            shown.run = run
            if run.status in ("queued", "in_progress", "cancelling"):
                run = shown.run = await self.runs.poll(run.id, thread_id=thread_id)
                is_left = True
            if is_left or not self.streams.known or shown.is_partial:
                page = await self.threads.messages.list(thread_id, order="desc")
                shown.messages(page.data)
            return run
        except asyncio.CancelledError:
            if shown.run is not None or run_id:
                known = shown.run.id if shown.run else run_id
                await asyncio.shield(self._cancel(thread_id, known))
            raise

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
        # One that cannot be had must not take the answer with it.
        await asyncio.gather(*map(fetch, missing), *named, return_exceptions=True)

    async def _name(self, file_id: str) -> str:
        try:
            return (await self.client.files.retrieve(file_id)).filename or file_id
        except openai.OpenAIError:
            return file_id


def _check(run: Any) -> None:
    """Raises ChatError unless the run has completed."""
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
    if run.status == "requires_action":
        raise ChatError("too_many_rounds")
    known = {"expired": "expired", "cancelled": "cancelled"}
    raise ChatError(known.get(run.status, "incomplete"), reason=run.status)
