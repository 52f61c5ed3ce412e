"""Chat Completions: the service remembers nothing, so each request tells the whole conversation."""

from __future__ import annotations

from typing import Any

import openai

from . import files
from .citations import Footnotes
from .failures import ChatError
from .messages import Answer, Conversation, Question, Text
from .service import Changed, pictures_in, take_steps, time_line
from .streaming import Streams
from .tools import Tools

MAX_ROUNDS = 25

Json = dict[str, Any]


class Completions:
    """A `Service` that speaks Chat Completions."""

    def __init__(
        self,
        client: openai.AsyncOpenAI,
        model: str,
        tools: Tools,
        streams: Streams,
        *,
        instructions: str = "",
    ) -> None:
        self.client, self.model, self.tools, self.streams = client, model, tools, streams
        self.instructions = instructions

    async def forget(self, memory: str) -> None:
        """There is nothing that the service keeps."""

    async def answer(self, conversation: Conversation, changed: Changed) -> None:
        """Send the conversation, run the tools that are asked for, and send again."""
        # Imported where it is used: with it comes a good part of the SDK.
        from openai.types.chat import ChatCompletion

        answer = conversation.last.answer
        system = f"{self.instructions}\n\n{time_line()}".strip()
        messages: list[Json] = [{"role": "system", "content": system}]
        for turn in conversation.told:
            messages.append({"role": "user", "content": content_of(turn.question)})
            messages.append({"role": "assistant", "content": turn.answer.text})
        messages.append({"role": "user", "content": content_of(conversation.last.question)})
        body: Json = {"model": self.model, "messages": messages}
        if self.tools.schemas:
            body["tools"] = [{"type": "function", "function": one} for one in self.tools.schemas]
        for _ in range(MAX_ROUNDS):
            said = _Said(answer, changed)
            whole = await self.streams.request(
                self.client.chat.completions, "create", ChatCompletion, said.on_chunk, **body
            )
            if whole:
                said.on_whole(whole)
            said.end()
            if not said.calls:
                _check(said.reason)
                return
            calls = list(said.calls.values())
            messages.append(said.as_message())
            outputs = await take_steps(
                answer, [(c["id"], c["name"], c["arguments"]) for c in calls], self.tools, changed
            )
            messages += [
                {"role": "tool", "tool_call_id": call, "content": output}
                for call, output in outputs
            ]
        raise ChatError("too_many_rounds")


def content_of(question: Question) -> str | list[Json]:
    """A question as the API takes it. Raises OSError for a file that is gone."""
    texts = [question.text] if question.text else []
    parts: list[Json] = []
    for file in question.files:
        if file.is_image:
            parts.append({"type": "image_url", "image_url": {"url": files.data_url(file)}})
        elif (text := files.as_text(file)) is not None:
            texts.append(text)
        else:
            content = {"filename": file.name, "file_data": files.data_url(file)}
            parts.append({"type": "file", "file": content})
    parts += [
        {"type": "image_url", "image_url": {"url": url}} for url in pictures_in(question.text)
    ]
    if not parts:
        return "\n\n".join(texts)
    return [*({"type": "text", "text": text} for text in texts), *parts]


class _Said:
    """One reply of the model: words, and the calls that it asks for."""

    def __init__(self, answer: Answer, changed: Changed) -> None:
        self.answer, self.changed = answer, changed
        self.calls: dict[int, dict[str, str]] = {}
        self.reason: str | None = None
        self._words: list[str] = []
        self._annotations: list[Any] = []

    def on_chunk(self, chunk: Any) -> None:
        """One chunk of the stream."""
        # A bare {"msg": …} passes the SDK as a chunk.
        if chunk.choices is None and (said := getattr(chunk, "msg", "")):
            raise ChatError("failed", reason=said)
        for choice in (chunk.choices or [])[:1]:
            self._take(choice.delta)
            self.reason = choice.finish_reason or self.reason

    def on_whole(self, completion: Any) -> None:
        """A reply that was not streamed."""
        for choice in (completion.choices or [])[:1]:
            self._take(choice.message)
            self.reason = choice.finish_reason

    def _take(self, message: Any) -> None:
        if words := (message.content or getattr(message, "refusal", None)):
            if not self._words:
                self.answer.write("" if not self.answer.text else "\n\n")
            self._words.append(words)
            self.answer.write(words)
        self._annotations += getattr(message, "annotations", None) or []
        for place, call in enumerate(message.tool_calls or ()):
            index = getattr(call, "index", None)
            known = self.calls.setdefault(
                place if index is None else index, {"id": "", "name": "", "arguments": ""}
            )
            known["id"] = call.id or known["id"]
            if call.function:
                known["name"] += call.function.name or ""
                known["arguments"] += call.function.arguments or ""
        self.changed()

    def end(self) -> None:
        """Turn what it cites into footnotes."""
        if not (self._annotations and self._words):
            return
        text = "".join(self._words)
        last = next(part for part in reversed(self.answer.parts) if isinstance(part, Text))
        before = last.markdown.removesuffix(text)
        last.markdown = before + Footnotes(self.answer).cite(text, self._annotations)
        self.changed()

    def as_message(self) -> Json:
        """The reply, to be told to the service again."""
        return {
            "role": "assistant",
            "content": "".join(self._words) or None,
            "tool_calls": [
                {
                    "id": call["id"],
                    "type": "function",
                    "function": {"name": call["name"], "arguments": call["arguments"]},
                }
                for call in self.calls.values()
            ],
        }


def _check(reason: str | None) -> None:
    if reason == "length":
        raise ChatError("too_long")
    if reason == "content_filter":
        raise ChatError("filtered")
