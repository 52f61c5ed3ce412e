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
from urllib.parse import quote

from playpage_site.links.base64_part import decode_base64, undo_escapes
from playpage_site.links.errors import LinkError, Part

#: A demo that the old playground knew: it ignored the code of any other name.
KNOWN_DEMO = "Hello_World"

_LINE_END = re.compile(r"\r\n|\r|\n")
#: What JavaScript's `trim` takes away, so that both decoders agree on a line's ends.
_BLANK = (
    "\t\n\v\f\r \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000\ufeff"
)


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
        demo=undo_escapes(demo) if demo else None,
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


def _decode_text(data: bytes) -> str:
    """Strict UTF-8 (a byte order mark is dropped), else Latin-1, which any bytes are."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def _split_requirements(text: str) -> list[str]:
    lines = (line.strip(_BLANK) for line in _LINE_END.split(text))
    return [line for line in lines if line and not line.startswith("#")]
