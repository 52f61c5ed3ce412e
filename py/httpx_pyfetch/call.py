"""Makes a library's request into arguments for bridge.js, and the reply into a response."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from . import bridge, errors, family, headers, options, timeouts
from .body import Body
from .bridge import REFUSED, TIMED_OUT, Exchange
from .errors import RefusalError

#: fetch refuses these, whatever the server allows.
FORBIDDEN_METHODS = frozenset({"CONNECT", "TRACE", "TRACK"})
BODILESS_METHODS = frozenset({"GET", "HEAD"})


class Call:
    """One request, checked, as arguments for bridge.js.

    Raises RefusalError for a request that fetch can never send.
    """

    def __init__(
        self,
        request: Any,
        body: bytes,
        defaults: Mapping[str, Any],
        drop: headers.Drop,
    ) -> None:
        url = request.url
        self.origin = origin_of(url)
        self.library = family.library_of(request)
        self.request = request
        self.method: str = request.method
        if url.scheme not in {"http", "https"}:
            scheme = f"{url.scheme}://" if url.scheme else "no scheme"
            raise RefusalError(
                "UnsupportedProtocol", f"fetch sends http:// and https://, not {scheme}"
            )
        if self.method in FORBIDDEN_METHODS:
            raise RefusalError("LocalProtocolError", f"browsers do not send {self.method} requests")
        if body and self.method in BODILESS_METHODS:
            raise RefusalError(
                "LocalProtocolError", f"browsers do not send a body with {self.method}"
            )
        # fetch refuses a URL with a password; httpx has made it an Authorization header.
        self.url = str(url.copy_with(username="", password="") if url.userinfo else url)
        self.headers = headers.to_fetch(request.headers.raw, drop)
        self.options = json.dumps(options.options_of(request.extensions, defaults))
        self.limits = timeouts.limits_of(request.extensions, len(body))
        self.body = body

    def start(self, exchange: Exchange) -> Any:
        """Send it; give a promise of the head."""
        return exchange.open(
            self.url,
            self.method,
            self.headers,
            bridge.body_js(self.body),
            self.options,
            self.limits.headers_ms,
        )

    def response(self, exchange: Exchange, head: str | int, asynchronous: bool) -> Any:
        """Make the library's Response. Raises its exceptions when there is no head."""
        if not isinstance(head, str):
            raise self.failed(head, exchange)
        status, reason, url, redirected, kind, *items = head.split("\n")
        extensions: dict[str, Any] = {
            "http_version": b"HTTP/1.1",
            "url": url,
            "redirected": redirected == "true",
            "response_type": kind,
        }
        if reason:
            extensions["reason_phrase"] = reason.encode("latin-1", "replace")
        classes = family.classes_of(self.library)
        stream = classes.async_stream if asynchronous else classes.sync_stream
        return classes.response(
            int(status),
            headers=headers.from_fetch(items, has_body=self.method != "HEAD"),
            stream=stream(
                Body(exchange, self.library, self.request, self.origin, self.limits.chunk_ms)
            ),
            extensions=extensions,
        )

    def failed(self, code: int, exchange: Exchange) -> Exception:
        """Make the exception for a request that got no head."""
        if code == REFUSED:
            return RefusalError("LocalProtocolError", errors.browser_says(exchange.failure))
        error: Exception
        if code == TIMED_OUT:
            what = "whole reply" if exchange.whole else "headers"
            message = errors.timeout_message(self.origin, self.limits.headers_ms, what)
            error = self.library.ReadTimeout(message, request=self.request)
        else:
            message = errors.blocked_message(self.origin, *bridge.place(), exchange.failure)
            error = self.library.ConnectError(message, request=self.request)
        return error


def origin_of(url: Any) -> str:
    """Give scheme, host and port: no error shows more of a URL, where keys can be."""
    port = f":{url.port}" if url.port is not None else ""
    host = f"[{url.host}]" if ":" in url.host else url.host
    return f"{url.scheme}://{host}{port}"
