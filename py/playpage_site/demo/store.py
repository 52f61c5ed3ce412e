"""What the service remembers: threads, messages, runs, steps and files, in memory."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from playpage_site.demo.errors import bad_request, not_found
from playpage_site.demo.script import Plan

Json = dict[str, Any]

#: Statuses in which a run still holds its thread.
ACTIVE = frozenset({"queued", "in_progress", "requires_action", "cancelling"})


def new_id(kind: str) -> str:
    return f"{kind}_{secrets.token_hex(12)}"


def now() -> int:
    return int(time.time())


@dataclass
class RunRecord:
    """A run, and what of it the API does not show."""

    obj: Json
    plan: Plan
    steps: list[Json] = field(default_factory=list)
    rounds_done: int = 0
    listeners: list[asyncio.Queue[tuple[str, str]]] = field(default_factory=list)
    tasks: list[asyncio.Task[None]] = field(default_factory=list)

    @property
    def active(self) -> bool:
        return self.obj["status"] in ACTIVE


@dataclass
class ThreadRecord:
    obj: Json
    messages: list[Json] = field(default_factory=list)
    runs: dict[str, RunRecord] = field(default_factory=dict)

    def active_run(self) -> RunRecord | None:
        return next((run for run in self.runs.values() if run.active), None)

    def message(self, message_id: str) -> Json:
        for message in self.messages:
            if message["id"] == message_id:
                return message
        raise not_found("message", message_id)

    def run(self, run_id: str) -> RunRecord:
        if run_id not in self.runs:
            raise not_found("run", run_id)
        return self.runs[run_id]


@dataclass
class FileRecord:
    obj: Json
    content: bytes
    media_type: str


@dataclass
class ResponseRecord:
    """items: what was said before the response, its own input at the end."""

    obj: Json
    items: list[Json]


@dataclass
class Store:
    assistants: dict[str, Json] = field(default_factory=dict)
    threads: dict[str, ThreadRecord] = field(default_factory=dict)
    files: dict[str, FileRecord] = field(default_factory=dict)
    responses: dict[str, ResponseRecord] = field(default_factory=dict)
    deleted_threads: list[str] = field(default_factory=list)

    def assistant(self, assistant_id: str) -> Json:
        if assistant_id not in self.assistants:
            raise not_found("assistant", assistant_id)
        return self.assistants[assistant_id]

    def thread(self, thread_id: str) -> ThreadRecord:
        if thread_id not in self.threads:
            raise not_found("thread", thread_id)
        return self.threads[thread_id]

    def file(self, file_id: str) -> FileRecord:
        if file_id not in self.files:
            raise not_found("file", file_id)
        return self.files[file_id]


def page(items: Sequence[Json], query: Mapping[str, str]) -> Json:
    """One page of a list, by `order`, `limit`, `after` and `before`.

    `items` are in order of creation. An empty page has empty ids, for the
    published schema wants strings there.
    """
    order = query.get("order", "desc")
    if order not in ("asc", "desc"):
        raise bad_request(f"Invalid 'order': expected 'asc' or 'desc', got {order!r}.", "order")
    try:
        limit = int(query.get("limit", "20"))
    except ValueError:
        limit = 0
    if not 1 <= limit <= 100:
        raise bad_request("Invalid 'limit': expected an integer from 1 to 100.", "limit")

    found = list(items) if order == "asc" else list(reversed(items))
    ids = [item["id"] for item in found]
    for name in ("after", "before"):
        if query.get(name) and query[name] not in ids:
            raise bad_request(f"Invalid '{name}': no such object in this list.", name)
    start = ids.index(query["after"]) + 1 if query.get("after") else 0
    end = ids.index(query["before"]) if query.get("before") else len(ids)
    window = found[start:end]
    # With `before` alone the page is the one just before that object.
    backwards = bool(query.get("before")) and not query.get("after")
    data = window[-limit:] if backwards else window[:limit]
    return {
        "object": "list",
        "data": data,
        "first_id": data[0]["id"] if data else "",
        "last_id": data[-1]["id"] if data else "",
        "has_more": len(window) > len(data),
    }
