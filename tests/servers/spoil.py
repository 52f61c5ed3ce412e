"""Breaks the answers of a service on their way out, to test the tests."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from servers.schema import read_events

Events = list[tuple[str, str]]


@dataclass
class Spoiler:
    """An ASGI application around another; it holds each answer back until it is whole."""

    app: ASGIApp
    json: Callable[[Any], Any] = lambda value: value
    events: Callable[[Events], Events] = lambda events: events
    statuses: Mapping[int, int] = field(default_factory=dict)
    media_type: str | None = None

    @staticmethod
    def of_json(spoil: Callable[[Any], Any]) -> Callable[[ASGIApp], ASGIApp]:
        return lambda app: Spoiler(app, json=spoil)

    @staticmethod
    def of_events(spoil: Callable[[Events], Events]) -> Callable[[ASGIApp], ASGIApp]:
        return lambda app: Spoiler(app, events=spoil)

    @staticmethod
    def of_status(statuses: Mapping[int, int]) -> Callable[[ASGIApp], ASGIApp]:
        return lambda app: Spoiler(app, statuses=statuses)

    @staticmethod
    def of_type(media_type: str) -> Callable[[ASGIApp], ASGIApp]:
        return lambda app: Spoiler(app, media_type=media_type)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        start: Message = {}
        body = bytearray()

        async def hold(message: Message) -> None:
            if message["type"] == "http.response.start":
                start.update(message)
                return
            body.extend(message.get("body", b""))
            if not message.get("more_body", False):
                await self.release(start, bytes(body), send)

        await self.app(scope, receive, hold)

    async def release(self, start: Message, body: bytes, send: Send) -> None:
        headers = {name: value for name, value in start["headers"] if name != b"content-length"}
        kind = headers.get(b"content-type", b"")
        if kind.startswith(b"text/event-stream"):
            events = self.events(list(read_events(body.decode())))
            body = "".join(map(write_event, events)).encode()
        elif kind.startswith(b"application/json"):
            body = json.dumps(self.json(json.loads(body))).encode()
        if self.media_type:
            headers[b"content-type"] = self.media_type.encode()
        start["status"] = self.statuses.get(start["status"], start["status"])
        start["headers"] = [*headers.items(), (b"content-length", str(len(body)).encode())]
        await send(start)
        await send({"type": "http.response.body", "body": body})


def write_event(event: tuple[str, str]) -> str:
    name, data = event
    return (f"event: {name}\n" if name else "") + f"data: {data}\n\n"
