"""A memory snapshot of a Python that has gradio and openai imported and warmed up.

Restoring it takes a fraction of starting Python and importing them. See
js/worker/snapshot.js for how it works, and DECISIONS.md for why it is made in Node.js.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from fetch import ROOT
from in_node import Files, run_in_node
from pack import pack

SCRIPTS = ROOT / "scripts"

#: "start": the extensions and snapshot.json, needed first. "heap": the memory.
PACKS = ("start", "heap")


def take_snapshot(pyodide: Files, layers: Mapping[str, Files]) -> dict[str, bytes]:
    """The packs named in PACKS; none where no Node.js runs Pyodide.

    pyodide: the files as the site will serve them: the snapshot remembers where in the
    standard library's zip each module lies.
    """
    made = run_in_node(
        "Taking a snapshot of Python's memory",
        SCRIPTS / "snapshot.mjs",
        [SCRIPTS / "warm_up.py"],
        pyodide,
        layers,
        _packs,
    )
    return {name.removesuffix(".pack"): content for name, content in (made or {}).items()}


def _packs(out: Path) -> dict[str, bytes]:
    heap = out / "heap.bin"
    rest = [path for path in sorted(out.rglob("*")) if path.is_file() and path != heap]
    return {
        "heap.pack": pack({"heap.bin": heap.read_bytes()}),
        "start.pack": pack({str(path.relative_to(out)): path.read_bytes() for path in rest}),
    }
