"""The two transports, for httpx and httpx2 alike."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from . import bridge, errors, family, headers, options
from .call import Call
from .errors import RefusalError
from .refusal import refuse


class _Settings:
    """The settings of a transport. It has no other state, so it may serve any number of clients.

    drop_headers: names of request headers to leave out, or prefixes with ``*``; some services
        refuse ``x-stainless-*`` in a preflight.
    fetch: options of fetch for every request: ``credentials``, ``mode``, ``cache`` (else
        ``no-store``), ``redirect``, ``referrerPolicy``, ... A request may have its own, in
        ``extensions={"fetch": {...}}``, which take precedence.

    Raises ValueError for an option or value that fetch does not know.
    """

    def __init__(
        self, *, drop_headers: Iterable[str] = (), fetch: Mapping[str, Any] | None = None
    ) -> None:
        self._drop = headers.drop_rule(drop_headers)
        self._fetch = {"cache": "no-store", **options.check_options(fetch or {})}

    def _call(self, request: Any, body: bytes) -> Call:
        return Call(request, body, self._fetch, self._drop)


class AsyncTransport(_Settings):
    """Sends httpx and httpx2 requests by fetch.

    A response's ``extensions`` hold ``url`` (the final one, as ``response.url``), ``redirected``,
    ``response_type``, ``http_version`` and ``reason_phrase``.

    Raises the request's own library's exceptions: ConnectError when there is no reply (CORS, DNS
    or a refused connection: browsers do not tell), ReadTimeout, an exception that is both
    ReadError and RemoteProtocolError when a body breaks off, and for what fetch can never send
    UnsupportedProtocol or LocalProtocolError, which the openai SDK does not retry.
    """

    async def handle_async_request(self, request: Any) -> Any:
        body = b"".join([chunk async for chunk in request.stream])
        try:
            call = self._call(request, body)
            exchange = bridge.new_exchange()
            try:
                head = await call.start(exchange)
            except BaseException:
                exchange.close()
                raise
            return call.response(exchange, head, asynchronous=True)
        except RefusalError as refusal:
            return refuse(family.library_of(request), refusal, request)

    async def aclose(self) -> None:
        pass


class SyncTransport(_Settings):
    """Sends httpx and httpx2 requests from plain code, as AsyncTransport does.

    By fetch where the engine has JSPI, else in a worker by XMLHttpRequest with one warning.
    Raises RuntimeError, saying what to do, where there is neither.
    """

    def handle_request(self, request: Any) -> Any:
        body = b"".join(request.stream)
        try:
            call = self._call(request, body)
            if bridge.can_run_sync():
                exchange = bridge.new_exchange()
                try:
                    head = bridge.run_sync(call.start(exchange))
                except BaseException:
                    exchange.close()
                    raise
                return call.response(exchange, head, asynchronous=False)
            if bridge.has_xhr():
                _warn_once()
                exchange = bridge.new_whole_exchange()
                return call.response(exchange, call.start(exchange), asynchronous=False)
            message = errors.no_sync_message(bridge.has_jspi())
            raise RefusalError("RuntimeError", message)
        except RefusalError as refusal:
            return refuse(family.library_of(request), refusal, request)

    def close(self) -> None:
        pass


@cache
def _warn_once() -> None:
    warnings.warn(errors.XHR_WARNING, RuntimeWarning, stacklevel=2)
