"""The body of one reply, pulled from bridge.js by plain or by asynchronous code."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from types import ModuleType
from typing import Any

from . import bridge, errors
from .bridge import CLOSED, FAILED, TIMED_OUT, Exchange


class Body:
    """One reply's body. Closing it, or losing the last reference to it, aborts the request."""

    def __init__(
        self, exchange: Exchange, library: ModuleType, request: Any, origin: str, chunk_ms: int
    ) -> None:
        self._exchange: Exchange | None = exchange
        self._library = library
        self._request = request
        self._origin = origin
        self._chunk_ms = chunk_ms

    def chunks(self) -> Iterator[bytes]:
        """Yield the body, blocking by JSPI while there is none."""
        try:
            while exchange := self._open_exchange():
                count = exchange.wait(self._chunk_ms)
                if not isinstance(count, int):
                    count = bridge.run_sync(count)
                if count <= 0:
                    self._ended(count)
                    return
                for _ in range(count):
                    yield self._take(exchange)
        finally:
            self.close()

    async def achunks(self) -> AsyncIterator[bytes]:
        """Yield the body. Cancelling a task that waits here aborts the request."""
        try:
            while exchange := self._open_exchange():
                count = exchange.wait(self._chunk_ms)
                if not isinstance(count, int):
                    count = await count
                if count <= 0:
                    self._ended(count)
                    return
                for _ in range(count):
                    yield self._take(exchange)
        finally:
            self.close()

    def close(self) -> None:
        """Abort the request unless it is over, and release the JavaScript object."""
        exchange, self._exchange = self._exchange, None
        if exchange is not None:
            exchange.close()

    __del__ = close

    def _open_exchange(self) -> Exchange:
        if self._exchange is None:
            raise self._library.StreamClosed()
        return self._exchange

    def _take(self, exchange: Exchange) -> bytes:
        chunk_js = exchange.take()
        if chunk_js is None:  # closed while this was suspended
            raise self._library.StreamClosed()
        chunk: bytes = chunk_js.to_bytes()
        return chunk

    def _ended(self, code: int) -> None:
        """Raise the exception for this end of a body; END raises none."""
        if code == TIMED_OUT:
            message = errors.timeout_message(self._origin, self._chunk_ms, "more of the reply")
            raise self._library.ReadTimeout(message, request=self._request)
        if code == FAILED:
            failure = self._exchange.failure if self._exchange else ""
            message = errors.cut_message(self._origin, failure)
            raise errors.cut_error(self._library)(message, request=self._request)
        if code == CLOSED:
            raise self._library.StreamClosed()
