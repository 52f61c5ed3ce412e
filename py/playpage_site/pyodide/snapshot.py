"""A memory snapshot of a Python that has gradio and openai imported and warmed up.

Restoring it takes a fraction of starting Python and importing them. See
js/worker/snapshot/format.js for how it works, and DECISIONS.md for why it is made in Node.js.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from playpage_site.pyodide.in_node import Files, run_in_node

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Snapshot:
    """The memory as it is, the JSON that goes with it, and the names of the modules in it.

    The JSON is `Snapshot` in js/worker/snapshot/format.js.
    """

    heap: bytes
    about: bytes
    modules: frozenset[str]


def take_snapshot(pyodide: Files, layers: Mapping[str, Files]) -> Snapshot | None:
    """A snapshot; None where no Node.js can run Pyodide.

    pyodide: the files as the site will serve them: the snapshot remembers where in the
    standard library's zip each module lies. layers: sources, each with its byte code beside
    it: what compiling leaves behind in memory would be kept in it.
    """
    made = run_in_node(
        "Taking a snapshot of Python's memory",
        HERE / "snapshot.mjs",
        [HERE / "warm_up.py"],
        pyodide,
        layers,
        _read,
    )
    if made is None:
        return None
    modules = frozenset(made["modules.txt"].decode("utf-8").split("\n"))
    return Snapshot(made["heap.bin"], made["snapshot.json"], modules)


def _read(out: Path) -> dict[str, bytes]:
    return {
        name: (out / name).read_bytes() for name in ("heap.bin", "snapshot.json", "modules.txt")
    }
