"""A thread as the script and the model see it: who said what, and what the tools answered."""

from __future__ import annotations

from playpage_site.demo.script import Said, ToolResult, Turn
from playpage_site.demo.store import Json, RunRecord, Store, ThreadRecord


def said_in(thread: ThreadRecord, store: Store) -> list[Said]:
    """The messages of a thread, oldest first.

    A client may send a text and its pictures as messages that follow each
    other: the last message with words gets all pictures and files since the
    last answer.
    """
    said = [
        Said(message["role"], *read_content(message["content"], store), attached(message, store))
        for message in thread.messages
    ]
    start = 1 + max((place for place, one in enumerate(said) if one.role != "user"), default=-1)
    asked = [one for one in said[start:] if one.text]
    if not asked:
        return said
    images = tuple(image for one in said[start:] for image in one.images)
    earlier = [one for one in said[start:] if one is not asked[-1]]
    texts = [Said("user", one.text) for one in earlier if one.text]
    files = tuple(name for one in said[start:] for name in one.files)
    return [*said[:start], *texts, Said("user", asked[-1].text, images, files)]


def last_words(thread: ThreadRecord, store: Store) -> str:
    """The text that the next run answers."""
    return Turn(said_in(thread, store)).last.text


def read_content(content: list[Json], store: Store) -> tuple[str, tuple[str, ...]]:
    texts: list[str] = []
    images: list[str] = []
    for part in content:
        if part["type"] == "text":
            texts.append(part["text"]["value"])
        elif part["type"] == "image_url":
            images.append(part["image_url"]["url"][:200])
        elif part["type"] == "image_file":
            images.append(describe_file(part["image_file"]["file_id"], store))
    return "\n".join(texts), tuple(images)


def attached(message: Json, store: Store) -> tuple[str, ...]:
    return tuple(describe_file(one["file_id"], store) for one in message["attachments"])


def describe_file(file_id: str, store: Store) -> str:
    if file_id not in store.files:
        return f"{file_id} (deleted)"
    obj = store.files[file_id].obj
    return f"{obj['filename']} ({obj['bytes']} bytes)"


def results_of(run: RunRecord) -> list[ToolResult]:
    return [
        ToolResult(**call["function"])
        for step in run.steps
        if step["type"] == "tool_calls"
        for call in step["step_details"]["tool_calls"]
    ]
