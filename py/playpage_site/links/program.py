"""A program that a link or a page carries: files, an entry, and what it was written for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

RUNTIME = "gradio-lite-5"
ENTRY = "app.py"
MAX_PATH_BYTES = 255

#: A backslash or a colon leads elsewhere on Windows.
_NOT_IN_PATH = re.compile(r"[\x00-\x1f\x7f\\:]")
_SURROGATE = re.compile("[\ud800-\udfff]")


class ProgramError(ValueError):
    """The program cannot be put into a link. `str()` is a sentence for its author."""


@dataclass(frozen=True)
class Program:
    """A program as a link carries it. `files` maps relative paths, with `/`, to bytes.

    Raises ProgramError when it is invalid: the entry is missing or is not text, a path leads out
    of the program's folder, or two files have the same path.
    """

    files: Mapping[str, bytes]
    entry: str = ENTRY
    requirements: list[str] = field(default_factory=list)
    options: Mapping[str, str | bool] = field(default_factory=dict)
    runtime: str = RUNTIME

    def __post_init__(self) -> None:
        check_paths(list(self.files))
        if self.entry not in self.files:
            raise ProgramError(f"its entry {_quoted(self.entry)} is not among its files")
        if "/" in self.entry:
            raise ProgramError(f"its entry {_quoted(self.entry)} is in a folder")
        if self.entry != ENTRY and ENTRY in self.files:
            raise ProgramError(f"its entry runs as {ENTRY}, but another file has that name")
        try:
            self.files[self.entry].decode("utf-8-sig")
        except UnicodeDecodeError:
            raise ProgramError(f"its entry {_quoted(self.entry)} is not UTF-8 text") from None

    @property
    def code(self) -> str:
        """The text of the entry; a byte order mark is dropped."""
        return self.files[self.entry].decode("utf-8-sig")


def check_paths(paths: list[str]) -> None:
    """Raise ProgramError unless all of them can be files of one folder at the same time."""
    known = set(paths)
    if len(known) < len(paths):
        raise ProgramError("two of its files have the same path")
    for path in paths:
        parts = path.split("/")
        if (
            _NOT_IN_PATH.search(path)
            or not is_text(path)
            or any(part in ("", ".", "..") for part in parts)
            or len(path.encode()) > MAX_PATH_BYTES
        ):
            raise ProgramError(f"{_quoted(path)} is not a path inside the program's folder")
        if any("/".join(parts[:end]) in known for end in range(1, len(parts))):
            raise ProgramError(f"{_quoted(path)} is below a path that is itself a file")


def is_text(value: object) -> bool:
    """Is it a string without lone surrogates, which no file name and no UTF-8 can hold?"""
    return isinstance(value, str) and not _SURROGATE.search(value)


def _quoted(path: str) -> str:
    shown = "".join(c if c.isprintable() and c.isascii() else "?" for c in path[:80])
    return f"“{shown}”"
