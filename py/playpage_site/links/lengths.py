"""How long a link is, compared with what it has to fit into."""

from __future__ import annotations

import json
from functools import cache

from playpage_site.common import ROOT


@cache
def limits() -> list[tuple[int, str]]:
    """How many characters each place takes, the smallest first: [(characters, place), ...].

    2,000, 8,000 and 32,000 are what old browsers, servers (RFC 9110 asks for 8,000) and
    Chromium's address bar take; the tools' own documentation says the rest, for one message.
    The page's Share dialog reads the same table (js/link/lengths.js).
    """
    table = json.loads((ROOT / "js" / "link" / "limits.json").read_text("utf-8"))
    return [(limit["characters"], limit["place"]) for limit in table]


def describe_length(link: str) -> str:
    """One or two sentences for the person who made the link."""
    too_small = [place for limit, place in limits() if len(link) > limit]
    enough = [place for limit, place in limits() if len(link) <= limit]
    text = f"{len(link):,} characters."
    if too_small:
        text += f" Too long for: {'; '.join(too_small)}."
    if enough:
        text += f" Short enough for {enough[0]}."
    return text
