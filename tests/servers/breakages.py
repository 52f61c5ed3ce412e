"""Ways to break the assistants service: each has a tour in which it shows."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any


def without(name: str, kind: str) -> Callable[[Any], Any]:
    def spoil(value: Any) -> Any:
        if value.get("object") == kind:
            value.pop(name, None)
        return value

    return spoil


def setting(name: str, new: object, kind: str) -> Callable[[Any], Any]:
    def spoil(value: Any) -> Any:
        if value.get("object") == kind:
            value[name] = new
        return value

    return spoil


def flat_text(value: Any) -> Any:
    for message in value.get("data", []) if value.get("object") == "list" else []:
        for part in message.get("content", []):
            part["text"] = part["text"]["value"]
    return value


def decoded_arguments(value: Any) -> Any:
    action = value.get("required_action") or {"submit_tool_outputs": {"tool_calls": []}}
    for call in action["submit_tool_outputs"]["tool_calls"]:
        call["function"]["arguments"] = json.loads(call["function"]["arguments"])
    return value


def bare_error(value: Any) -> Any:
    return {"msg": value["error"]["message"]} if "error" in value else value


JSON_BREAKAGES = {
    "a run without usage": ("polling", without("usage", "thread.run")),
    "a status that does not exist": ("polling", setting("status", "done", "thread.run")),
    "a time as text": ("polling", setting("created_at", "today", "thread")),
    "a list without has_more": ("polling", without("has_more", "list")),
    "an empty list with null ids": ("polling", setting("first_id", None, "list")),
    "text that is not in an object": ("polling", flat_text),
    "arguments that are not a string": ("polling", decoded_arguments),
    "a message of an unknown role": ("polling", setting("role", "system", "thread.message")),
    "a step without its details": ("steps", without("step_details", "thread.run.step")),
    "another word for deleted": ("threads", setting("object", "gone", "thread.deleted")),
    "a file without a purpose": ("files", without("purpose", "file")),
    "an assistant without tools": ("assistants", without("tools", "assistant")),
    "an error of another form": ("errors", bare_error),
    "a completion without a model": ("chat", without("model", "chat.completion")),
}


Events = list[tuple[str, str]]


def drop(name: str) -> Callable[[Events], Events]:
    return lambda events: [event for event in events if event[0] != name]


def swap(first: str, second: str) -> Callable[[Events], Events]:
    def spoil(events: Events) -> Events:
        names = [name for name, _ in events]
        if first in names and second in names:
            one, other = names.index(first), names.index(second)
            events[one], events[other] = events[other], events[one]
        return events

    return spoil


def rename(old: str, new: str) -> Callable[[Events], Events]:
    return lambda events: [(new if name == old else name, data) for name, data in events]


def replace(name: str, old: str, new: str) -> Callable[[Events], Events]:
    return lambda events: [
        (one, data.replace(old, new) if one == name else data) for one, data in events
    ]


def drop_a_delta(events: Events) -> Events:
    names = [name for name, _ in events]
    if "thread.message.delta" in names:
        del events[names.index("thread.message.delta")]
    return events


def lone_string_delta(events: Events) -> Events:
    return [
        (
            name,
            json.dumps({**json.loads(data), "delta": "word"}) if "message.delta" in name else data,
        )
        for name, data in events
    ]


STREAM_BREAKAGES = {
    "queued left out": ("streaming", drop("thread.run.queued")),
    "done left out": ("streaming", drop("done")),
    "the run's end left out": ("streaming", drop("thread.run.completed")),
    "the wait for tools left out": ("streaming", drop("thread.run.requires_action")),
    "a step completed before its message": (
        "streaming",
        swap("thread.message.completed", "thread.run.step.completed"),
    ),
    "a delta before its message": (
        "streaming",
        swap("thread.message.created", "thread.message.delta"),
    ),
    "an event of another name": ("streaming", rename("thread.message.delta", "message.delta")),
    "a status that is not the event's": (
        "streaming",
        replace("thread.run.completed", '"status": "completed"', '"status": "in_progress"'),
    ),
    "a delta lost": ("streaming", drop_a_delta),
    "a delta of another shape": ("streaming", lone_string_delta),
    "a tool call of another type": (
        "streaming",
        replace("thread.run.step.delta", '"type": "function"', '"type": "tool"'),
    ),
    "a chunk without choices": ("chat", replace("", '"choices"', '"options"')),
    "a chat stream without its end": (
        "chat",
        lambda events: [event for event in events if event[1] != "[DONE]"],
    ),
}
