"""The record of every request: who asked what, and whether the answer went all the way out."""

from __future__ import annotations

import hashlib
import json
import time
from dataclasses import dataclass
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

SECRET_HEADERS = frozenset({"authorization", "api-key", "cookie"})


@dataclass
class Record:
    """One request. The key itself is never kept.

    headers: names in lower case; a secret header holds "sha256:" and the first
        8 hex digits of its hash.
    body: the decoded JSON; otherwise the bytes, None when there were none.
    status: of the response; None until it has started.
    finished: True when the whole response was sent; it stays False when the
        client went away before that.
    duration_s: until the response, or the connection, ended.
    """

    method: str
    path: str
    query: str
    headers: dict[str, str]
    body: Any = None
    status: int | None = None
    finished: bool = False
    duration_s: float = 0.0

    def __str__(self) -> str:
        query = f"?{self.query}" if self.query else ""
        return f"{self.method} {self.path}{query} -> {self.status}"


def redact(value: str) -> str:
    return "sha256:" + hashlib.sha256(value.encode()).hexdigest()[:8]


def read_headers(scope: Scope) -> dict[str, str]:
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
    return {
        name: redact(value) if name in SECRET_HEADERS else value for name, value in headers.items()
    }


class LogMiddleware:
    """Writes a Record for each request into `records`, as soon as its head is there."""

    def __init__(self, app: ASGIApp, records: list[Record]) -> None:
        self.app = app
        self.records = records

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        record = Record(
            scope["method"], scope["path"], scope["query_string"].decode(), read_headers(scope)
        )
        self.records.append(record)
        started = time.monotonic()
        raw = bytearray()

        async def receive_and_keep() -> Message:
            message = await receive()
            if message["type"] == "http.request":
                raw.extend(message.get("body", b""))
                if not message.get("more_body", False):
                    record.body = decode(bytes(raw))
            return message

        async def send_and_note(message: Message) -> None:
            if message["type"] == "http.response.start":
                record.status = message["status"]
            await send(message)
            if message["type"] == "http.response.body" and not message.get("more_body", False):
                record.finished = True

        try:
            await self.app(scope, receive_and_keep, send_and_note)
        finally:
            record.duration_s = time.monotonic() - started


def decode(raw: bytes) -> Any:
    if not raw:
        return None
    try:
        return json.loads(raw)
    except ValueError:
        return raw
