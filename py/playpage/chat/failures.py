"""Failures as sentences that tell a reader what to do."""

from __future__ import annotations

import re
import traceback
from typing import Any

import httpx
import openai

from .languages import Words


class ChatError(Exception):
    """A failure that the reader can act on. `key` names a sentence in languages/."""

    def __init__(self, key: str, **values: object) -> None:
        super().__init__(key)
        self.key = key
        self.values = values


class ToolError(Exception):
    """A failure of a tool. The message is for the model, and is shown to the reader."""


#: Raised when a body ends too early: the SDK lets httpx's own exceptions through.
CUT = (httpx.TransportError, httpx.StreamError)
#: Those that mean that an answer had begun, even if no text of it is there: when a connection
#: breaks, a browser drops what has not been read.
_BROKEN_OFF = (httpx.ReadError, httpx.RemoteProtocolError, httpx.StreamError)


def explain(error: BaseException, words: Words, has_text: bool = False) -> str:
    """A sentence for the reader: what went wrong, and what to do.

    has_text: part of the answer has arrived. An unforeseen error is printed for the author.
    """
    if isinstance(error, ChatError):
        return words.sentence(error.key, **error.values)
    if isinstance(error, openai.APITimeoutError | httpx.TimeoutException):
        return words["timeout"]
    if isinstance(error, openai.APIStatusError):
        return explain_status(error, words)
    if isinstance(error, openai.APIConnectionError | httpx.HTTPError | httpx.StreamError):
        if has_text or isinstance(error, _BROKEN_OFF):
            return words["cut"]
        return words.sentence("unreachable", address=_host(error) or words["the_service"])
    if isinstance(error, openai.APIError):
        # An error event in the middle of a stream.
        return words.sentence("refused", status="", reason=reason_of(error, words))
    traceback.print_exception(error)
    if isinstance(error, ValueError | TypeError | AttributeError | KeyError):
        return words["odd_answer"]
    return words.sentence("unexpected", kind=type(error).__name__)


def explain_status(error: openai.APIStatusError, words: Words) -> str:
    """A sentence for an answer with a status of 400 or more."""
    status, reason = error.status_code, reason_of(error, words)
    address = str(error.request.url).partition("?")[0]
    if status == 429:
        if "quota" in reason.lower() or "billing" in reason.lower():
            return words.sentence("quota", reason=reason)
        seconds = error.response.headers.get("retry-after", "")
        wait = words.sentence("seconds", count=seconds) if seconds.isdigit() else words["a_minute"]
        return words.sentence("rate_limit", reason=reason, wait=wait)
    if status >= 500:
        return words.sentence("server_error", status=status, reason=reason)
    known = {401: "key_refused", 403: "forbidden", 404: "not_found", 413: "too_large"}
    return words.sentence(
        known.get(status, "refused"), status=status, reason=reason, address=address
    )


def reason_of(error: openai.APIError, words: Words) -> str:
    """The service's own message, for the reader."""
    return message_in(error) or words["no_reason"]


def message_in(error: openai.APIError) -> str:
    """The service's message in `{"error": {"message": …}}`, `{"msg": …}` or plain text.

    "" where there is none. The SDK's own message leaves out some of these.
    """
    body: Any = error.body
    if isinstance(body, dict):
        inner = body.get("error")
        for place in (body, inner if isinstance(inner, dict) else {}):
            for name in ("message", "msg", "detail", "error"):
                if isinstance(place.get(name), str) and place[name].strip():
                    return str(place[name]).strip()
    if isinstance(body, str) and body.strip() and "<" not in body:
        return body.strip()[:300]
    return ""


def _host(error: BaseException) -> str:
    """Where a request went: "https://example.org". "" where that is not known."""
    # httpx has it under `request`, too, but raises there when it has none.
    if isinstance(error, openai.APIConnectionError):
        request: Any = error.request
    else:
        request = getattr(error, "_request", None)
    found = re.match(r"[a-z]+://[^/?#]+", str(getattr(request, "url", "")))
    return found[0] if found else ""
