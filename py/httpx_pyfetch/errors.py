"""Exceptions and their messages. Touches no JavaScript."""

from __future__ import annotations

from functools import cache
from types import ModuleType
from typing import Any


class RefusalError(Exception):
    """A request that fetch can never send, so that sending it again cannot help.

    ``kind`` names the exception of the HTTP library that the caller gets, or is RuntimeError.
    """

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind
        self.message = message


def is_loopback(host: str) -> bool:
    """Whether browsers let an https page reach this host over plain http."""
    return host in {"localhost", "127.0.0.1", "[::1]"} or host.endswith(".localhost")


def browser_says(failure: str) -> str:
    """Give the message of ``name\\nmessage``, or "" when it quotes a URL, which can hold a key."""
    message = failure.partition("\n")[2].strip()
    return "" if "://" in message or "?" in message else message


def _quote(failure: str) -> str:
    message = browser_says(failure)
    return f" (the browser says: {message})" if message else ""


def blocked_message(origin: str, page_origin: str, online: bool, failure: str) -> str:
    """Say why a request got no reply, as far as a browser tells.

    origin: scheme, host and port of the request; never its path or query, where keys can be.
    """
    quote = _quote(failure)
    if not online:
        return f"No reply from {origin}: the browser is offline{quote}"
    causes = "CORS, a name that does not resolve, a refused or dropped connection, or a blocker"
    scheme, _, rest = origin.partition("://")
    host = rest.rpartition(":")[0] or rest
    if page_origin.startswith("https:") and scheme == "http" and not is_loopback(host):
        causes = f"mixed content (http from a page on https), {causes}"
    return f"No reply from {origin}: {causes}; browsers do not tell which{quote}"


def cut_message(origin: str, failure: str) -> str:
    """Say that a body broke off."""
    return f"The reply from {origin} broke off before its end{_quote(failure)}"


def timeout_message(origin: str, timeout_ms: int, what: str) -> str:
    """Say which wait was too long. what: "headers", "more of the reply", or "whole reply"."""
    return f"No {what} from {origin} within {timeout_ms / 1000:g} s"


NO_SYNC = (
    "A synchronous request cannot be made here: {reason}. Use the asynchronous client "
    "(AsyncOpenAI, httpx.AsyncClient) and await it, or {remedy}."
)


def no_sync_message(has_jspi: bool) -> str:
    """Say why Python cannot wait here, and what to do. has_jspi: whether the engine has JSPI."""
    if has_jspi:
        return NO_SYNC.format(
            reason="Python was entered by a call that cannot be suspended, such as runPython",
            remedy="enter Python by runPythonAsync or callPromising",
        )
    return NO_SYNC.format(
        reason="this browser lacks JavaScript Promise Integration, and the page's main thread "
        "has no synchronous requests that return bytes",
        remedy="run Python in a web worker",
    )


XHR_WARNING = (
    "This browser lacks JavaScript Promise Integration, so synchronous requests are made with "
    "XMLHttpRequest: a reply arrives whole, streams are not incremental, and the read timeout "
    "bounds the whole reply. The asynchronous client has none of these limits."
)


@cache
def cut_error(library: ModuleType) -> Any:
    """Make the exception for a body that broke off.

    A native client tells a reset (ReadError) from an early end (RemoteProtocolError); a browser
    does not, so this is both, and code that expects either works.
    """
    return type(
        "IncompleteRead",
        (library.RemoteProtocolError, library.ReadError),
        {"__module__": __name__, "__doc__": "The reply's body broke off before its end."},
    )
