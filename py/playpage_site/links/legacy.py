"""Links of the old Gradio playground: `?demo=NAME&code=BASE64&reqs=BASE64`.

`decode_link` reads all three forms that exist, as js/link/legacy.js does in the page (the
reasons are told there); tests/golden/ holds the two together. `legacy_link` writes one.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import quote

Part = Literal["code", "reqs", "v2", "url", "key"]
Problem = Literal[
    "illegal-character",
    "bad-length",
    "too-long",
    "unknown-version",
    "damaged",
    "cut-short",
    "too-large",
    "bad-program",
]

#: Longest `code`, `reqs` or `v2` that is looked at, in characters: as long as a URL in Chromium.
MAX_PART_CHARS = 2 * 1024 * 1024

#: A demo that the old playground knew: it ignored the code of any other name.
KNOWN_DEMO = "Hello_World"

_HEX = "0123456789ABCDEFabcdef"
# Percent escapes, also those that a mail or chat tool has escaped again (`%252B`).
_ESCAPE = re.compile(r"%(?:25){0,3}([0-9A-Fa-f]{2})")
_BYTES = {f"{a}{b}": chr(int(a + b, 16)) for a in _HEX for b in _HEX}
_FOREIGN = re.compile(r"[^A-Za-z0-9+/_\- \t\r\n]")
_ALLOWED = (
    f"{a}[{''.join(b for b in _HEX if not _FOREIGN.match(_BYTES[a + b]))}]" for a in "234567"
)
#: The same where it may be escaped. An escape is taken whole, then its last two are looked at.
_FOREIGN_AS_IT_STANDS = re.compile(
    f"(?>{_ESCAPE.pattern})(?<!0[9AaDd]|{'|'.join(_ALLOWED)})"
    f"|(?!{_ESCAPE.pattern}){_FOREIGN.pattern}"
)
_LINE_END = re.compile(r"\r\n|\r|\n")
#: What JavaScript's `trim` takes away, so that both decoders agree on a line's ends.
_BLANK = (
    "\t\n\v\f\r \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000\ufeff"
)


class LinkError(ValueError):
    """A part of the link that cannot be read. `str()` is a sentence for the reader.

    `raw` is the part as it stands in the link; `position` the index into it of the
    first character that base64 does not have, or None when no single one is to blame.
    """

    def __init__(
        self, part: Part, problem: Problem, message: str, raw: str, position: int | None = None
    ) -> None:
        super().__init__(message)
        self.part = part
        self.problem = problem
        self.raw = raw
        self.position = position


@dataclass(frozen=True)
class Link:
    """What a link holds. `code` is None when it has none, or a broken one."""

    demo: str | None
    code: str | None
    requirements: list[str]
    errors: list[LinkError] = field(default_factory=list)


def decode_link(link: str) -> Link:
    """Read a whole link, or a query that starts with `?`.

    Raises nothing for a bad link: `errors` holds at most one `LinkError` a part.
    """
    query = "&" + link.partition("#")[0].partition("?")[2].replace("&amp;", "&")
    errors: list[LinkError] = []

    def read(part: Part) -> str | None:
        raw = _parameter(query, part)
        if not raw:
            return None
        try:
            return _decode_text(decode_base64(part, raw))
        except LinkError as error:
            errors.append(error)
            return None

    demo = _parameter(query, "demo")
    return Link(
        demo=_undo_escapes(demo) if demo else None,
        code=read("code"),
        requirements=_split_requirements(read("reqs") or ""),
        errors=errors,
    )


def legacy_link(
    base: str, code: str, requirements: Iterable[str] = (), demo: str = KNOWN_DEMO
) -> str:
    """Write a link in the old form, base64 with everything escaped.

    `base` is the playground's address; its own query and fragment are kept. Code in Latin-1
    opens on any decoder that did a plain `atob`, the old playground's included; letters
    beyond it need one that reads UTF-8, as ours does.

    Raises UnicodeEncodeError when the code holds a lone surrogate, which no bytes are.
    """
    address, hash_, fragment = base.partition("#")
    parameters = [("demo", quote(demo, safe="")), ("code", _encode(code))]
    if lines := "\n".join(requirements):
        parameters.append(("reqs", _encode(lines)))
    query = "&".join(f"{name}={value}" for name, value in parameters)
    return f"{address}{'&' if '?' in address else '?'}{query}{hash_}{fragment}"


def _encode(text: str) -> str:
    data = text.encode()
    with suppress(UnicodeEncodeError):
        latin = text.encode("latin-1")
        if _decode_text(latin) == text:  # not for the few that are UTF-8 of another text
            data = latin
    return quote(base64.b64encode(data), safe="")


def _parameter(query: str, name: str) -> str | None:
    """The first parameter of that name, as it stands. `query` starts with `&`."""
    start = query.find(f"&{name}=")
    if start == -1:
        return None
    start += len(name) + 2
    end = query.find("&", start)
    return query[start:] if end == -1 else query[start:end]


def _undo_escapes(text: str) -> str:
    parts = _ESCAPE.split(text)
    parts[1::2] = [_BYTES[found] for found in parts[1::2]]
    return "".join(parts)


def decode_base64(part: Part, raw: str) -> bytes:
    """The bytes of base64 that was through chat tools. Raises LinkError."""
    if len(raw) > MAX_PART_CHARS:
        message = f"it is {len(raw)} characters long; the limit is {MAX_PART_CHARS}"
        raise LinkError(part, "too-long", message, raw)
    body = _without_padding(re.sub(r"[\t\r\n]", "", _undo_escapes(raw)))
    if _FOREIGN.search(body):
        raise _foreign_character(part, raw)
    if len(body) % 4 == 1:
        message = (
            f"it has {len(body)} base64 characters, a length that no text has: "
            "the link was cut short or lost a character"
        )
        raise LinkError(part, "bad-length", message, raw)
    standard = body.translate(str.maketrans(" -_", "++/"))
    return base64.b64decode(standard + "=" * (-len(standard) % 4))


def _without_padding(text: str) -> str:
    """Cut the `=` at the end, however many, and spaces among and after them."""
    padding = text.find("=", len(text.rstrip("= ")))
    return text if padding == -1 else text[:padding]


def _foreign_character(part: Part, raw: str) -> LinkError:
    found = _FOREIGN_AS_IT_STANDS.search(raw)
    assert found, "the caller has seen one"
    at = found.start()
    character = _BYTES[found[1]] if found[1] else found[0]
    message = f"character {at + 1} is {_name(character)}, which base64 does not have"
    return LinkError(part, "illegal-character", message, raw, at)


def _name(character: str) -> str:
    """Visible ASCII as it is, anything else by its number."""
    point = ord(character)
    return f"“{character}”" if 0x20 < point < 0x7F else f"U+{point:04X}"


def _decode_text(data: bytes) -> str:
    """Strict UTF-8 (a byte order mark is dropped), else Latin-1, which any bytes are."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def _split_requirements(text: str) -> list[str]:
    lines = (line.strip(_BLANK) for line in _LINE_END.split(text))
    return [line for line in lines if line and not line.startswith("#")]
