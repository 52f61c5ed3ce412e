"""Measure what each transport over fetch gets right, and print it as a table.

`python tests/bench/transport_table.py` prints Markdown: one row a case, one column a transport.
Every cell comes from a request made by that transport against a server of ours.
"""

from __future__ import annotations

import base64
import itertools
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / folder) for folder in ("tests", "py")]

from browser.transport.harness import Runtime, Servers  # noqa: E402
from playwright.sync_api import sync_playwright  # noqa: E402
from support.chromium import launch_chromium  # noqa: E402

CONTENDERS = ("wiki's snippet", "pyodide-httpx 0.2", "httpx2-jsfetch 1.0", "ours")
_marks = itertools.count()
NO_BODY = [[204, ""], [304, ""], [200, ""], [200, ""], [500, "status 500"]]


class Failed(Exception):  # noqa: N818
    """A case raised; the message is the exception's name."""


class Subject:
    """One transport in one runtime: run() is a case's result."""

    def __init__(self, contender: str, servers: Servers, jspi: Runtime, plain: Runtime) -> None:
        self.contender = contender
        self.servers = servers
        self._runtimes = {True: jspi, False: plain}

    def run(self, name: str, asynchronous: bool = True, jspi: bool = True, **arguments: Any) -> Any:
        result, problem = self._runtimes[jspi].run(
            "from cases.others import main",
            contender=self.contender,
            name=name if "." in name else f"rows.{name}",
            asynchronous=asynchronous,
            url=self.servers.page.origin,
            other=self.servers.api.origin,
            arguments=arguments,
        )
        if problem:
            raise Failed(problem)
        return result

    def mark(self) -> str:
        return f"mark{next(_marks)}x"

    def stopped(self, mark: str, since: float) -> bool:
        """Whether the server saw the client go within a second."""
        [exchange] = self.servers.page.find(mark)
        end = time.monotonic() + 1.5
        while not exchange.disconnected and time.monotonic() < end:
            time.sleep(0.02)
        return exchange.disconnected is not None and exchange.disconnected - since < 1


def say(value: bool) -> str:
    return "yes" if value else "no"


def guarded(check: Callable[[], bool]) -> str:
    """Give "yes", "no", or "no" and the exception that the case raised."""
    try:
        return say(check())
    except Failed as failed:
        return f"no ({failed})"


def connect_timeout(s: Subject) -> str:
    mark = s.mark()
    return guarded(
        lambda: (
            s.run("slow_headers", seconds=0.6, connect=0.1, marker=mark) == "late"
            and len(s.servers.page.find(mark)) == 1
        )
    )


def incremental(s: Subject) -> str:
    return guarded(lambda: s.run("first_chunk", gap=0.3)[0] < 0.25)


def leaving(s: Subject, how: str) -> str:
    mark = s.mark()

    def check() -> bool:
        # A transport that does not abort must not hold one of the browser's six connections.
        return s.stopped(mark, s.run("close_early", how=how, marker=f"{mark}&life=4"))

    return guarded(check)


def cancelling(s: Subject, path: str) -> str:
    mark = s.mark()

    def check() -> bool:
        _, when = s.run("cancel", path=f"{path}&marker={mark}")
        return s.stopped(mark, when)

    return guarded(check)


def failures(s: Subject) -> str:
    def check() -> bool:
        outcome = s.run("failure", method="GET", url="http://127.0.0.1:9/")
        cut = s.run("read_all", path="/cut?how=length", read=5)
        return "ConnectError" in outcome["classes"] and bool(cut.get("classes"))

    return guarded(check)


def raw_bodies(s: Subject) -> str:
    def check() -> bool:
        for method, body in (("POST", b"\x00\xff"), ("POST", b""), ("DELETE", b"x")):
            seen = s.run("echo_bytes", method=method, body=list(body))
            if base64.b64decode(seen["body"]) != body:
                return False
        return True

    return guarded(check)


def multipart(s: Subject) -> str:
    return guarded(lambda: b"\x00\xff data" in base64.b64decode(s.run("multipart")[1]))


def generator(s: Subject) -> str:
    return guarded(lambda: base64.b64decode(s.run("generator_body")) == b"one two three")


def encoding(s: Subject) -> str:
    fetched = guarded(lambda: s.run("gzip") == [True, True])
    xhr = guarded(lambda: s.run("gzip", asynchronous=False, jspi=False) == [True, True])
    return f"fetch: {fetched}; XHR: {xhr}"


def read_timeout(s: Subject, path: str) -> str:
    def check() -> bool:
        outcome = s.run("read_all", path=path, read=0.3)
        return "ReadTimeout" in outcome.get("classes", ())

    return guarded(check)


def cache(s: Subject) -> str:
    mark = s.mark()
    try:
        # Not cacheable, yet a cache that is asked makes the second wait for the first.
        seconds = s.run("four_at_once", path=f"/delay?s=0.5&marker={mark}")
        s.run("four_at_once", path=f"/slow-cacheable?s=0&marker={mark}c")
    except Failed as failed:
        return f"no ({failed})"
    asked = len(s.servers.page.find(f"{mark}c"))
    return f"{say(seconds < 1 and asked == 4)} ({seconds:.2f} s; {asked} of 4 reached the server)"


def unsafe_headers(s: Subject) -> str:
    try:
        left = s.run("others.dropped")
    except Failed as failed:
        return f"no ({failed})"
    return "no (" + ", ".join(left) + ")" if left else "yes"


def apart(s: Subject) -> str:
    return guarded(lambda: s.run("others.cookies_apart") == ["a=1", "b=2"])


def not_retried(s: Subject) -> str:
    try:
        count = s.run("others.retried")
    except Failed as failed:
        return f"no ({failed})"
    return "yes" if not count else f"no ({count} retries)"


def sync(s: Subject) -> str:
    def works(jspi: bool) -> str:
        return guarded(
            lambda: (
                s.run("echo_bytes", asynchronous=False, jspi=jspi, method="POST", body=[1])[
                    "method"
                ]
                == "POST"
            )
        )

    return f"JSPI: {works(True)}; without, in a worker: {works(False)}"


def options(s: Subject) -> str:
    return guarded(lambda: s.run("others.with_cookies") == [False, True])


ROWS: dict[str, Callable[[Subject], str]] = {
    "`connect` timeout does not bound the time to headers": connect_timeout,
    "chunks are `bytes`": lambda s: guarded(lambda: s.run("chunk_types") == ["bytes"]),
    "response arrives incrementally": incremental,
    "closing aborts the request": lambda s: leaving(s, "close"),
    "breaking out aborts the request": lambda s: leaving(s, "lose"),
    "cancelling aborts before headers": lambda s: cancelling(s, "/delay?s=20"),
    "cancelling aborts in the body": lambda s: cancelling(s, "/stall?s=20"),
    "failures become httpx exceptions": failures,
    "204, 304, HEAD, null body": lambda s: guarded(lambda: s.run("statuses") == NO_BODY),
    "multipart upload": multipart,
    "async generator body": generator,
    "raw bytes, empty POST, DELETE with body": raw_bodies,
    "content-encoding not decoded twice": encoding,
    "read timeout until headers": lambda s: read_timeout(s, "/delay?s=3"),
    "read timeout for each chunk": lambda s: read_timeout(s, "/stall?s=3"),
    "HTTP cache bypassed (4 identical 0.5 s GETs; 4 of what may be cached)": cache,
    "unsafe headers left out": unsafe_headers,
    "repeated response headers kept apart": apart,
    "an unknown scheme is not retried by the SDK": not_retried,
    "sync": sync,
    "credentials and fetch options": options,
}


def main() -> int:
    servers = Servers.start()
    cells: dict[str, list[str]] = {}
    with sync_playwright() as playwright:
        browser = launch_chromium(playwright)
        jspi = Runtime(browser, servers, "worker", True)
        plain = Runtime(browser, servers, "worker", False)
        for runtime in (jspi, plain):
            runtime.page.evaluate("document.cookie = 'seen=1; path=/'")
        for label, row in ROWS.items():
            print(f"measuring: {label}", file=sys.stderr, flush=True)
            cells[label] = [row(Subject(name, servers, jspi, plain)) for name in CONTENDERS]
        jspi.close()
        plain.close()
        browser.close()
    servers.close()
    print("| case | " + " | ".join(CONTENDERS) + " |")
    print("| --- |" + " --- |" * len(CONTENDERS))
    for label, found in cells.items():
        print(f"| {label} | " + " | ".join(found) + " |")
    return 0 if all("no" not in found[-1].split() for found in cells.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
