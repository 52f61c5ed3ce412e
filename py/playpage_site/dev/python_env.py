"""The project's own Python environment, .venv, with what the locked requirement files name."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

from playpage_site.common import ROOT, BuildError, say

VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
OLDEST = (3, 11)


def enter(*names: str) -> None:
    """Install tests/requirements-NAME.txt into .venv, and go on as a process of .venv.

    Returns only in that process. Raises BuildError when Python is too old, a virtual
    environment cannot be made, or pip cannot install.
    """
    if sys.version_info < OLDEST:
        raise BuildError(f"Python 3.11 or newer is needed; this is {sys.version.split()[0]}.")
    ensure(*names)
    if Path(sys.prefix).resolve() != VENV.resolve():
        sys.stdout.flush()
        command = [str(PYTHON), *sys.argv]
        if os.name == "nt":  # where exec returns to the shell at once
            sys.exit(subprocess.run(command).returncode)
        # One process, so that Ctrl+C and kill reach the one that works.
        os.execv(command[0], command)  # noqa: S606


def ensure(*names: str) -> None:
    """Install the requirement files of these names, unless they are installed already."""
    if not PYTHON.exists():
        say("Making .venv")
        _run(
            [sys.executable, "-m", "venv", str(VENV)],
            "A virtual environment could not be made (Debian: apt-get install python3-venv)",
        )
    for name in names:
        requirements = ROOT / "tests" / f"requirements-{name}.txt"
        stamp = VENV / f".installed-{name}"
        wanted = hashlib.sha256(requirements.read_bytes()).hexdigest()
        if stamp.exists() and stamp.read_text("utf-8") == wanted:
            continue
        say(f"Installing the Python packages of tests/{requirements.name}")
        command = [str(PYTHON), "-m", "pip", "install", "--quiet", "--no-deps"]
        command += ["--disable-pip-version-check", "--require-hashes", "-r", str(requirements)]
        _run(command, f"pip could not install tests/{requirements.name}")
        stamp.write_text(wanted, "utf-8")


def _run(command: list[str], problem: str) -> None:
    result = subprocess.run(command, capture_output=True, text=True)
    if result.returncode:
        raise BuildError(f"{problem}. It said:\n{(result.stderr or result.stdout).strip()}")
