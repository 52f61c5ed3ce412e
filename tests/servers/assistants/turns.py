"""A thread as the script and the model see it: who said what, and what the tools answered."""

from __future__ import annotations

from servers.assistants.script import Said, ToolResult
from servers.assistants.store import Json, RunRecord, Store, ThreadRecord


def said_in(thread: ThreadRecord, store: Store) -> list[Said]:
    """The finished messages of a thread, oldest first.

    Messages of one speaker that follow each other are one turn: a client may
    send a text and its pictures apart.
    """
    said: list[Said] = []
    for message in thread.messages:
        text, images = read_content(message["content"], store)
        if said and said[-1].role == message["role"]:
            previous = said.pop()
            text = "\n".join(filter(None, [previous.text, text]))
            images = [*previous.images, *images]
        said.append(Said(message["role"], text, tuple(images)))
    return said


def last_words(thread: ThreadRecord, store: Store) -> str:
    """The text that the next run answers."""
    said = said_in(thread, store)
    return next((one.text for one in reversed(said) if one.role == "user"), "")


def read_content(content: list[Json], store: Store) -> tuple[str, list[str]]:
    texts: list[str] = []
    images: list[str] = []
    for part in content:
        if part["type"] == "text":
            texts.append(part["text"]["value"])
        elif part["type"] == "image_url":
            images.append(part["image_url"]["url"][:200])
        elif part["type"] == "image_file":
            images.append(describe_file(part["image_file"]["file_id"], store))
    return "\n".join(texts), images


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
