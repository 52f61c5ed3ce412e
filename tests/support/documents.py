"""Tables in docs/ that programs write: each stands between two markers."""

from __future__ import annotations

from pathlib import Path

DOCS = Path(__file__).resolve().parents[2] / "docs"
#: What `npm run bench` measures.
BENCHMARKS = DOCS / "benchmarks.md"


def put_between_markers(document: str, text: str, begin: str, end: str) -> str:
    """The document with `text` between two markers, in place of what stood there.

    Raises ValueError unless each marker is there once, in this order.
    """
    before, first, rest = document.partition(begin)
    _, last, after = rest.partition(end)
    if not first or not last or begin in rest or end in before + after:
        raise ValueError(f"the document needs {begin} and then {end}, each once")
    return f"{before}{begin}\n{text.strip()}\n{end}{after}"


def write_between_markers(path: Path, text: str, begin: str, end: str) -> None:
    """The same in a file, UTF-8. Raises ValueError as above, and then writes nothing."""
    document = put_between_markers(path.read_text("utf-8"), text, begin, end)
    path.write_text(document, "utf-8")
