"""One request to the launched app, as ASGI 3 (asgi.readthedocs.io, HTTP 2.1)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from .gradio_setup import launched_app

Receive = Callable[[], Awaitable[dict[str, Any]]]
Start = Callable[[int, list[tuple[str, str]]], None]
Chunk = Callable[[bytes], None]


async def call_app(request: dict[str, Any], receive: Receive, start: Start, chunk: Chunk) -> None:
    """Run one HTTP request through the app; returns when the response is complete.

    request: method, path (decoded), query (as sent, no "?"), headers as [name, value]
    pairs. `receive` gives ASGI `http.request` and `http.disconnect` events.
    Raises LookupError when no app was launched.
    """
    app = launched_app()
    if app is None:
        raise LookupError("the program has not launched an app")
    scope = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.1"},
        "http_version": "1.1",
        "scheme": "http",
        "method": request["method"],
        "path": request["path"],
        "raw_path": request["path"].encode("utf-8"),
        "query_string": request["query"].encode("latin-1"),
        "root_path": "",
        "headers": [
            (name.lower().encode("latin-1"), value.encode("latin-1"))
            for name, value in request["headers"]
        ],
        "client": ("127.0.0.1", 0),
        "server": ("127.0.0.1", 80),
    }

    async def send(event: dict[str, Any]) -> None:
        if event["type"] == "http.response.start":
            headers = [(n.decode("latin-1"), v.decode("latin-1")) for n, v in event["headers"]]
            start(event["status"], headers)
        elif body := event.get("body", b""):
            chunk(bytes(body))

    await app(scope, receive, send)
