"""Which files of a layer of Python packages a page gets when.

"start": with the first files, because Python or a program may ask for them at any moment.
"code": byte code of what a chat imports, for a start without the snapshot. "sources": what is
read when a module is imported that a chat does not import, or when a traceback is shown;
a page fetches them when one is first asked for.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from playpage_site.registry.platform import CACHE_TAG

Files = Mapping[str, bytes]

#: What no program reads: stubs for editors, pictures of a manual, lists of a wheel's own parts.
UNUSED = re.compile(r"\.(pyi|c|1)$|(^|/)CHANGELOG\.md$|^images/|\.dist-info/sboms/")
#: Of a package's metadata, what importlib.metadata and micropip ask for.
METADATA = re.compile(r"\.dist-info/(METADATA|RECORD|INSTALLER|entry_points\.txt|top_level\.txt)$")
#: Texts that only people read. Licences have to be handed on with the code they are of.
TEXTS = re.compile(r"\.dist-info/|\.(md|rst)$|(^|/)(LICENSE|COPYING|NOTICE|AUTHORS)[^/]*$")
#: Data that few programs read, and much of it: time zones, certificates. It comes with the sources.
RARE_DATA = re.compile(r"^certifi/|^(dateutil|pytz)/zoneinfo/")
#: Modules that read their own source when they are imported: anyio finds there what to
#: import only when it is used.
READ_THEMSELVES = re.compile(r"^anyio/")


@dataclass
class Layer:
    """The files of a layer by path below site-packages, each in one of three parts."""

    start: dict[str, bytes] = field(default_factory=dict)
    code: dict[str, bytes] = field(default_factory=dict)
    sources: dict[str, bytes] = field(default_factory=dict)
    #: Folders of what comes with the sources, packages and those of data: does `__init__` too?
    on_demand_folders: dict[str, bool] = field(default_factory=dict)


def split(files: Files, byte_code: Files, absent: Collection[str] = ()) -> Layer:
    """Share a layer's files out.

    byte_code: {path of the .py: its .pyc}. Where there is none at all, the sources are the
    code that a start needs. absent: names of modules that a start looks for and does without.
    """
    layer = Layer()
    for path, content in files.items():
        if UNUSED.search(path):
            continue
        if METADATA.search(path):
            layer.start[path] = _shortened(path, content, files)
        elif path.endswith(".py") or TEXTS.search(path) or RARE_DATA.search(path):
            layer.sources[path] = content
        else:
            layer.start[path] = content
    for path, compiled in byte_code.items():
        if READ_THEMSELVES.match(path):
            layer.code[path] = files[path]
            layer.code[cache_path(path)] = compiled
        else:
            # In the place of its source, which is not there yet.
            layer.code[f"{path}c"] = compiled
    if not byte_code:
        layer.code, layer.sources = layer.sources, {}
    layer.on_demand_folders = _watched(layer, absent)
    return layer


def _watched(layer: Layer, absent: Collection[str]) -> dict[str, bool]:
    """The folders with sources that are there before the sources are; at least the packages.

    Python looks for an `__init__` in each folder that it comes through. Only where none is there
    and one comes with the sources does that ask for them.
    """
    late = {_parents(path)[-1] for path in layer.sources if _parents(path)}
    there = {folder for path in (*layer.start, *layer.code) for folder in _parents(path)}
    packages = {folder.partition("/")[0] for folder in late}
    return {
        folder: f"{folder}/__init__.py" in layer.sources
        and folder.replace("/", ".") not in absent
        and not {f"{folder}/__init__.py", f"{folder}/__init__.pyc"} & layer.code.keys()
        for folder in sorted(packages | (late & there))
        if not folder.endswith(".dist-info")
    }


def _parents(path: str) -> list[str]:
    parts = path.split("/")[:-1]
    return ["/".join(parts[:end]) for end in range(1, len(parts) + 1)]


def cache_path(source: str) -> str:
    """Where Python looks for the byte code of a source that is there (PEP 3147)."""
    folder, _, name = source.rpartition("/")
    return f"{folder}/__pycache__/{name.removesuffix('.py')}.{CACHE_TAG}.pyc".lstrip("/")


def module_name(byte_code: str) -> str:
    """The module of a `.pyc` that lies in its source's place."""
    return byte_code.removesuffix(".pyc").removesuffix("/__init__").replace("/", ".")


def _shortened(path: str, content: bytes, files: Files) -> bytes:
    """METADATA without the project's description, RECORD of what is there, without hashes.

    Both may be absent (packaging.python.org, "Core metadata" and "RECORD"), and they do not
    compress.
    """
    if path.endswith("/METADATA"):
        head, _, _ = content.replace(b"\r\n", b"\n").partition(b"\n\n")
        return head + b"\n"
    if path.endswith("/RECORD"):
        names = (line.rsplit(",", 2)[0] for line in content.decode("utf-8").splitlines() if line)
        return "".join(f"{name},,\n" for name in names if name in files).encode("utf-8")
    return content
