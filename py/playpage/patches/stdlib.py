"""Python's standard library: what a web worker lacks, and files that come on demand.

Read in the Python 3.14 of Pyodide 314.0.7.

`builtins.input`
    Public; replaced because there is no terminal that could answer.
`os.link`
    Missing in Pyodide, but aiofiles names it when it is imported. Ours only raises.
`asyncio.to_thread` (asyncio/threads.py)
    Pyodide's loop runs the function at once and returns a future that is done, so awaiting it
    never lets the loop turn: what a generator gave before reaches the reader only afterwards.
    Ours is the original with one turn before the call. Nobody here copies the name before the
    runtime has started.
`linecache.updatecache` (linecache.py)
    Every reader of source lines ends here when a line is not cached. Ours has a package's
    `__init__.py` fetched first, then calls the original.
`importlib.metadata.FastPath.zip_children` (importlib/metadata/__init__.py)
    The only place that lists a zip on `sys.path`. The standard library's has no packages, and
    listing it would need the whole file; for any other zip ours calls the original.
`tempfile._name_sequence` (tempfile.py)
    The generator of temporary names, made and seeded at its first use. None, its first value,
    makes a new one: a snapshot's would give all readers the same names.
`time.timezone` and others
    The C library looks the zone up only once, so the constants are set by hand.
`importlib._bootstrap._load_unlocked` (importlib/_bootstrap.py)
    Loads every module. The build, and only it, notes what passes through.
`importlib._bootstrap_external._code_to_hash_pyc` (importlib/_bootstrap_external.py)
    The only maker of byte code that is never checked against its source (PEP 552) which takes a
    code object. Used by the build.
"""

from __future__ import annotations

import asyncio
import builtins
import contextvars
import importlib
import importlib.metadata
import importlib.util
import linecache
import os
import sys
import time
from collections.abc import Callable, Iterator
from types import CodeType
from typing import Any, NoReturn, TypeVar

from .seam import Seam, assign, replace, replaced

T = TypeVar("T")

_INPUT = "builtins.input"
_THREADS = "asyncio.threads.to_thread"
_LINES = "linecache.updatecache"
_ZIP = "importlib.metadata.FastPath.zip_children"
_NAMES = "tempfile._name_sequence"
_ZONE = "time.timezone"
_LOAD = "importlib._bootstrap._load_unlocked"

SEAMS = (
    replaced(_INPUT, has_source=False),
    Seam(_THREADS, at=("asyncio.to_thread",)),
    replaced(_LINES, needs=("getlines",)),
    replaced(_ZIP, needs=("root",)),
    Seam(_NAMES, needs=("_get_candidate_names",)),
    Seam(_ZONE, needs=("altzone", "daylight", "tzname"), has_source=False),
    replaced(_LOAD),
    Seam("importlib._bootstrap_external._code_to_hash_pyc"),
)


def refuse_input(refuse: Callable[[], NoReturn]) -> None:
    """Let `input()` call `refuse`, which raises."""

    def refused(_prompt: object = "", /) -> NoReturn:
        refuse()

    replace(builtins, "input", refused, seam=_INPUT)


def add_link() -> None:
    """Give os the function `link`, where it has none."""

    def link(*_args: Any, **_kwargs: Any) -> NoReturn:
        raise OSError("hard links do not exist in the browser's file system")

    if not hasattr(os, "link"):
        os.link = link


def turn_before_to_thread() -> None:
    """Let the loop turn once before `asyncio.to_thread` calls its function."""

    async def to_thread(func: Callable[..., T], /, *args: Any, **kwargs: Any) -> T:
        await asyncio.sleep(0)
        return contextvars.copy_context().run(func, *args, **kwargs)

    replace(asyncio, "to_thread", to_thread, seam=_THREADS)


def before_line_lookup(prepare: Callable[[str], None]) -> None:
    """Call `prepare` with the name of a file before its lines are read."""

    def updatecache(filename: str, module_globals: Any = None) -> list[str]:
        prepare(filename)
        lines: list[str] = original(filename, module_globals)
        return lines

    original = replace(linecache, "updatecache", updatecache, seam=_LINES)


def skip_metadata_of(is_skipped: Callable[[str], bool]) -> None:
    """Keep importlib.metadata from listing the zips on sys.path that `is_skipped` names."""

    def zip_children(self: Any) -> Any:
        return [] if is_skipped(self.root) else original(self)

    fast_path: Any = importlib.metadata.FastPath  # type: ignore[attr-defined]
    original = replace(fast_path, "zip_children", zip_children, seam=_ZIP)


def renew_temporary_names() -> None:
    """Let the next temporary file have a name that no snapshot has fixed."""
    import tempfile

    assign(tempfile, "_name_sequence", None, seam=_NAMES)


def set_time_zone(standard_s: int, daylight_s: int, standard_name: str, daylight_name: str) -> None:
    """Set the zone: seconds to add to UTC in winter and in summer, and the zones' names."""
    assign(time, "timezone", -standard_s, seam=_ZONE)
    assign(time, "altzone", -daylight_s, seam=_ZONE)
    assign(time, "daylight", int(standard_s != daylight_s), seam=_ZONE)
    assign(time, "tzname", (standard_name, daylight_name), seam=_ZONE)


def note_loads(note: Callable[[str], object]) -> None:
    """Call `note` with the name of each module that was loaded."""

    def load_unlocked(spec: Any) -> Any:
        module = original(spec)
        note(spec.name)
        return module

    bootstrap = sys.modules["importlib._bootstrap"]
    original = replace(bootstrap, "_load_unlocked", load_unlocked, seam=_LOAD)


def unchecked_byte_code(code: CodeType, source: bytes) -> bytes:
    """The content of a .pyc that is never checked against its source."""
    external: Any = importlib.import_module("importlib._bootstrap_external")
    digest = importlib.util.source_hash(source)
    return bytes(external._code_to_hash_pyc(code, digest, checked=False))


def live() -> Iterator[tuple[object, str]]:
    """The instances that have what a class does not, and the modules."""
    import tempfile

    yield importlib.metadata.FastPath("."), _ZIP  # type: ignore[attr-defined]
    yield tempfile, _NAMES
    yield time, _ZONE
