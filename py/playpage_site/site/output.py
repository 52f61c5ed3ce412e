"""The folder that a build writes."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

from playpage_site.common import ROOT, BuildError


def empty_folder(out: Path) -> None:
    """Remove what an earlier build wrote; make the folder if there is none.

    Raises BuildError for a folder that has files and that no build wrote.
    """
    marker = out / ".gitignore"
    if out.exists() and any(out.iterdir()) and not marker.exists():
        raise BuildError(f"{out} is not empty and no build wrote it. Name another folder.")
    out.mkdir(parents=True, exist_ok=True)
    for child in out.iterdir():
        if child.is_dir():
            shutil.rmtree(child)
        elif child != marker:
            child.unlink()
    if not marker.exists():
        shutil.copyfile(ROOT / "build" / ".gitignore", marker)


def write_files(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write contents by their path below `folder`."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
