"""The sources that the word `cite` has an answer cite, and the marks that stand for them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from playpage_site.demo import objects
from playpage_site.demo.store import FileRecord, Json, Store

MARK = re.compile(r"【\d+:(\d+)†source】")


@dataclass(frozen=True)
class Source:
    """filename, content: of the file that is cited; url, title: of the same on the web."""

    filename: str
    content: str
    url: str
    title: str

    @property
    def link(self) -> str:
        """The citation as text, in the way of answers that searched the web."""
        return f" ([{self.title}]({self.url}))"


SOURCES = (
    Source(
        "handbook.txt",
        "The seminar is on Tuesdays at ten.",
        "https://example.org/handbook",
        "The handbook",
    ),
    Source(
        "minutes.txt",
        "From March on the library opens at nine.",
        "https://example.org/minutes",
        "Minutes of the meeting",
    ),
)


def source_of(piece: str) -> Source | None:
    """The source that a piece of an answer marks, when it is such a mark."""
    found = MARK.fullmatch(piece)
    number = int(found.group(1)) if found else len(SOURCES)
    return SOURCES[number] if number < len(SOURCES) else None


def file_id_of(source: Source, store: Store) -> str:
    """The file of a source; it is put into the store when it is first cited."""
    for record in store.files.values():
        if record.obj["filename"] == source.filename:
            return str(record.obj["id"])
    content = source.content.encode()
    obj = objects.file(source.filename, len(content), "assistants")
    store.files[obj["id"]] = FileRecord(obj, content, "text/plain")
    return str(obj["id"])


def url_citation(source: Source, start: int) -> Json:
    """The fields of an annotation over `source.link` at this place; its leading space is out."""
    return {
        "start_index": start + 1,
        "end_index": start + len(source.link),
        "url": source.url,
        "title": source.title,
    }
