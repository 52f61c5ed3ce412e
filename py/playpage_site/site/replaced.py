"""Replacements in scripts of third parties, which stop the build when those have changed."""

from __future__ import annotations

import re

from playpage_site.common import BuildError


def replaced(pattern: re.Pattern[str], new: str, text: str, *, times: int, where: str = "") -> str:
    """`text` with every match of `pattern` replaced.

    new: may name groups, as `re.sub` does, if the pattern has some; else it stands as it is,
    backslashes included. times: how many matches there must be. where: the file, for the error.

    Raises BuildError, which names the pattern, for any other number of matches.
    """
    result, found = pattern.subn(new if pattern.groups else lambda _: new, text)
    if found != times:
        raise BuildError(
            f"{where or 'A text'} has {found} places, not {times}, like\n  {pattern.pattern}\n"
            "It changed upstream. Read it again, then adapt this pattern or its count."
        )
    return result
