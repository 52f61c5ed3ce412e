"""What every room may use: the project's folder, Node.js, progress, and how a build fails."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
#: Downloads and results of slow steps; everything in it can be deleted.
CACHE = ROOT / ".cache"


class BuildError(Exception):
    """Something cannot be had or made. `str()` is a sentence that says what to do."""


def say(text: str) -> None:
    """Print one line of progress at once, also into a pipe."""
    print(text, flush=True)


def find_node(least_major: int) -> str | None:
    """The path of a Node.js at least this new: npm's optional package, or the machine's own."""
    candidates = [str(path) for path in sorted(ROOT.glob("node_modules/node-*/bin/node*"))]
    candidates += [path] if (path := shutil.which("node")) else []
    for candidate in candidates:
        try:
            version = subprocess.run([candidate, "--version"], capture_output=True, text=True)
        except OSError:
            continue
        if version.returncode == 0 and int(version.stdout[1:].split(".")[0]) >= least_major:
            return candidate
    return None
