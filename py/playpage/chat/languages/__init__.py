"""The chat's own words, a file for each language. Imports nothing of ours.

To add a language, add a file named after its tag (`zh_hant.py`), with the same names as
`en.py`; what it lacks is shown in English.
"""

from __future__ import annotations

import locale
import os
from contextlib import suppress
from importlib import import_module

from .en import WORDS

#: Regions that write Chinese in traditional characters.
_TRADITIONAL = ("zh_tw", "zh_hk", "zh_mo")
#: Written from right to left.
_RIGHT_TO_LEFT = ("ar", "fa", "he", "ur", "ps", "yi", "dv", "ckb")


class Words(dict[str, str]):
    """The words of one language. tag: such as "zh-Hant"."""

    def __init__(self, tag: str, words: dict[str, str]) -> None:
        super().__init__(words)
        self.tag = tag

    def sentence(self, key: str, /, **values: object) -> str:
        """A sentence with its blanks filled in. Raises KeyError for an unknown key."""
        return self[key].format(**values)

    @property
    def is_right_to_left(self) -> bool:
        """Is the language written from right to left?"""
        return self.tag.lower().partition("-")[0] in _RIGHT_TO_LEFT


def words(tag: str | None = None) -> Words:
    """The words of the language nearest to a tag such as "zh-TW"; without one, the reader's.

    LANG holds the browser's language, as it does a desktop's.
    """
    wanted = (tag or os.environ.get("LANG") or locale.getlocale()[0] or "en").partition(".")[0]
    name = wanted.replace("-", "_").lower()
    for candidate in _nearest(name):
        if candidate.isidentifier():
            with suppress(ModuleNotFoundError):
                found = import_module(f"{__name__}.{candidate}").WORDS
                return Words(candidate.replace("_", "-"), {**WORDS, **found})
    return Words(name.replace("_", "-"), WORDS)


def _nearest(name: str) -> list[str]:
    """Names to try, the nearest first: "zh_tw" -> "zh_tw", "zh_hant", "zh"."""
    parts = name.split("_")
    names = ["_".join(parts[:end]) for end in range(len(parts), 0, -1)]
    if name in _TRADITIONAL or "hant" in parts:
        names.insert(1, "zh_hant")
    return names
