"""The only module that touches JavaScript; everything else runs on CPython too.

Nothing JavaScript is held before the first request, so that a memory snapshot
can be taken of an interpreter that has imported, and installed, this package.
"""

from __future__ import annotations

from collections.abc import Awaitable
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol, TypeVar

T = TypeVar("T")

# What Exchange.wait() and open() give when it is not a count of chunks or a head.
END = 0
TIMED_OUT = -1
FAILED = -2
CLOSED = -3
REFUSED = -4


class Exchange(Protocol):
    """One request and its reply, as bridge.js has it."""

    #: ``name\\nmessage`` of the JavaScript error after FAILED.
    failure: str
    #: Whether the reply comes whole, by XMLHttpRequest.
    whole: bool

    def open(
        self, url: str, method: str, headers: str, body: Any, options: str, timeout_ms: int
    ) -> str | int | Awaitable[str | int]:
        """Send; give the head, one item a line, or TIMED_OUT, FAILED, CLOSED or REFUSED."""

    def wait(self, timeout_ms: int) -> int | Awaitable[int]:
        """Give how many chunks can be taken, or how the body ended."""

    def take(self) -> Any:
        """Give the next chunk, a buffer with ``to_bytes()``."""

    def close(self) -> None:
        """Abort, unless it is over."""


_factory_js: Any = None


def _pyodide(module: str) -> Any:
    try:
        return import_module(f"pyodide.{module}")
    except ImportError:
        raise RuntimeError(
            "httpx_pyfetch needs the browser's fetch and runs in Pyodide only; "
            "elsewhere use httpx's own transports"
        ) from None


def _factory() -> Any:
    global _factory_js
    if _factory_js is None:
        run_js = _pyodide("code").run_js
        bridge_js, reader_js, xhr_js = (
            run_js(Path(__file__).with_name(name).read_text(encoding="utf-8"))
            for name in ("bridge.js", "reader.js", "xhr.js")
        )
        _factory_js = bridge_js(reader_js, xhr_js)
    return _factory_js


def new_exchange() -> Exchange:
    """Make the object that carries one request.

    Raises RuntimeError outside Pyodide.
    """
    exchange: Exchange = _factory().exchange()
    return exchange


def new_whole_exchange() -> Exchange:
    """Make one that blocks in a synchronous XMLHttpRequest, with nothing to await."""
    exchange: Exchange = _factory().wholeExchange()
    return exchange


def body_js(body: bytes) -> Any:
    """Copy a request body into JavaScript's memory; None for an empty one."""
    if not body:
        return None
    return _pyodide("ffi").to_js(body)


def place() -> tuple[str, bool]:
    """Give the page's origin ("" or "null" when it has none) and whether it is online."""
    origin, online = _factory().place().split("\n")
    return origin, online == "true"


def has_xhr() -> bool:
    """Whether a synchronous XMLHttpRequest can return bytes here: only in a worker."""
    return bool(_factory().hasXhr())


def has_jspi() -> bool:
    """Whether the engine has JavaScript Promise Integration at all."""
    return bool(_factory().hasJspi())


def can_run_sync() -> bool:
    """Whether Python may block here until a promise settles (JSPI)."""
    probe = getattr(_pyodide("ffi"), "can_run_sync", None)
    return bool(probe and probe())


def run_sync(awaitable: Awaitable[T]) -> T:
    """Block until a promise settles. Only where can_run_sync() is true."""
    result: T = _pyodide("ffi").run_sync(awaitable)
    return result
