"""Replacements in third parties' scripts: done as often as expected, or the build stops."""

from __future__ import annotations

import re

import pytest
from playpage_site.common import BuildError
from playpage_site.site.replaced import replaced, replaced_in_all

WORD = re.compile("old")


def test_every_match_is_replaced() -> None:
    assert replaced(WORD, "new", "old, old", times=2, where="a.js") == "new, new"


def test_text_without_groups_stands_as_it_is() -> None:
    assert replaced(WORD, r"\1 \n", "old", times=1, where="a.js") == r"\1 \n"


def test_groups_and_functions() -> None:
    pair = re.compile(r"(\w)=(\w)")
    assert replaced(pair, r"\2=\1", "a=b", times=1, where="a.js") == "b=a"
    assert replaced(WORD, lambda match: match[0].upper(), "old", times=1, where="a.js") == "OLD"


def test_matches_of_several_texts_are_counted_together() -> None:
    texts = {"a.js": "old", "b.js": "old old", "c.js": ""}
    changed = replaced_in_all(WORD, "new", texts, times=3)
    assert changed == {"a.js": "new", "b.js": "new new", "c.js": ""}


@pytest.mark.parametrize("times", [0, 1, 3])
def test_another_number_names_file_and_pattern(times: int) -> None:
    message = rf"in a\.js this pattern matches 2 times, not {times}:\n  old\n.* moved upstream"
    with pytest.raises(BuildError, match=message):
        replaced(WORD, "new", "old old", times=times, where="a.js")


def test_another_number_in_several_texts() -> None:
    with pytest.raises(
        BuildError, match="in a group of 2 files this pattern matches 0 times, not 1"
    ):
        replaced_in_all(WORD, "new", {"a.js": "", "b.js": ""}, times=1)
