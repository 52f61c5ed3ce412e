"""The table of rooms in docs/architecture.md, and what in a source tree goes against it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from support.imports import Import, circles, imports_of

TABLE = "docs/architecture.md"
MAX_LINES = 300
#: Where sources are, and which files are sources. Lock files and golden data have other endings.
FOLDERS = ("js", "py", "scripts", "tests", "docs")
ENDINGS = (".py", ".js", ".mjs", ".d.ts", ".css", ".md")


@dataclass(frozen=True)
class Room:
    """A folder or a file, and the rooms that it may import from.

    prefix: ends in `/` for a folder; of several that fit a file, the longest counts.
    """

    prefix: str
    imports: frozenset[str]
    types: frozenset[str]


def read_rooms(text: str) -> list[Room]:
    """The rooms of a document: a table between `<!-- rooms -->` and `<!-- /rooms -->`.

    Its first column names the room in backticks, its last one the rooms it may import from:
    names in backticks, those for types alone followed by `(types)`. Raises ValueError when there
    is no such table, or a row names a room that has no row.
    """
    found = re.search(r"<!-- rooms -->(.*?)<!-- /rooms -->", text, re.DOTALL)
    if not found:
        raise ValueError("there is no table of rooms")
    rooms = []
    for line in found[1].strip().splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        name = re.fullmatch(r"`([^`]+)`", cells[0])
        if name:
            allowed = re.findall(r"`([^`]+)`(\s*\(types\))?", cells[-1])
            rooms.append(
                Room(
                    name[1],
                    frozenset(room for room, types in allowed if not types),
                    frozenset(room for room, types in allowed if types),
                )
            )
    names = {room.prefix for room in rooms}
    for room in rooms:
        if unknown := (room.imports | room.types) - names:
            raise ValueError(f"{room.prefix} may import from {sorted(unknown)}, which has no row")
    return rooms


def sources(top: Path) -> list[str]:
    """The paths of all source files, from the tree's top."""
    found = [*top.glob("*.md")]
    for folder in FOLDERS:
        found += (path for path in (top / folder).rglob("*") if path.name.endswith(ENDINGS))
    return sorted(path.relative_to(top).as_posix() for path in found if path.is_file())


def problems(top: Path) -> list[str]:
    """All that goes against the rules, each in a sentence with the file and the rule."""
    paths = sources(top)
    rooms = read_rooms((top / TABLE).read_text("utf-8"))
    imports = sorted(set(imports_of(top, paths)))
    return [
        *_homeless(paths, rooms),
        *_not_allowed(imports, rooms),
        *(f"these modules import one another: {', '.join(ring)}" for ring in circles(imports)),
        *_imports_of_tests(imports),
        *_same_names(paths),
        *_too_long(top, paths),
    ]


def room_of(path: str, rooms: Iterable[Room]) -> Room | None:
    fitting = [room for room in rooms if path == room.prefix or path.startswith(_folder(room))]
    return max(fitting, key=lambda room: len(room.prefix), default=None)


def _folder(room: Room) -> str:
    return room.prefix if room.prefix.endswith("/") else room.prefix + "/"


def _homeless(paths: list[str], rooms: list[Room]) -> Iterator[str]:
    for path in paths:
        if not path.endswith(".md") and room_of(path, rooms) is None:
            yield f"{path} is in no room of {TABLE}"
    for room in rooms:
        if not any(room_of(path, [room]) for path in paths):
            yield f"{TABLE} names the room {room.prefix}, where there is no source file"


def _not_allowed(imports: list[Import], rooms: list[Room]) -> Iterator[str]:
    for one in imports:
        room, target = room_of(one.source, rooms), room_of(one.target, rooms)
        if room is None or target is None or room == target:
            continue
        allowed = room.imports | room.types if one.types_only else room.imports
        if target.prefix not in allowed:
            kind = "types" if one.types_only else "nothing"
            named = sorted(allowed) or [kind]
            yield (
                f"{one.source}: `{one.text}` reaches into {target.prefix}, but {room.prefix} may "
                f"import {'types ' if one.types_only else ''}from {', '.join(named)} only"
            )


def _imports_of_tests(imports: list[Import]) -> Iterator[str]:
    for one in imports:
        if PurePosixPath(one.target).name.startswith("test_"):
            yield f"{one.source}: `{one.text}` imports from a test module; move it to tests/support"


def _same_names(paths: list[str]) -> Iterator[str]:
    places: dict[str, list[str]] = defaultdict(list)
    for path in paths:
        name = PurePosixPath(path).name
        if name.startswith("test_") and name.endswith(".py"):
            places[name].append(path)
    for same in places.values():
        if len(same) > 1:
            yield f"these test modules have the same name: {', '.join(same)}"


def _too_long(top: Path, paths: list[str]) -> Iterator[str]:
    for path in paths:
        lines = len((top / path).read_text("utf-8").splitlines())
        if lines > MAX_LINES:
            yield f"{path} has {lines} lines; {MAX_LINES} are allowed"
