"""Which headers go to the browser and which come back. Touches no JavaScript."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from .errors import RefusalError

RawHeaders = list[tuple[bytes, bytes]]
Drop = Callable[[bytes], bool]

#: Headers that a browser sets itself. The list is the Fetch standard's "forbidden request-header",
#: and User-Agent, which Chromium ignores but other engines send, with a preflight for it.
BROWSER_SETS = frozenset(
    b"accept-charset accept-encoding access-control-request-headers access-control-request-method "
    b"access-control-request-private-network connection content-length cookie cookie2 date dnt "
    b"expect host keep-alive origin referer set-cookie te trailer transfer-encoding upgrade "
    b"user-agent via".split()
)

#: Meant for one connection, which was the browser's, not ours (RFC 9110, 7.6.1).
HOP_BY_HOP = frozenset(
    b"connection keep-alive proxy-connection te trailer transfer-encoding upgrade".split()
)

#: What fetch has already decoded when Python sees the body.
DECODED_BY_FETCH = frozenset({b"br", b"deflate", b"gzip", b"x-gzip", b"zstd"})

_TOKEN = re.compile(rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
_BAD_VALUE = re.compile(rb"[\x00\r\n]")


def drop_rule(patterns: Iterable[str]) -> Drop:
    """Make a test for header names; a pattern is a name, or a prefix and ``*``."""
    names = {p.lower().encode("ascii") for p in patterns}
    prefixes = tuple(n[:-1] for n in names if n.endswith(b"*"))
    return lambda name: name in names or bool(prefixes and name.startswith(prefixes))


def to_fetch(raw: RawHeaders, drop: Drop) -> str:
    """Make the text that bridge.js takes: name, value, name, value, one a line.

    Bytes become the characters of the same numbers, so they reach the server as they are.
    Raises RefusalError for a name or value that HTTP cannot carry.
    """
    lines: list[str] = []
    for name, value in raw:
        lower = name.lower()
        if lower in BROWSER_SETS or lower.startswith((b"proxy-", b"sec-")) or drop(lower):
            continue
        if not _TOKEN.fullmatch(name) or _BAD_VALUE.search(value):
            shown = name.decode("latin-1")
            raise RefusalError("LocalProtocolError", f"Illegal header name or value: {shown!r}")
        lines += (name.decode("latin-1"), value.decode("latin-1"))
    return "\n".join(lines)


def from_fetch(items: list[str], has_body: bool) -> RawHeaders:
    """Make the headers of a response out of name, value, name, value, ...

    Repeated names stay apart. What described the encoded body is left out when fetch has
    decoded it, or the library would decode it again. has_body: false for a reply to HEAD.
    """
    pairs = [
        (name.lower().encode("latin-1"), value.encode("latin-1", "replace"))
        for name, value in zip(items[::2], items[1::2], strict=True)
    ]
    codings = {
        coding.strip().lower()
        for name, value in pairs
        if name == b"content-encoding"
        for coding in value.split(b",")
    }
    gone = HOP_BY_HOP
    if has_body and codings & DECODED_BY_FETCH:
        gone = HOP_BY_HOP | {b"content-encoding", b"content-length"}
    return [(name, value) for name, value in pairs if name not in gone]
