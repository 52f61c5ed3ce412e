"""What httpx's four timeouts mean where the browser owns the connection.

Touches no JavaScript.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

#: setTimeout() takes a signed 32-bit number of milliseconds; more would fire at once.
LONGEST_MS = 2**31 - 1
NONE_MS = -1

#: A body this small fits the buffers below fetch, so sending it takes no time of its own.
SMALL_BODY_BYTES = 64 * 1024


@dataclass(frozen=True)
class Limits:
    """How long to wait, in milliseconds; NONE_MS is for ever."""

    headers_ms: int
    chunk_ms: int


def _ms(seconds: float | None) -> int:
    if seconds is None:
        return NONE_MS
    return min(max(round(seconds * 1000), 0), LONGEST_MS)


def limits_of(extensions: Mapping[str, Any], body_size_bytes: int) -> Limits:
    """Read the ``timeout`` extension of a request.

    ``read`` counts until the headers and then for each chunk. ``connect`` and ``pool`` bound
    nothing: fetch does not tell when it has connected, and a reply may well take longer than
    a connection may. ``write`` is added for a large body, whose sending fetch does not show.
    """
    timeout = extensions.get("timeout") or {}
    read_s = timeout.get("read")
    headers_s = read_s
    if read_s is not None and body_size_bytes > SMALL_BODY_BYTES:
        write_s = timeout.get("write")
        headers_s = None if write_s is None else read_s + write_s
    return Limits(headers_ms=_ms(headers_s), chunk_ms=_ms(read_s))
