"""What can be wrong with a link. js/link/errors.js is the same in JavaScript."""

from __future__ import annotations

from typing import Literal

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
