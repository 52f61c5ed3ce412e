"""The same program on CPython, over sockets, and in the browser, over fetch: the same outcome.

DIFFERENCES is the whole list of what fetch makes impossible.
"""

from __future__ import annotations

import asyncio
import base64
import inspect
import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from browser.transport.cases import env as native_env
from browser.transport.cases import scripts
from browser.transport.harness import HTTPX, HTTPX2, Runtime, Servers, Way
from servers.raw.wire import Exchange

SCRIPTS = sorted(
    name
    for name, function in vars(scripts).items()
    if inspect.iscoroutinefunction(function) and name != "outcome"
)

#: Where the outcome differs, and why nothing can be done about it. Keys: a script, or a script
#: and a field of its outcome. Values: what the browser shows instead.
DIFFERENCES: dict[str, Any] = {
    # fetch decodes bodies and says no more that they were encoded, or how long they were.
    "gzip.encoding": None,
    "gzip.length": None,
    # Browsers keep cookies for themselves.
    "repeated.cookies": [],
    # fetch follows redirects itself and does not show the way.
    "redirected.history": [],
    "redirected_303.history": [],
    "redirected_307.history": [],
    "redirect_kept": 200,
    # A browser does not tell why there was no reply.
    "silent.raised": [
        "ConnectError",
        "NetworkError",
        "TransportError",
        "RequestError",
        "HTTPError",
    ],
    # fetch sends no body with GET, and no TRACE.
    "get_with_body": "LocalProtocolError",
    "trace": "LocalProtocolError",
}

#: Where the server sees something else, and why.
SERVER_DIFFERENCES = {
    # Not followed natively, as asked; fetch follows.
    "redirect_kept",
    # Sent in chunks natively; fetch needs HTTP/2 for that, so the body is collected first.
    "generator",
    # On a connection that was used before, a browser sends a GET without a reply once more.
    "silent",
}

#: Request headers that the server must see alike; the rest are the browser's own, or differ by
#: nature (host, user-agent, accept-encoding, connection).
COMPARED = ("authorization", "content-length", "content-type", "openai-beta", "x-utf8")


def summary(exchange: Exchange) -> dict[str, Any]:
    """What of one request must be the same."""
    headers = {name: exchange.header_map.get(name) for name in COMPARED}
    if headers["content-length"] == "0":
        # Sent by native clients with an empty POST, and by browsers too; not with PUT by all.
        headers["content-length"] = None
    return {
        "method": exchange.method,
        "target": exchange.target,
        "headers": headers,
        "body": exchange.body,
    }


def seen_by_server(servers: Servers, start: int) -> list[dict[str, Any]]:
    log = [summary(e) for e in servers.page.log[start:] if not e.path.startswith("/page/")]
    return sorted(log, key=repr)


def normal(outcome: Any) -> Any:
    """Take out of an echo what each client adds of its own."""
    if isinstance(outcome, dict) and str(outcome.get("text")).startswith('{"method"'):
        echoed = json.loads(outcome["text"])
        kept = {n.lower(): v for n, v in echoed["headers"] if n.lower() in COMPARED}
        kept = {n: v for n, v in kept.items() if (n, v) != ("content-length", "0")}
        echoed |= {"headers": kept, "body": base64.b64decode(echoed["body"]).decode("latin-1")}
        outcome = outcome | {"text": echoed, "length": None}
    return outcome


def on_cpython(name: str, way: Way, servers: Servers) -> Any:
    """Run a case here, in a thread: Playwright has a loop running in this one."""
    urls = (servers.page.origin, servers.api.origin)
    with ThreadPoolExecutor(1) as pool:
        run_native: Callable[..., Any] = native_env.main
        made = run_native(name, way.library, way.asynchronous, *urls, {})
        return pool.submit(asyncio.run, made).result()


def expected(name: str, native: Any) -> Any:
    """Apply DIFFERENCES to what CPython had."""
    if name in DIFFERENCES:
        return DIFFERENCES[name]
    if isinstance(native, dict):
        for key, value in DIFFERENCES.items():
            script, _, field = key.partition(".")
            if script == name and field:
                native = native | {field: value}
    return native


@pytest.mark.parametrize("name", SCRIPTS)
@pytest.mark.parametrize(
    "way",
    [Way("worker", True, lib, a) for lib in (HTTPX, HTTPX2) for a in (True, False)],
    ids=str,
)
def test_same_outcome(
    runtimes: Callable[..., Runtime], servers: Servers, way: Way, name: str
) -> None:
    start = len(servers.page.log)
    native = normal(on_cpython(f"scripts.{name}", way, servers))
    native_log = seen_by_server(servers, start)
    start = len(servers.page.log)
    ours = normal(runtimes(way.place, way.jspi).case(f"scripts.{name}", way))
    wanted = expected(name, native)
    if isinstance(wanted, dict) and "raised" in wanted:
        # Ours may be of more classes: a browser does not tell which of two it was.
        assert set(wanted["raised"]) <= set(ours["raised"])
    elif name in DIFFERENCES and isinstance(wanted, str):
        assert ours["raised"][0] == wanted
        return
    else:
        assert ours == wanted
    if name not in SERVER_DIFFERENCES:
        assert seen_by_server(servers, start) == native_log
