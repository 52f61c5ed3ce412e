"""The transport's own wheel: what is in it, and that it is the same each time."""

from __future__ import annotations

import re
import tomllib
import zipfile
from email.parser import Parser
from pathlib import Path

from support.transport_wheel import PACKAGE, build_wheel

ROOT = Path(__file__).parents[3]


def test_the_same_sources_give_the_same_bytes(tmp_path: Path) -> None:
    first = build_wheel(tmp_path / "a")
    assert build_wheel(tmp_path / "b").read_bytes() == first.read_bytes()


def test_wheel_holds_the_package_and_nothing_else(tmp_path: Path) -> None:
    kinds = {".py", ".js", ".typed"}
    sources = {path.name for path in PACKAGE.iterdir() if path.suffix in kinds}
    assert {"bridge.js", "py.typed", "__init__.py"} <= sources
    with zipfile.ZipFile(build_wheel(tmp_path)) as archive:
        names = archive.namelist()
        metadata_name = next(name for name in names if name.endswith("/METADATA"))
        metadata = Parser().parsestr(archive.read(metadata_name).decode())
    code = {name for name in names if ".dist-info/" not in name}
    assert code == {f"httpx_pyfetch/{name}" for name in sources}
    assert metadata["License-Expression"] == "Apache-2.0"
    assert metadata["Requires-Python"] == ">=3.11"
    assert metadata.get_payload() == (PACKAGE / "README.md").read_text("utf-8")


def test_the_locked_build_backend_is_the_one_that_it_asks_for() -> None:
    asked = tomllib.loads((PACKAGE / "pyproject.toml").read_text("utf-8"))["build-system"]
    locked = (ROOT / "tests" / "requirements-test.txt").read_text("utf-8")
    found = re.findall(r"^hatchling==[\d.]+", locked, re.M)
    assert asked["requires"] == found
