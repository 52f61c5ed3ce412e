"""Chat Completions: the service keeps nothing, so each request holds the whole conversation."""

from __future__ import annotations

from typing import Any

from ..failures import ChatError
from ..messages import Answer, Conversation, Question, Text
from .base import Changed, Json, ToolCall, ToolOutput, run_rounds
from .citations import Footnotes
from .model import ModelService, Piece, pieces_of


class Completions(ModelService):
    """A `Service` that speaks Chat Completions."""

    async def forget(self, remote_id: str) -> None:
        """Do nothing: the service keeps nothing."""

    async def answer(self, conversation: Conversation, changed: Changed) -> None:
        """Send the conversation, run the tools that are called, and send again."""
        # Imported late: it loads a good part of the SDK.
        from openai.types.chat import ChatCompletion

        answer = conversation.last.answer
        messages: list[Json] = [{"role": "system", "content": self.system_prompt}]
        for turn in conversation.answered_turns:
            messages.append({"role": "user", "content": content_of(turn.question)})
            messages.append({"role": "assistant", "content": turn.answer.text})
        messages.append({"role": "user", "content": content_of(conversation.last.question)})
        body: Json = {"model": self.model, "messages": messages}
        if self.tools.schemas:
            body["tools"] = [{"type": "function", "function": one} for one in self.tools.schemas]

        async def ask(outputs: list[ToolOutput]) -> list[ToolCall]:
            messages.extend(
                {"role": "tool", "tool_call_id": output.id, "content": output.text}
                for output in outputs
            )
            reply = _Reply(answer, changed)
            completion = await self.streams.request(
                self.client.chat.completions, "create", ChatCompletion, reply.on_chunk, **body
            )
            if completion:
                reply.on_completion(completion)
            reply.add_footnotes()
            if reply.calls:
                messages.append(reply.as_message())
            else:
                _check(reply.finish_reason)
            return reply.calls

        await run_rounds(ask, answer, self.tools, changed)


def content_of(question: Question) -> str | list[Json]:
    """A question as the API takes it: a string, or parts where it has more than text.

    Raises OSError for a file that is gone.
    """
    pieces = list(pieces_of(question))
    texts = [content for kind, content in pieces if kind == "text"]
    others = [_part(piece) for piece in pieces if piece[0] != "text"]
    if not others:
        return "\n\n".join(map(str, texts))
    return [*({"type": "text", "text": text} for text in texts), *others]


def _part(piece: Piece) -> Json:
    if piece[0] == "image":
        return {"type": "image_url", "image_url": {"url": piece[1]}}
    return {"type": "file", "file": piece[1]}


class _Reply:
    """One reply of the model: words and tool calls.

    finish_reason: as the service gives it; None until then.
    """

    def __init__(self, answer: Answer, changed: Changed) -> None:
        self.answer, self.changed = answer, changed
        self.finish_reason: str | None = None
        self._calls: dict[int, dict[str, str]] = {}
        self._words: list[str] = []
        self._annotations: list[Any] = []

    @property
    def calls(self) -> list[ToolCall]:
        """The tool calls as far as they have arrived."""
        return [ToolCall(**call) for call in self._calls.values()]

    def on_chunk(self, chunk: Any) -> None:
        """Take one chunk of the stream. Raises ChatError for one that is an error."""
        # A bare {"msg": …} passes the SDK as a chunk.
        if chunk.choices is None and (message := getattr(chunk, "msg", "")):
            raise ChatError("failed", reason=message)
        for choice in (chunk.choices or [])[:1]:
            self._take(choice.delta)
            self.finish_reason = choice.finish_reason or self.finish_reason

    def on_completion(self, completion: Any) -> None:
        """Take a reply that was not streamed."""
        for choice in (completion.choices or [])[:1]:
            self._take(choice.message)
            self.finish_reason = choice.finish_reason

    def _take(self, message: Any) -> None:
        if words := (message.content or getattr(message, "refusal", None)):
            if not self._words:
                self.answer.write("" if not self.answer.text else "\n\n")
            self._words.append(words)
            self.answer.write(words)
        self._annotations += getattr(message, "annotations", None) or []
        for place, call in enumerate(message.tool_calls or ()):
            index = getattr(call, "index", None)
            known = self._calls.setdefault(
                place if index is None else index, {"id": "", "name": "", "arguments": ""}
            )
            known["id"] = call.id or known["id"]
            if call.function:
                known["name"] += call.function.name or ""
                known["arguments"] += call.function.arguments or ""
        self.changed()

    def add_footnotes(self) -> None:
        """Turn the reply's annotations into footnotes, once all of it has arrived."""
        if not (self._annotations and self._words):
            return
        text = "".join(self._words)
        last = next(part for part in reversed(self.answer.parts) if isinstance(part, Text))
        before = last.markdown.removesuffix(text)
        last.markdown = before + Footnotes(self.answer).cite(text, self._annotations)
        self.changed()

    def as_message(self) -> Json:
        """The reply as a message of the next request."""
        return {
            "role": "assistant",
            "content": "".join(self._words) or None,
            "tool_calls": [
                {
                    "id": call.id,
                    "type": "function",
                    "function": {"name": call.name, "arguments": call.arguments},
                }
                for call in self.calls
            ],
        }


def _check(finish_reason: str | None) -> None:
    """Raise ChatError unless the answer is whole."""
    if finish_reason == "length":
        raise ChatError("too_long")
    if finish_reason == "content_filter":
        raise ChatError("filtered")
