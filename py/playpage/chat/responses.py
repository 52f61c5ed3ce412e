"""The Responses API: an answer goes on from the response before it, which the service keeps."""

from __future__ import annotations

from typing import Any

import openai

from . import files
from .citations import Footnotes
from .failures import ChatError, said_in
from .messages import Answer, Conversation, Question, Text
from .service import Changed, pictures_in, take_steps, time_line
from .streaming import Streams
from .tools import Tools

MAX_ROUNDS = 25

Json = dict[str, Any]


class Responses:
    """A `Service` that speaks the Responses API."""

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
        """Delete a response. Raises as the SDK does."""
        await self.client.responses.delete(memory)

    async def answer(self, conversation: Conversation, changed: Changed) -> None:
        """Send the question, run the tools that are asked for, and send what they gave."""
        answer = conversation.last.answer
        body: Json = {
            "model": self.model,
            "instructions": f"{self.instructions}\n\n{time_line()}".strip(),
        }
        if self.tools.schemas:
            body["tools"] = [
                {"type": "function", "strict": False, **one} for one in self.tools.schemas
            ]
        turn: list[Json] = [item_of(conversation.last.question)]
        new = turn
        for _ in range(MAX_ROUNDS):
            said = _Said(answer, changed)
            await self._send(conversation, said, turn, new, body)
            response = said.response
            if response is None:
                raise ChatError("cut" if answer.text else "odd_answer")
            conversation.memory = response.id or ""
            calls = [item for item in response.output or () if item.type == "function_call"]
            if not calls:
                _check(response)
                return
            outputs = await take_steps(
                answer, [(c.call_id, c.name, c.arguments) for c in calls], self.tools, changed
            )
            new = [
                {"type": "function_call_output", "call_id": call, "output": output}
                for call, output in outputs
            ]
            turn = [*turn, *map(_as_call, calls), *new]
        raise ChatError("too_many_rounds")

    async def _send(
        self, conversation: Conversation, said: _Said, turn: list[Json], new: list[Json], body: Json
    ) -> None:
        """Send what is new since the last response; all of it where the service keeps none."""
        if conversation.memory:
            try:
                await self._request(
                    said, **body, input=new, previous_response_id=conversation.memory
                )
                return
            except (openai.NotFoundError, openai.BadRequestError) as error:
                if "response" not in said_in(error).lower():
                    raise
        earlier = [
            item
            for one in conversation.told
            for item in (item_of(one.question), {"role": "assistant", "content": one.answer.text})
        ]
        await self._request(said, **body, input=[*earlier, *turn])

    async def _request(self, said: _Said, **body: Any) -> None:
        # Imported where it is used: with it comes a good part of the SDK.
        from openai.types.responses import Response

        whole = await self.streams.request(
            self.client.responses, "create", Response, said.on_event, **body
        )
        if whole:
            said.on_whole(whole)


def item_of(question: Question) -> Json:
    """A question as the API takes it. Raises OSError for a file that is gone."""
    parts: list[Json] = []
    if question.text:
        parts.append({"type": "input_text", "text": question.text})
    for file in question.files:
        if file.is_image:
            parts.append({"type": "input_image", "image_url": files.data_url(file)})
        elif (text := files.as_text(file)) is not None:
            parts.append({"type": "input_text", "text": text})
        else:
            content = {"filename": file.name, "file_data": files.data_url(file)}
            parts.append({"type": "input_file", **content})
    parts += [{"type": "input_image", "image_url": url} for url in pictures_in(question.text)]
    return {"role": "user", "content": parts}


class _Said:
    """One response: words by the item and the part of it, and how it ended."""

    def __init__(self, answer: Answer, changed: Changed) -> None:
        self.answer, self.changed = answer, changed
        self.response: Any = None
        self.footnotes = Footnotes(answer)
        self._texts: dict[tuple[str, int], Text] = {}

    def on_event(self, event: Any) -> None:
        """One event of the stream. Raises ChatError for one that says it failed."""
        if event.type == "response.output_text.delta" or event.type == "response.refusal.delta":
            self._text(event.item_id, event.content_index).markdown += event.delta
        elif event.type == "response.output_item.done":
            self._item(event.item)
        elif event.type in ("response.completed", "response.incomplete", "response.failed"):
            self.response = event.response
        elif event.type == "error":
            raise ChatError("failed", reason=event.message)
        self.changed()

    def on_whole(self, response: Any) -> None:
        """A response that was not streamed."""
        self.response = response
        for item in response.output or ():
            self._item(item)
        self.changed()

    def _item(self, item: Any) -> None:
        """An item as it is in the end."""
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


def _as_call(call: Any) -> Json:
    return {
        "type": "function_call",
        "call_id": call.call_id,
        "name": call.name,
        "arguments": call.arguments,
    }


def _check(response: Any) -> None:
    """Raises ChatError unless the response has completed."""
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
