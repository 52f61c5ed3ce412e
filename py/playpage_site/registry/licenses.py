"""Licences of Python packages, read from their wheels."""

from __future__ import annotations

import zipfile
from email.message import Message
from email.parser import Parser
from pathlib import Path


def wheel_metadata(wheel: Path) -> Message:
    """The core metadata of a wheel file (packaging.python.org, "Core metadata")."""
    with zipfile.ZipFile(wheel) as archive:
        (name,) = [n for n in archive.namelist() if n.endswith(".dist-info/METADATA")]
        return Parser().parsestr(archive.read(name).decode("utf-8"))


def wheel_license(wheel: Path) -> str:
    """The licence in one line: the SPDX expression if there is one, else what was declared."""
    metadata = wheel_metadata(wheel)
    if expression := metadata["License-Expression"]:
        return str(expression)
    classifiers = [
        value.rsplit(" :: ", 1)[1]
        for value in metadata.get_all("Classifier", [])
        if value.startswith("License :: ") and value.count(" :: ") > 1
    ]
    if classifiers:
        return " or ".join(classifiers)
    declared = str(metadata["License"] or "").strip().splitlines()
    return declared[0][:80].replace('"', "'") if declared else "not declared"
