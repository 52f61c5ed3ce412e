"""Replacements in scripts of third parties, which stop the build when those have changed."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from playpage_site.common import BuildError

#: As `re.sub` takes it: a text, which may name groups, or a function of the match.
New = str | Callable[[re.Match[str]], str]


def replaced(pattern: re.Pattern[str], new: New, text: str, *, times: int, where: str) -> str:
    """`text` with every match of `pattern` replaced.

    new: a text is put in as it is, backslashes included, unless the pattern has groups. times: how
    many matches there must be. where: the file, for the error.

    Raises BuildError, which names the pattern, for any other number of matches.
    """
    return replaced_in_all(pattern, new, {where: text}, times=times)[where]


def replaced_in_all(
    pattern: re.Pattern[str], new: New, texts: Mapping[str, str], *, times: int
) -> dict[str, str]:
    """Several files' texts by name, as `replaced`; `times` counts the matches in all of them."""
    by = new if callable(new) or pattern.groups else lambda _: new
    results = {name: pattern.subn(by, text) for name, text in texts.items()}
    found = sum(count for _, count in results.values())
    if found != times:
        where = next(iter(texts)) if len(texts) == 1 else f"a group of {len(texts)} files"
        raise BuildError(
            f"in {where} this pattern matches {found} times, not {times}:\n  {pattern.pattern}\n"
            "The text moved upstream. Read it again, then adapt the pattern or its count."
        )
    return {name: text for name, (text, _) in results.items()}
