"""Annotations of an answer's text, as numbers in it and footnotes below it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from ..messages import Answer


class Footnotes:
    """The sources that one answer cites, each once, in the order of their numbers.

    files: id of a file whose name is not known yet -> the number of its footnote.
    paths: ids of the files that the assistant has made and the text links to.
    """

    def __init__(self, answer: Answer) -> None:
        self._answer = answer
        self._sources: list[str] = []
        self.files: dict[str, int] = {}
        self.paths: list[str] = []

    def cite(self, text: str, annotations: Iterable[Any]) -> str:
        """The text with `[1]` for each annotation, a model of the SDK's or a dict."""
        inserts: list[tuple[int, str]] = []
        for annotation in annotations:
            found = annotation if isinstance(annotation, dict) else annotation.model_dump()
            kind = found.get("type")
            if kind == "file_path":
                text = self._take_path(text, found)
                continue
            # Some APIs nest the fields in one that is named after the type.
            inner = found.get(kind or "")
            fields = {**found, **(inner if isinstance(inner, dict) else {})}
            number = self._number(fields)
            if number is None:
                continue
            # The Assistants API marks it in the text, the others give a position.
            if mark := found.get("text"):
                text = text.replace(mark, f"[{number}]")
            elif (place := fields.get("end_index", fields.get("index"))) is not None:
                inserts.append((int(place), f" [{number}]"))
        for place, mark in sorted(inserts, reverse=True):
            if mark.strip() not in text[place : place + len(mark)]:
                text = text[:place] + mark + text[place:]
        return text

    def name_file(self, file_id: str, name: str) -> None:
        """Set the name of a cited file."""
        if file_id in self.files:
            self._answer.footnotes[self.files.pop(file_id) - 1] = name

    def _number(self, place: dict[str, Any]) -> int | None:
        file_id, url = place.get("file_id"), place.get("url")
        source = url or file_id
        if not source:
            return None
        if source not in self._sources:
            self._sources.append(source)
            if url:
                label = f"[{place.get('title') or url}]({url})"
            else:
                label = place.get("filename") or source
                if label == source:
                    self.files[source] = len(self._sources)
            self._answer.footnotes.append(label)
        return self._sources.index(source) + 1

    def _take_path(self, text: str, found: dict[str, Any]) -> str:
        file_id = (found.get("file_path") or {}).get("file_id") or found.get("file_id")
        if file_id and file_id not in self.paths:
            self.paths.append(file_id)
        # A link that only the model can follow: its words stay, and the file is shown below.
        mark = re.escape(found.get("text") or "\0")
        return re.sub(rf"\[([^\]]*)\]\({mark}\)", r"\1", text)
