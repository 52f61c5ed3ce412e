"""A conversation as the chat keeps it: turns of a question and an answer, an answer of parts."""

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
    """One tool call. `output` is None while the tool is at work."""

    name: str
    arguments: str  # JSON
    id: str = ""
    output: str | None = None
    failed: bool = False
    seconds: float | None = None


@dataclass
class File:
    """A file of the reader's or of the assistant's. `id`: its name at the service, once there."""

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
    """What came back so far.

    footnotes: the sources that it cites, in order; `[1]` in the text names the first.
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
    """A question and its answer. rows: as they were last shown, once nothing changes any more."""

    question: Question
    answer: Answer = field(default_factory=Answer)
    rows: list[dict[str, Any]] | None = field(default=None, repr=False, compare=False)


@dataclass
class Conversation:
    """All turns, oldest first.

    memory: what the service knows them by: the id of a thread or of the last response. It can
    be "" at any time; the service is then told the turns anew.
    stale: earlier memories, of no use any more, that the service has yet to delete.
    task: what answers the last turn at the moment.
    """

    turns: list[Turn] = field(default_factory=list)
    memory: str = ""
    stale: list[str] = field(default_factory=list)
    task: asyncio.Task[Any] | None = None

    @property
    def last(self) -> Turn:
        """The turn to answer."""
        return self.turns[-1]

    @property
    def told(self) -> list[Turn]:
        """The turns before the last, as far as there is an answer to them."""
        return [turn for turn in self.turns[:-1] if turn.answer.text]

    def rewind(self, index: int) -> Question:
        """Take back a turn and all after it. Gives its question, to be sent again."""
        question = self.turns[index].question
        del self.turns[index:]
        self.drop_memory()
        return question

    def drop_memory(self) -> None:
        """Have the service told the turns anew: what it knows is not what the reader sees."""
        if self.memory:
            self.stale.append(self.memory)
        self.memory = ""
