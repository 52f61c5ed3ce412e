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
    def __init__(
        self, *, drop_headers: Iterable[str] = (), fetch: Mapping[str, Any] | None = None
    ) -> None:
        self._drop = headers.drop_rule(drop_headers)
        self._fetch = {"cache": "no-store", **options.check_options(fetch or {})}

    def _call(self, request: Any, body: bytes) -> Call:
        return Call(request, body, self._fetch, self._drop)


class AsyncTransport(_Settings):
    """See AsyncPyfetchTransport in the package."""

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
    """See PyfetchTransport in the package."""

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
