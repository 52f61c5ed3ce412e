"""Any link at all: the old playground's, version 2, or one that names an address.

js/link/open.js is the same in the page, and also fetches what an address names.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import unquote

from playpage_site.links.errors import LinkError
from playpage_site.links.legacy import decode_link
from playpage_site.links.program import ENTRY, Program, ProgramError
from playpage_site.links.v2 import VERSION, decode_program

#: Parts of a fragment that are read; any more are ignored.
MAX_PARTS = 100
_VERSION = re.compile(r"v([0-9]{1,9})(?:\.(.*))?", re.S)


@dataclass(frozen=True)
class Fragment:
    """What stands after a link's `#`, cut at each `&`.

    `version` and `data` of `v2.DATA`; `parameters` are the `name=value` parts, as they stand.
    """

    version: int | None = None
    data: str = ""
    parameters: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Opened:
    """What a link holds. `form` says which: "v2", "legacy", "url", or "none"."""

    form: str
    program: Program | None
    url: str | None = None
    key: str | None = None
    errors: list[LinkError] = field(default_factory=list)


def read_fragment(link: str) -> Fragment:
    version, data = None, ""
    parameters: dict[str, str] = {}
    parts = link.partition("#")[2].replace("&amp;", "&").split("&", MAX_PARTS)
    for part in parts[:MAX_PARTS]:
        if version is None and (found := _VERSION.fullmatch(part)):
            version, data = int(found[1]), found[2] or ""
        elif "=" in part:
            name, _, value = part.partition("=")
            parameters.setdefault(name, value)
    return Fragment(version, data, parameters)


def open_link(link: str) -> Opened:
    """Read a whole link, its query, or its fragment from `#` on.

    Raises nothing for a link that cannot be read: `errors` says what is wrong.
    """
    fragment = read_fragment(link)
    key = fragment.parameters.get("key")
    if fragment.version is not None:
        try:
            check_version(fragment)
            return Opened("v2", decode_program(fragment.data), key=key)
        except LinkError as error:
            return Opened("v2", None, key=key, errors=[error])
    if "url" in fragment.parameters:
        return Opened("url", None, unquote(fragment.parameters["url"]), key)
    legacy = decode_link(link)
    if legacy.code is None:
        return Opened("legacy" if legacy.errors else "none", None, key=key, errors=legacy.errors)
    try:
        program = Program({ENTRY: legacy.code.encode()}, requirements=legacy.requirements)
    except UnicodeEncodeError as error:
        raise ProgramError("the code holds half of a character") from error
    return Opened("legacy", program, key=key, errors=legacy.errors)


def check_version(fragment: Fragment) -> None:
    """Raise LinkError for a version that this playpage does not read."""
    if fragment.version == VERSION:
        return
    message = (
        f"it is in version {fragment.version} of the format, and this playpage reads version "
        f"{VERSION}: open it with a newer one"
    )
    raise LinkError("v2", "unknown-version", message, fragment.data)
