"""The order in which the events of a run's stream may come.

Schemas judge one event at a time. Here the events are followed through the
lives of the run, its steps and its messages.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

Event = tuple[str, Any]

#: kind -> stage -> the stages that may follow it. "" is before the first.
RUN = {
    "": {"created"},
    "created": {"queued"},
    "queued": {"in_progress", "cancelling", "expired", "failed"},
    "in_progress": {
        "requires_action",
        "completed",
        "failed",
        "incomplete",
        "expired",
        "cancelled",
        "cancelling",
    },
    "cancelling": {"cancelled", "completed", "failed", "expired"},
}
STEP = {
    "": {"created"},
    "created": {"in_progress"},
    "in_progress": {"delta", "completed", "failed", "cancelled", "expired"},
    "delta": {"delta", "completed", "failed", "cancelled", "expired"},
}
MESSAGE = {
    "": {"created"},
    "created": {"in_progress"},
    "in_progress": {"delta", "completed", "incomplete"},
    "delta": {"delta", "completed", "incomplete"},
}
LIVES = {"thread.run.step": STEP, "thread.message": MESSAGE, "thread.run": RUN}
LAST = {"requires_action", "completed", "failed", "incomplete", "expired", "cancelled"}


def order_problems(events: Sequence[Event], continued: bool) -> Iterator[str]:
    """What is wrong with the order of a stream's events, in words.

    continued: the stream began with the handing in of tool outputs: the run and
        a step are older than it.
    """
    if not events or events[-1][0] != "done":
        yield "the stream does not end with done"
    if [name for name, _ in events[:-1]].count("done"):
        yield "events come after done"
    stages: dict[tuple[str, str], str] = {}
    texts: dict[str, str] = {}
    for place, (name, data) in enumerate(events):
        kind, stage = split(name)
        if not kind or not isinstance(data, dict):
            if name == "thread.created" and place != 0:
                yield "thread.created is not the first event"
            continue
        key = (kind, str(data.get("id")))
        before = stages.get(key, "")
        if stage not in allowed(kind, before, continued):
            yield f"{name} comes after {before or 'nothing'}"
        # The step that waited for a tool is completed before the run is queued again.
        handed_in = continued and place == 0 and name == "thread.run.step.completed"
        if kind != "thread.run" and not handed_in and run_stage(stages) != "in_progress":
            yield f"{name} comes while the run is not in progress"
        if kind == "thread.message" and not open_keys(stages, "thread.run.step"):
            yield f"{name} comes outside of a run step"
        yield from status_problems(name, kind, stage, data)
        if kind == "thread.message":
            yield from text_problems(key[1], stage, data, texts)
        if kind == "thread.run" and stage in LAST:
            open_kinds = ["thread.message"]
            if stage != "requires_action":
                open_kinds.append("thread.run.step")
            for open_kind in open_kinds:
                if open_keys(stages, open_kind):
                    yield f"{name} comes while a {open_kind} is open"
        stages[key] = stage
    if run_stage(stages) not in LAST:
        yield "the stream ends before the run rests"


def split(name: str) -> tuple[str, str]:
    for kind in LIVES:
        if name.startswith(kind + "."):
            return kind, name[len(kind) + 1 :]
    return "", name


def allowed(kind: str, before: str, continued: bool) -> set[str]:
    if continued and before == "":
        return {"thread.run": {"queued"}, "thread.run.step": {"completed", "created"}}.get(
            kind, {"created"}
        )
    return LIVES[kind].get(before, set())


def run_stage(stages: dict[tuple[str, str], str]) -> str:
    return next((stage for (kind, _), stage in stages.items() if kind == "thread.run"), "")


def open_keys(stages: dict[tuple[str, str], str], kind: str) -> list[str]:
    return [
        identifier
        for (one, identifier), stage in stages.items()
        if one == kind and stage in ("created", "in_progress", "delta")
    ]


def status_problems(name: str, kind: str, stage: str, data: dict[str, Any]) -> Iterator[str]:
    """The object in an event has the status that the event tells of."""
    if stage == "delta":
        return
    first = {"thread.run": "queued"}.get(kind, "in_progress")
    expected = first if stage == "created" else stage
    if data.get("status") != expected:
        yield f"{name} holds the status {data.get('status')!r}"


def text_problems(
    identifier: str, stage: str, data: dict[str, Any], texts: dict[str, str]
) -> Iterator[str]:
    """The deltas of a message add up to its text."""
    try:
        if stage == "delta":
            for part in data["delta"]["content"]:
                if part["type"] == "text":
                    texts[identifier] = texts.get(identifier, "") + part["text"]["value"]
        elif stage in ("completed", "incomplete"):
            whole = "".join(
                part["text"]["value"] for part in data["content"] if part["type"] == "text"
            )
            if whole != texts.get(identifier, ""):
                yield "the deltas of a message do not add up to its text"
    except (KeyError, TypeError):
        yield f"a message's {stage} is not of a shape that can be followed"
