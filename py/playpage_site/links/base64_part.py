"""Base64 as links carry it. js/link/base64.js is the same in JavaScript.

tests/golden/ holds the two together.
"""

from __future__ import annotations

import base64
import re

from playpage_site.links.errors import LinkError, Part

#: Longest part that is decoded, in characters: as long as a URL in Chromium.
MAX_PART_CHARS = 2 * 1024 * 1024

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


def undo_escapes(text: str) -> str:
    """The text with all percent escapes decoded, one character a byte."""
    parts = _ESCAPE.split(text)
    parts[1::2] = [_BYTES[found] for found in parts[1::2]]
    return "".join(parts)


def decode_base64(part: Part, raw: str) -> bytes:
    """Decode base64 that may have come through a mail or chat tool.

    That is: of either alphabet, escaped, folded into lines, with spaces for `+`, and with any
    padding or none. part: of the link, for the error. raw: the part as it stands in the link.

    Raises LinkError.
    """
    if len(raw) > MAX_PART_CHARS:
        message = f"it is {len(raw)} characters long; the limit is {MAX_PART_CHARS}"
        raise LinkError(part, "too-long", message, raw)
    body = _without_padding(re.sub(r"[\t\r\n]", "", undo_escapes(raw)))
    if _FOREIGN.search(body):
        raise _foreign_character(part, raw)
    if len(body) % 4 == 1:
        message = (
            f"it has {len(body)} base64 characters, a length that encoded text cannot have: "
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
    message = f"character {at + 1} is {_name(character)}, which is not a base64 character"
    return LinkError(part, "illegal-character", message, raw, at)


def _name(character: str) -> str:
    """Visible ASCII as it is, anything else by its number."""
    point = ord(character)
    return f"“{character}”" if 0x20 < point < 0x7F else f"U+{point:04X}"
