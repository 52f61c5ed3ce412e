"""What every room may use: where the project is, progress, and how a build fails."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
#: Downloads and results of slow steps; everything in it can be deleted.
CACHE = ROOT / ".cache"


class BuildError(Exception):
    """Something cannot be had or made. `str()` is a sentence that says what to do."""


def say(text: str) -> None:
    """Print one line of progress at once, also into a pipe."""
    print(text, flush=True)
