"""The project's version is written in pyproject.toml; wherever else it stands, it is the same."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[3]


def project(path: Path) -> dict[str, Any]:
    table: dict[str, Any] = tomllib.loads(path.read_text("utf-8"))["project"]
    return table


VERSION = project(ROOT / "pyproject.toml")["version"]


def test_npm_has_the_version() -> None:
    package = json.loads((ROOT / "package.json").read_text("utf-8"))
    lock = json.loads((ROOT / "package-lock.json").read_text("utf-8"))
    assert package["version"] == VERSION
    assert lock["version"] == VERSION
    assert lock["packages"][""]["version"] == VERSION


def test_transport_has_the_version() -> None:
    package = ROOT / "py" / "httpx_pyfetch"
    assert project(package / "pyproject.toml")["version"] == VERSION
    wheels = re.findall(r"httpx_pyfetch-([^-\s]+)-py3", (package / "README.md").read_text("utf-8"))
    assert wheels
    assert set(wheels) == {VERSION}


def test_descriptions_agree() -> None:
    package = json.loads((ROOT / "package.json").read_text("utf-8"))
    here = project(ROOT / "pyproject.toml")
    for name in ("name", "description", "license"):
        assert package[name] == here[name]
