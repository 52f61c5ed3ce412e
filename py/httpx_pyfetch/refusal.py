"""Refuses a request that can never be sent, in a way that no SDK retries.

SDKs of the Stainless kind (openai's among them) send a request inside a loop that retries
after any exception in their older versions, and after any httpx exception in the newer. In all
of them ``response.raise_for_status()`` is called outside that part, so for their requests the
exception is raised from there.
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any

from .errors import RefusalError
from .family import classes_of

#: Sent by every SDK that has that loop.
SDK_HEADER = "x-stainless-lang"


def refuse(library: ModuleType, refusal: RefusalError, request: Any) -> Any:
    """Raise the library's exception, or give a response whose ``raise_for_status()`` raises it.

    library: httpx or httpx2. The response has status 400 and the message as its body.
    """
    error: Exception
    if refusal.kind == "RuntimeError":
        error = RuntimeError(refusal.message)
    else:
        error = getattr(library, refusal.kind)(refusal.message, request=request)
    if SDK_HEADER not in request.headers:
        raise error from None
    return classes_of(library).response(
        400,
        content=refusal.message.encode(),
        extensions={"reason_phrase": b"Not sent", "refused": as_sdk_error(error, request)},
    )


def as_sdk_error(error: Exception, request: Any) -> Exception:
    """Wrap an exception in openai's own, as openai does, when the request is openai's."""
    openai = sys.modules.get("openai")
    if openai is None or "openai" not in request.headers.get("user-agent", "").lower():
        return error
    sdk_error: Exception = openai.APIConnectionError(message=str(error), request=request)
    sdk_error.__cause__ = error
    return sdk_error
