"""The wheel of py/httpx_pyfetch, as its pyproject.toml says, and without a network."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[2] / "py" / "httpx_pyfetch"


def build_wheel(folder: Path) -> Path:
    """Build the wheel into a folder; gives its path."""
    # What `pip wheel` calls; the backend is one of the tests' own requirements.
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel"]
    command += ["--directory", str(folder)]
    subprocess.run(command, cwd=PACKAGE, check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    return wheel
