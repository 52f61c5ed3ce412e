"""Where the assistant's words come from: a seam, and the script behind it.

What a run does (its statuses, its tool calls) is always the script's. A backend
decides on the words of the answer alone; `model_backend` has the other one.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from typing import Protocol

from playpage_site.demo.script import Turn, answer

#: The mark of a citation is a piece by itself.
MARKS = re.compile(r"(【\d+:\d+†source】)")
WORDS = re.compile(r"\s*\S+\s*$|\s*\S+|\s+")


class BackendError(Exception):
    """The words could not be had; the message says why."""


class Backend(Protocol):
    def words(self, turn: Turn) -> AsyncIterator[str]:
        """The answer to a turn, piece by piece.

        Raises BackendError when there is none.
        """
        ...


class ScriptBackend:
    async def words(self, turn: Turn) -> AsyncIterator[str]:
        for stretch in MARKS.split(answer(turn)):
            whole = [stretch] if MARKS.fullmatch(stretch) else WORDS.findall(stretch)
            for piece in whole:
                yield piece
