"""The content of an assistant's message: how it grows, and the deltas that tell of it."""

from __future__ import annotations

from collections.abc import AsyncIterator

from playpage_site.demo import objects
from playpage_site.demo.citations import file_id_of, source_of
from playpage_site.demo.pictures import new_picture_file
from playpage_site.demo.script import Plan
from playpage_site.demo.store import Json, Store


async def grow(
    message: Json, words: AsyncIterator[str], plan: Plan, store: Store
) -> AsyncIterator[Json]:
    """Write an answer into a message, and yield the delta of each step.

    A picture comes before the text, as a tool that draws has it.

    Raises BackendError, as `words` does.
    """
    content = message["content"]
    if plan.extra == "draw":
        image = {"file_id": new_picture_file(store), "detail": "auto"}
        content.append({"type": "image_file", "image_file": image})
        yield delta(message, 0, content[0])
    place = len(content)
    async for piece in words:
        if len(content) == place:
            content.append(objects.text_part(""))
        text = content[place]["text"]
        before = len(text["annotations"])
        notes = citations_in(piece, len(text["value"]), store) if plan.extra == "cite" else []
        text["value"] += piece
        text["annotations"] += notes
        numbered = [{"index": before + number, **note} for number, note in enumerate(notes)]
        yield delta(
            message, place, {"type": "text", "text": {"value": piece, "annotations": numbered}}
        )


def delta(message: Json, index: int, part: Json) -> Json:
    content = [{"index": index, **part}]
    return {"id": message["id"], "object": "thread.message.delta", "delta": {"content": content}}


def citations_in(piece: str, start: int, store: Store) -> list[Json]:
    """The citation of a file, where the piece is its mark; it begins at `start` in the text."""
    source = source_of(piece)
    if source is None:
        return []
    return [
        {
            "type": "file_citation",
            "text": piece,
            "start_index": start,
            "end_index": start + len(piece),
            "file_citation": {"file_id": file_id_of(source, store)},
        }
    ]
