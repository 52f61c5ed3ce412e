"""The Responses API: an answer goes on from the response before it, which the service keeps."""

from __future__ import annotations

from typing import Any

import openai

from ..failures import ChatError, message_in
from ..messages import Answer, Conversation, Question, Text
from .base import Changed, Json, ToolCall, ToolOutput, run_rounds
from .citations import Footnotes
from .model import ModelService, Piece, pieces_of


class Responses(ModelService):
    """A `Service` that speaks the Responses API."""

    async def forget(self, remote_id: str) -> None:
        """Delete a response. Raises as the SDK does."""
        await self.client.responses.delete(remote_id)

    async def answer(self, conversation: Conversation, changed: Changed) -> None:
        """Send the question, run the tools that are called, and send their outputs."""
        answer = conversation.last.answer
        body: Json = {"model": self.model, "instructions": self.system_prompt}
        if self.tools.schemas:
            body["tools"] = [
                {"type": "function", "strict": False, **one} for one in self.tools.schemas
            ]
        # All items of this turn so far, for a service that has lost the response before.
        turn_items: list[Json] = [item_of(conversation.last.question)]

        async def ask(outputs: list[ToolOutput]) -> list[ToolCall]:
            new_items = [
                {"type": "function_call_output", "call_id": output.id, "output": output.text}
                for output in outputs
            ]
            turn_items.extend(new_items)
            reply = _Reply(answer, changed)
            await self._send(conversation, reply, turn_items, new_items or turn_items, body)
            response = reply.response
            if response is None:
                raise ChatError("cut" if answer.text else "odd_answer")
            conversation.remote_id = response.id or ""
            calls = [
                ToolCall(item.call_id, item.name, item.arguments)
                for item in response.output or ()
                if item.type == "function_call"
            ]
            if not calls:
                _check(response)
            turn_items.extend(map(_call_item, calls))
            return calls

        await run_rounds(ask, answer, self.tools, changed)

    async def _send(
        self,
        conversation: Conversation,
        reply: _Reply,
        turn_items: list[Json],
        new_items: list[Json],
        body: Json,
    ) -> None:
        """Send what is new since the last response; everything where the service has none."""
        if conversation.remote_id:
            try:
                await self._request(
                    reply, **body, input=new_items, previous_response_id=conversation.remote_id
                )
                return
            except (openai.NotFoundError, openai.BadRequestError) as error:
                if "response" not in message_in(error).lower():
                    raise
        earlier_items = [
            item
            for turn in conversation.answered_turns
            for item in (
                item_of(turn.question),
                {"role": "assistant", "content": turn.answer.text},
            )
        ]
        await self._request(reply, **body, input=[*earlier_items, *turn_items])

    async def _request(self, reply: _Reply, **body: Any) -> None:
        # Imported late: it loads a good part of the SDK.
        from openai.types.responses import Response

        response = await self.streams.request(
            self.client.responses, "create", Response, reply.on_event, **body
        )
        if response:
            reply.on_response(response)


def item_of(question: Question) -> Json:
    """A question as the API takes it. Raises OSError for a file that is gone."""
    return {"role": "user", "content": [_part(piece) for piece in pieces_of(question)]}


def _part(piece: Piece) -> Json:
    if piece[0] == "file":
        return {"type": "input_file", **piece[1]}
    if piece[0] == "image":
        return {"type": "input_image", "image_url": piece[1]}
    return {"type": "input_text", "text": piece[1]}


def _call_item(call: ToolCall) -> Json:
    return {
        "type": "function_call",
        "call_id": call.id,
        "name": call.name,
        "arguments": call.arguments,
    }


class _Reply:
    """One response: its words by item and part, and the response itself once it has ended."""

    def __init__(self, answer: Answer, changed: Changed) -> None:
        self.answer, self.changed = answer, changed
        self.response: Any = None
        self.footnotes = Footnotes(answer)
        self._texts: dict[tuple[str, int], Text] = {}

    def on_event(self, event: Any) -> None:
        """Take one event of the stream. Raises ChatError for one that is an error."""
        if event.type == "response.output_text.delta" or event.type == "response.refusal.delta":
            self._text(event.item_id, event.content_index).markdown += event.delta
        elif event.type == "response.output_item.done":
            self._take(event.item)
        elif event.type in ("response.completed", "response.incomplete", "response.failed"):
            self.response = event.response
        elif event.type == "error":
            raise ChatError("failed", reason=event.message)
        self.changed()

    def on_response(self, response: Any) -> None:
        """Take a response that was not streamed."""
        self.response = response
        for item in response.output or ():
            self._take(item)
        self.changed()

    def _take(self, item: Any) -> None:
        """Take an item in its final form."""
        if item.type != "message":
            return
        for index, part in enumerate(item.content):
            text = self._text(item.id, index)
            if part.type == "output_text":
                text.markdown = self.footnotes.cite(part.text, part.annotations or ())
            elif part.type == "refusal":
                text.markdown = part.refusal

    def _text(self, item_id: str, index: int) -> Text:
        place = (item_id or "", index or 0)
        if place not in self._texts:
            self._texts[place] = Text()
            self.answer.parts.append(self._texts[place])
        return self._texts[place]


def _check(response: Any) -> None:
    """Raise ChatError unless the response has completed."""
    if response.status == "failed":
        error = response.error
        overloaded = error and error.code == "rate_limit_exceeded"
        reason = error.message if error else response.status
        raise ChatError("overloaded" if overloaded else "failed", reason=reason)
    if response.status == "incomplete":
        details = response.incomplete_details
        reason = details.reason if details else None
        known = {"max_output_tokens": "too_long", "content_filter": "filtered"}
        raise ChatError(known.get(reason or "", "incomplete"), reason=reason)
