"""How a response comes about: its events, in the published order."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import Any

from playpage_site.demo import response_objects
from playpage_site.demo.backend import Backend, BackendError
from playpage_site.demo.citations import file_id_of, url_citation
from playpage_site.demo.dialogue import Dialogue, Piece, pieces
from playpage_site.demo.script import ToolCall
from playpage_site.demo.store import Json, Store
from playpage_site.demo.streams import fragments


class ResponseMaker:
    """Makes one response; `response` is the object as it stands.

    An event holds that object, which goes on changing: it is written out, or
    dropped, before the next one is asked for.
    """

    def __init__(self, response: Json, dialogue: Dialogue, backend: Backend, store: Store) -> None:
        self.response = response
        self.dialogue = dialogue
        self.backend = backend
        self.store = store
        self.sequence_number = -1

    def event(self, kind: str, **fields: Any) -> Json:
        self.sequence_number += 1
        return {"type": f"response.{kind}", "sequence_number": self.sequence_number, **fields}

    async def events(
        self, calls: Sequence[ToolCall], slow_s: float, piece_s: float
    ) -> AsyncIterator[Json]:
        """slow_s: a pause before all output; piece_s: one after each piece of it."""
        yield self.event("created", response=self.response)
        yield self.event("in_progress", response=self.response)
        await asyncio.sleep(slow_s)
        error = None
        plan = self.dialogue.plan
        if calls:
            for call in calls:
                async for event in self.call_events(call, piece_s):
                    yield event
        elif plan.ending == "failed":
            error = {"code": plan.error_code, "message": plan.error_message}
        else:
            try:
                async for event in self.message_events(piece_s):
                    yield event
            except BackendError as problem:
                error = {"code": "server_error", "message": str(problem)}
        status = "incomplete" if plan.ending == "incomplete" and not calls else "completed"
        yield self.end("failed" if error else status, error)

    async def call_events(self, call: ToolCall, piece_s: float) -> AsyncIterator[Json]:
        item = response_objects.call_item(call.name)
        where = self.add(item)
        yield self.event("output_item.added", output_index=where["output_index"], item=item)
        for piece in fragments(call.arguments):
            item["arguments"] += piece
            yield self.event("function_call_arguments.delta", **where, delta=piece)
            await asyncio.sleep(piece_s)
        yield self.event(
            "function_call_arguments.done", **where, name=call.name, arguments=call.arguments
        )
        item["status"] = "completed"
        yield self.event("output_item.done", output_index=where["output_index"], item=item)

    async def message_events(self, piece_s: float) -> AsyncIterator[Json]:
        """Raises BackendError; the item then stays as it is, incomplete."""
        item = response_objects.message_item()
        where = self.add(item)
        index = where["output_index"]
        yield self.event("output_item.added", output_index=index, item=item)
        item["status"] = "incomplete"
        part = response_objects.text_part()
        item["content"].append(part)
        place = {**where, "content_index": 0}
        yield self.event("content_part.added", **place, part=part)
        async for piece in pieces(self.backend, self.dialogue):
            start = len(part["text"])
            part["text"] += piece.text
            yield self.event("output_text.delta", **place, delta=piece.text, logprobs=[])
            for annotation in self.annotations(piece, start):
                number = len(part["annotations"])
                part["annotations"].append(annotation)
                yield self.event(
                    "output_text.annotation.added",
                    **place,
                    annotation_index=number,
                    annotation=annotation,
                )
            await asyncio.sleep(piece_s)
        yield self.event("output_text.done", **place, text=part["text"], logprobs=[])
        yield self.event("content_part.done", **place, part=part)
        if self.dialogue.plan.ending != "incomplete":
            item["status"] = "completed"
        yield self.event("output_item.done", output_index=index, item=item)

    def annotations(self, piece: Piece, start: int) -> list[Json]:
        """A citation of the file and of its page, over a piece that cites."""
        source = piece.source
        if source is None:
            return []
        file: Json = {
            "type": "file_citation",
            "file_id": file_id_of(source, self.store),
            "filename": source.filename,
            "index": start,
        }
        return [file, {"type": "url_citation", **url_citation(source, start)}]

    def add(self, item: Json) -> Json:
        self.response["output"].append(item)
        return {"item_id": item["id"], "output_index": len(self.response["output"]) - 1}

    def end(self, status: str, error: Json | None) -> Json:
        if status == "incomplete":
            self.response["incomplete_details"] = {"reason": "max_output_tokens"}
        answer = " ".join(
            part["text"] for item in self.response["output"] for part in item.get("content", [])
        )
        spent = response_objects.usage(self.dialogue.turn.last.text, answer)
        self.response.update(status=status, error=error, usage=spent)
        return self.event(status, response=self.response)
