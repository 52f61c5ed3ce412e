"""What a thread's messages and a run's events contribute to an answer."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from ..messages import File, Text, Turn
from .base import Changed
from .citations import Footnotes

#: A message's id and the index of one of its parts.
Place = tuple[str, int]


@dataclass
class _Source:
    """What one text of the answer is made from: the words as sent, and their annotations."""

    text: Text
    words: list[str] = field(default_factory=list)
    annotations: list[Any] = field(default_factory=list)


class ThreadAnswer:
    """The part of a thread that answers one turn.

    run: the run as its last event has it (the SDK's model); None before the first one of a
        stream. run_id: its id, kept from one stream to the next; "" before there is a run.
    """

    def __init__(self, turn: Turn, changed: Changed) -> None:
        self.answer = turn.answer
        self.changed = changed
        self.footnotes = Footnotes(turn.answer)
        self.run: Any = None
        self.run_id = ""
        self._sources: dict[Place, _Source] = {}
        self._pictures: set[Place] = set()
        self._unfinished: set[str] = set()

    @property
    def is_partial(self) -> bool:
        """Has a message begun whose end has not arrived?"""
        return bool(self._unfinished)

    def set_run(self, run: Any) -> None:
        """Take the run's latest state."""
        self.run, self.run_id = run, run.id

    def on_event(self, event: Any) -> None:
        """Take one event of a run's stream."""
        name, data = event.event, event.data
        if name == "thread.message.delta":
            self._unfinished.add(data.id)
            for part in data.delta.content or ():
                if part.type == "text" and part.text:
                    self._add((data.id, part.index), part.text)
                elif part.type == "image_file":
                    self._add_picture((data.id, part.index), part.image_file)
        elif name in ("thread.message.completed", "thread.message.incomplete"):
            self._take_message(data)
        elif name.startswith("thread.run.") and not name.startswith("thread.run.step."):
            self.set_run(data)
        self.changed()

    def take_messages(self, newest_first: list[Any]) -> None:
        """Take the thread's messages: those since the question are the answer."""
        since: list[Any] = []
        for message in newest_first:
            if message.role != "assistant":
                break
            since.insert(0, message)
        for message in since:
            self._take_message(message)
        self.changed()

    def _take_message(self, message: Any) -> None:
        """Take a message in its final form."""
        self._unfinished.discard(message.id)
        for index, part in enumerate(message.content):
            place = (message.id, index)
            if part.type == "text":
                source = self._source(place)
                source.words, source.annotations = [part.text.value], part.text.annotations or []
                source.text.markdown = self.footnotes.cite(part.text.value, source.annotations)
            elif part.type == "image_file":
                self._add_picture(place, part.image_file)

    def _add(self, place: Place, delta: Any) -> None:
        """Add the words and annotations that a delta brings."""
        source = self._source(place)
        source.annotations = [*source.annotations, *(delta.annotations or ())]
        if delta.value:
            source.words.append(delta.value)
            source.text.markdown += delta.value
        if source.annotations:
            source.text.markdown = self.footnotes.cite("".join(source.words), source.annotations)

    def _source(self, place: Place) -> _Source:
        if place not in self._sources:
            self._sources[place] = _Source(Text())
            self.answer.parts.append(self._sources[place].text)
        return self._sources[place]

    def _add_picture(self, place: Place, image_file: Any) -> None:
        if place not in self._pictures and image_file:
            self._pictures.add(place)
            self.answer.parts.append(File("", image_file.file_id, image_file.file_id))
