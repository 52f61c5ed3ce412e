"""A conversation: turns of a question and an answer; an answer has parts."""

from __future__ import annotations

import asyncio
import mimetypes
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass
class Text:
    """Words of the assistant, in Markdown."""

    markdown: str = ""


@dataclass
class Step:
    """One tool call. `output` is None while the tool runs."""

    name: str
    arguments: str  # JSON
    id: str = ""
    output: str | None = None
    failed: bool = False
    seconds: float | None = None


@dataclass
class File:
    """A file of the reader's or of the assistant's.

    path: where it lies; "" until it has been fetched. id: the service's, once it has the file.
    """

    path: str
    name: str = ""
    id: str = ""

    def __post_init__(self) -> None:
        self.name = self.name or Path(self.path).name

    @property
    def media_type(self) -> str:
        """By the name's ending."""
        return mimetypes.guess_type(self.name)[0] or "application/octet-stream"

    @property
    def is_image(self) -> bool:
        """Can a model look at it?"""
        return self.media_type in ("image/png", "image/jpeg", "image/gif", "image/webp")

    def read(self) -> bytes:
        """Its content. Raises OSError."""
        return Path(self.path).read_bytes()


Part = Text | Step | File


@dataclass
class Question:
    """What the reader sent."""

    text: str
    files: list[File] = field(default_factory=list)


@dataclass
class Answer:
    """What has come back so far.

    footnotes: the sources that it cites, in order; `[1]` in the text is the first.
    problem: why it is not whole, as a sentence for the reader.
    is_done: nothing more will come.
    """

    parts: list[Part] = field(default_factory=list)
    footnotes: list[str] = field(default_factory=list)
    problem: str = ""
    is_done: bool = False
    follow_ups: list[str] = field(default_factory=list)

    def write(self, words: str) -> None:
        """Add to the last text, or begin one."""
        if not (self.parts and isinstance(self.parts[-1], Text)):
            self.parts.append(Text())
        last = self.parts[-1]
        assert isinstance(last, Text)
        last.markdown += words

    @property
    def text(self) -> str:
        """All its words."""
        return "\n\n".join(
            part.markdown.strip()
            for part in self.parts
            if isinstance(part, Text) and part.markdown.strip()
        )


@dataclass
class Turn:
    """A question and its answer."""

    question: Question
    answer: Answer = field(default_factory=Answer)


@dataclass
class Conversation:
    """All turns, oldest first.

    remote_id: the id under which the service keeps them, of a thread or of the last response. ""
        where it keeps none: the next request then holds all turns.
    stale_ids: earlier ids of no more use, which the service has yet to delete.
    task: what answers the last turn at the moment.
    """

    turns: list[Turn] = field(default_factory=list)
    remote_id: str = ""
    stale_ids: list[str] = field(default_factory=list)
    task: asyncio.Task[Any] | None = None

    @property
    def last(self) -> Turn:
        """The turn to answer."""
        return self.turns[-1]

    @property
    def answered_turns(self) -> list[Turn]:
        """The turns before the last that have an answer: what the service is to know."""
        return [turn for turn in self.turns[:-1] if turn.answer.text]

    def rewind(self, index: int) -> Question:
        """Take back a turn and all after it. Returns its question, to be sent again."""
        question = self.turns[index].question
        del self.turns[index:]
        self.drop_remote()
        return question

    def drop_remote(self) -> None:
        """Give up what the service keeps: it differs from what the reader sees."""
        if self.remote_id:
            self.stale_ids.append(self.remote_id)
        self.remote_id = ""
