"""Just enough of the OpenAI API, under /v1/MARKER/, to see what the SDK sends.

The model's name chooses what happens to a chat: plain, slow (6 s), busy (429 twice), cut,
endless or empty (204). Bodies here are minimal; the assistants server has the full shapes.
"""

from __future__ import annotations

import json
from typing import Any

from .routes import Headers, handler_with, route
from .wire import Wire

__all__ = ["handler_with"]

JSON = ("Content-Type", "application/json")
SSE = ("Content-Type", "text/event-stream")
SLOW_S = 6.0
_counts: dict[str, int] = {}


def count(key: str) -> int:
    """Count up from 1 for a key."""
    _counts[key] = _counts.get(key, 0) + 1
    return _counts[key]


def reply_json(wire: Wire, cors: Headers, value: dict[str, Any]) -> None:
    wire.reply(200, json.dumps(value).encode(), [*cors, JSON], "OK")


def event(data: dict[str, Any] | str, name: str = "") -> bytes:
    text = data if isinstance(data, str) else json.dumps(data)
    return (f"event: {name}\n" if name else "").encode() + f"data: {text}\n\n".encode()


def delta(text: str) -> dict[str, Any]:
    choice = {"index": 0, "delta": {"content": text}, "finish_reason": None}
    kind = "chat.completion.chunk"
    return {"id": "c1", "object": kind, "created": 1, "model": "m", "choices": [choice]}


@route("/v1/")
def api(wire: Wire, cors: Headers) -> None:
    _, _, marker, *rest = wire.exchange.path.split("/")
    body = wire.exchange.body
    is_json = wire.exchange.header_map.get("content-type", "").startswith("application/json")
    asked: dict[str, Any] = json.loads(body) if is_json and body else {}
    match wire.exchange.method, rest:
        case "POST", ["chat", "completions"]:
            chat(wire, cors, marker, asked)
        case "POST", ["files"]:
            size, filename = len(body), "up.txt" if b'filename="up.txt"' in body else "?"
            reply = {"id": "file-1", "object": "file", "bytes": size, "filename": filename}
            reply_json(wire, cors, {**reply, "created_at": 1, "purpose": "assistants"})
        case "POST", ["threads"]:
            reply_json(wire, cors, {"id": "thread_1", "object": "thread", "created_at": 1})
        case "DELETE", ["threads", thread]:
            reply = {"id": thread, "object": "thread.deleted", "deleted": True}
            reply_json(wire, cors, reply)
        case "POST", ["threads", _, "runs"]:
            if asked.get("stream"):
                run_stream(wire, cors)
            else:
                reply_json(wire, cors, run("queued"))
        case "GET", ["threads", _, "runs", _]:
            status = "completed" if count(f"{marker} polls") >= 3 else "in_progress"
            reply_json(wire, cors, run(status))
        case _:
            wire.reply(404, b"{}", [*cors, JSON])


def run(status: str) -> dict[str, Any]:
    return {
        "id": "run_1",
        "object": "thread.run",
        "created_at": 1,
        "assistant_id": "asst_1",
        "thread_id": "thread_1",
        "status": status,
        "model": "m",
        "instructions": "",
        "tools": [],
        "metadata": {},
        "parallel_tool_calls": True,
    }


def run_stream(wire: Wire, cors: Headers) -> None:
    wire.head(200, [*cors, SSE, ("Transfer-Encoding", "chunked")], "OK")
    wire.chunk(event(run("queued"), "thread.run.created"))
    for text in ("Hel", "lo"):
        content = [{"index": 0, "type": "text", "text": {"value": text}}]
        reply = {"id": "msg_1", "object": "thread.message.delta", "delta": {"content": content}}
        wire.chunk(event(reply, "thread.message.delta"))
    wire.chunk(event(run("completed"), "thread.run.completed"))
    wire.chunk(event("[DONE]", "done"))
    wire.chunk(b"")


def chat(wire: Wire, cors: Headers, marker: str, asked: dict[str, Any]) -> None:
    model = asked["model"]
    if model == "slow":
        wire.wait(SLOW_S)
    if model == "busy" and count(f"{marker} busy") <= 2:
        error = b'{"error": {"message": "busy"}}'
        wire.reply(429, error, [*cors, JSON, ("Retry-After", "1")], "Too Many Requests")
        return
    if model == "empty":
        wire.reply(204, b"", cors, "No Content")
        return
    if not asked.get("stream"):
        message = {"role": "assistant", "content": "Hello"}
        choices = [{"index": 0, "message": message, "finish_reason": "stop"}]
        reply = {"id": "c1", "object": "chat.completion", "created": 1, "model": model}
        if model == "cut":
            wire.keep_alive = False
            wire.head(200, [*cors, JSON, ("Content-Length", "500")], "OK")
            wire.send(b'{"id": ')
            return
        reply_json(wire, cors, {**reply, "choices": choices})
        return
    wire.head(200, [*cors, SSE, ("Transfer-Encoding", "chunked")], "OK")
    wire.chunk(event(delta("Hel")))
    if model == "cut":
        wire.keep_alive = False
        wire.wait(0.05)
        return
    while model == "endless":
        wire.wait(0.01)
        wire.chunk(event(delta("x" * 1000)))
    wire.chunk(event(delta("lo")))
    wire.chunk(event("[DONE]"))
    wire.chunk(b"")
