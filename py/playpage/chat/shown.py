"""What a thread's messages and a run's events put into an answer."""

from __future__ import annotations

from typing import Any

from .citations import Footnotes
from .messages import File, Text, Turn
from .service import Changed


class Shown:
    """What of the thread is in the answer: by message and place in it.

    run: the run as its last event has it (the SDK's model), or None.
    """

    def __init__(self, turn: Turn, changed: Changed) -> None:
        self.answer = turn.answer
        self.changed = changed
        self.footnotes = Footnotes(turn.answer)
        self.run: Any = None
        self._texts: dict[tuple[str, int], tuple[Text, list[str], list[Any]]] = {}
        self._pictures: set[tuple[str, int]] = set()
        self._open: set[str] = set()

    @property
    def is_partial(self) -> bool:
        """Has a message begun of which the end has not been seen?"""
        return bool(self._open)

    def on_event(self, event: Any) -> None:
        """One event of a run's stream."""
        name, data = event.event, event.data
        if name == "thread.message.delta":
            self._open.add(data.id)
            for part in data.delta.content or ():
                if part.type == "text" and part.text:
                    self._add(data.id, part.index, part.text.value, part.text.annotations)
                elif part.type == "image_file":
                    self._picture(data.id, part.index, part.image_file)
        elif name in ("thread.message.completed", "thread.message.incomplete"):
            self._message(data)
        elif name.startswith("thread.run.") and not name.startswith("thread.run.step."):
            self.run = data
        self.changed()

    def messages(self, newest_first: list[Any]) -> None:
        """The thread's messages: those since the question are the answer."""
        since: list[Any] = []
        for message in newest_first:
            if message.role != "assistant":
                break
            since.insert(0, message)
        for message in since:
            self._message(message)
        self.changed()

    def _message(self, message: Any) -> None:
        """A message as it is in the end."""
        self._open.discard(message.id)
        for index, part in enumerate(message.content):
            if part.type == "text":
                if (message.id, index) not in self._texts:
                    self._texts[message.id, index] = self._new_text()
                text, value, annotations = self._texts[message.id, index]
                value[:], annotations[:] = [part.text.value], part.text.annotations or []
                text.markdown = self.footnotes.cite(part.text.value, annotations)
            elif part.type == "image_file":
                self._picture(message.id, index, part.image_file)

    def _add(self, message_id: str, index: int, words: str | None, annotations: Any) -> None:
        if (message_id, index) not in self._texts:
            self._texts[message_id, index] = self._new_text()
        text, value, known = self._texts[message_id, index]
        known += annotations or []
        if words:
            value.append(words)
            text.markdown += words
        if known:
            text.markdown = self.footnotes.cite("".join(value), known)

    def _new_text(self) -> tuple[Text, list[str], list[Any]]:
        text = Text()
        self.answer.parts.append(text)
        return text, [], []

    def _picture(self, message_id: str, index: int, image_file: Any) -> None:
        if (message_id, index) not in self._pictures and image_file:
            self._pictures.add((message_id, index))
            self.answer.parts.append(File("", image_file.file_id, image_file.file_id))
