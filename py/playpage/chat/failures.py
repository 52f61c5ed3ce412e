"""What goes wrong, as sentences that tell a reader what to do."""

from __future__ import annotations

import re
import traceback
from typing import Any

import httpx
import openai

from .languages import Words


class ChatError(Exception):
    """Something the reader can act on. `key` names a sentence of the languages' files."""

    def __init__(self, key: str, **values: object) -> None:
        super().__init__(key)
        self.key = key
        self.values = values


class ToolError(Exception):
    """A tool that did not work; the message is for the model, and shown to the reader."""


#: Raised by a body that ends too early: the SDK passes httpx's own on.
CUT = (httpx.TransportError, httpx.StreamError)
#: Those of an answer that has begun. What had come of it may be lost: a browser that learns of
#: the end drops what has not been read.
_BROKEN_OFF = (httpx.ReadError, httpx.RemoteProtocolError, httpx.StreamError)


def explain(error: BaseException, words: Words, has_text: bool = False) -> str:
    """A sentence for the reader: what went wrong, and what to do.

    has_text: part of the answer has come. What nobody foresaw is printed for the author.
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
        # Told in the middle of a stream.
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
    """What the service said, for the reader."""
    return said_in(error) or words["no_reason"]


def said_in(error: openai.APIError) -> str:
    """What the service said, of `{"error": {"message": …}}`, `{"msg": …}` and plain text.

    "" where that is nothing. The SDK's own text of an error leaves out some of these.
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
