"""The replies: one short function a path, and CORS before them all."""

from __future__ import annotations

import base64
import gzip
import json
import time
from collections.abc import Callable

from .wire import Handler, Wire

Headers = list[tuple[str, str]]
ROUTES: dict[str, Callable[[Wire, Headers], None]] = {}

#: What a page of another origin may read, as an API for browsers would say it.
EXPOSED = "x-twice, x-final, retry-after, content-encoding, link, x-request-id, content-length"


def route(path: str) -> Callable[[Callable[[Wire, Headers], None]], Callable[..., None]]:
    def add(function: Callable[[Wire, Headers], None]) -> Callable[..., None]:
        ROUTES[path] = function
        return function

    return add


def handle(wire: Wire) -> None:
    """Answer one request. Query: cors=no leaves CORS out; refuse=PREFIX fails a preflight."""
    exchange = wire.exchange
    origin = exchange.header_map.get("origin")
    cors: Headers = []
    if origin and exchange.query.get("cors") != "no":
        cors = [
            ("Access-Control-Allow-Origin", origin),
            ("Access-Control-Allow-Credentials", "true"),
            ("Access-Control-Expose-Headers", EXPOSED),
        ]
    if exchange.is_preflight:
        asked = exchange.header_map.get("access-control-request-headers", "")
        refuse = exchange.query.get("refuse")
        names = [n for n in asked.split(",") if n and not (refuse and n.startswith(refuse))]
        cors += [
            ("Access-Control-Allow-Headers", ", ".join(names)),
            ("Access-Control-Allow-Methods", "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"),
        ]
        wire.reply(204, headers=cors)
        return
    function = ROUTES.get(exchange.path)
    if function is None:
        for prefix, found in ROUTES.items():
            if prefix.endswith("/") and exchange.path.startswith(prefix):
                function = found
    if function is None:
        wire.reply(404, b"no such path", cors)
        return
    function(wire, cors)


def handler_with(static: Handler) -> Handler:
    """Serve files for paths under /page/, and the routes for the rest."""
    return lambda wire: static(wire) if wire.exchange.path.startswith("/page/") else handle(wire)


@route("/echo")
def echo(wire: Wire, cors: Headers) -> None:
    """What arrived: method, target, headers as pairs, body in base64."""
    e = wire.exchange
    body = base64.b64encode(e.body).decode()
    reply = {"method": e.method, "target": e.target, "headers": e.headers, "body": body}
    wire.reply(200, json.dumps(reply).encode(), [*cors, ("Content-Type", "application/json")], "OK")


@route("/status/")
def status(wire: Wire, cors: Headers) -> None:
    code = int(wire.exchange.path.rpartition("/")[2])
    wire.reply(code, b"status %d" % code, cors, wire.exchange.query.get("reason", ""))


@route("/bytes/")
def some_bytes(wire: Wire, cors: Headers) -> None:
    """So many bytes, with a length, as fast as they go."""
    size = int(wire.exchange.path.rpartition("/")[2])
    block = bytes(range(256)) * 256
    wire.head(200, [*cors, ("Content-Length", str(size))], "OK")
    for start in range(0, size, len(block)):
        wire.send(block[: size - start])


@route("/blast/")
def blast(wire: Wire, cors: Headers) -> None:
    """So many bytes as fast as this machine can, past the record: for measuring clients."""
    size = int(wire.exchange.path.rpartition("/")[2])
    block = bytes(1 << 20)
    wire.head(200, [*cors, ("Content-Length", str(size))], "OK")
    for start in range(0, size, len(block)):
        wire.send_fast(block[: size - start])


@route("/delay")
def delay(wire: Wire, cors: Headers) -> None:
    """Headers after s seconds."""
    wire.wait(float(wire.exchange.query["s"]))
    wire.reply(200, b"late", cors, "OK")


@route("/drip")
def drip(wire: Wire, cors: Headers) -> None:
    """n chunks, one every gap seconds, the first with the headers."""
    query = wire.exchange.query
    wire.head(200, [*cors, ("Transfer-Encoding", "chunked"), ("Content-Type", "text/plain")], "OK")
    for index in range(int(query.get("n", "5"))):
        if index:
            wire.wait(float(query.get("gap", "0.1")))
        wire.chunk(f"chunk {index} at {time.time():.6f}\n".encode())
    wire.chunk(b"")


@route("/stall")
def stall(wire: Wire, cors: Headers) -> None:
    """One chunk, then nothing for s seconds."""
    wire.head(200, [*cors, ("Transfer-Encoding", "chunked")], "OK")
    wire.chunk(b"first\n")
    wire.wait(float(wire.exchange.query.get("s", "20")))
    wire.chunk(b"")


@route("/endless")
def endless(wire: Wire, cors: Headers) -> None:
    """size bytes every gap seconds until the client leaves, or for life seconds."""
    size = int(wire.exchange.query.get("size", "4096"))
    gap_s = float(wire.exchange.query.get("gap", "0.001"))
    wire.head(200, [*cors, ("Transfer-Encoding", "chunked")], "OK")
    block = b"x" * size
    end = time.monotonic() + float(wire.exchange.query.get("life", "60"))
    while time.monotonic() < end:
        wire.chunk(block)
        if gap_s:
            wire.wait(gap_s)
    wire.chunk(b"")


@route("/cut")
def cut(wire: Wire, cors: Headers) -> None:
    """Half of what the head promised, then the end. how: length or chunked."""
    wire.keep_alive = False
    if wire.exchange.query.get("how") == "chunked":
        wire.head(200, [*cors, ("Transfer-Encoding", "chunked")], "OK")
        wire.chunk(b"half")
    else:
        wire.head(200, [*cors, ("Content-Length", "8")], "OK")
        wire.send(b"half")
    wire.wait(0.05)


@route("/silent")
def silent(wire: Wire, _cors: Headers) -> None:
    """Close without an answer."""
    wire.keep_alive = False


@route("/gzip")
def gzipped(wire: Wire, cors: Headers) -> None:
    body = gzip.compress(b"plain text " * 100)
    wire.reply(200, body, [*cors, ("Content-Encoding", "gzip"), ("Content-Type", "text/plain")])


@route("/twice")
def twice(wire: Wire, cors: Headers) -> None:
    repeated = [("X-Twice", "a"), ("X-Twice", "b"), ("Set-Cookie", "c=1"), ("Set-Cookie", "d=2")]
    wire.reply(200, b"twice", [*cors, *repeated])


@route("/redirect")
def redirect(wire: Wire, cors: Headers) -> None:
    code = int(wire.exchange.query.get("code", "302"))
    wire.reply(code, b"", [*cors, ("Location", wire.exchange.query["to"])], "Found")


@route("/slow-cacheable")
def slow_cacheable(wire: Wire, cors: Headers) -> None:
    """A second's work, and an answer that any cache may keep."""
    wire.wait(float(wire.exchange.query.get("s", "1")))
    wire.reply(200, b"fresh", [*cors, ("Cache-Control", "max-age=60")], "OK")
