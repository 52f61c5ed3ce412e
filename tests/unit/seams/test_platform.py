"""The facts about Pyodide's Python stand once, and are those of the locked Pyodide."""

from __future__ import annotations

import io
import json
import re
import zipfile
from pathlib import Path
from typing import Any

import pytest
from playpage_site.common import ROOT
from playpage_site.registry import platform
from playpage_site.registry.npm import tarball_files

#: What other files would spell the facts as: tags, paths and versions, but not prose.
SPELLED = re.compile(
    r"\bcp3\d\d\b|cpython-3\d\d|python3\.?\d\d\b(?! -m)|pyemscripten_\d|[\"']3\.1[4-9](\.\d+)?[\"']"
)
#: Written by scripts/lock.py: the names of files.
LOCKS = {"lock.toml", "seams.lock.toml"}
SUFFIXES = {".py", ".js", ".mjs", ".ts", ".toml", ".json"}


@pytest.fixture(scope="module")
def pyodide() -> dict[str, bytes]:
    return tarball_files("pyodide", "")


@pytest.fixture(scope="module")
def sysconfig(pyodide: dict[str, bytes]) -> dict[str, Any]:
    """What Pyodide's Python was configured as."""
    with zipfile.ZipFile(io.BytesIO(pyodide["python_stdlib.zip"])) as archive:
        (name,) = (n for n in archive.namelist() if n.startswith("_sysconfigdata_"))
        found: dict[str, Any] = {}
        exec(archive.read(name), found)
    values: dict[str, Any] = found["build_time_vars"]
    return values


def test_python_is_the_one_of_the_lock_file(pyodide: dict[str, bytes]) -> None:
    lock = json.loads(pyodide["pyodide-lock.json"])
    assert lock["info"]["python"] == platform.PYTHON_RELEASE
    assert platform.PYTHON_RELEASE.startswith(f"{platform.VERSION}.")
    assert platform.WASM_PLATFORM.startswith(f"pyemscripten_{lock['info']['abi_version']}_")
    assert platform.WASM_PLATFORM.endswith(f"_{lock['info']['arch']}")


def test_tags_are_those_of_the_distributions_wheels(pyodide: dict[str, bytes]) -> None:
    packages = json.loads(pyodide["pyodide-lock.json"])["packages"]
    tags = f"-{platform.ABI}-{platform.ABI}-{platform.WASM_PLATFORM}.whl"
    assert packages["numpy"]["file_name"].endswith(tags)


def test_byte_code_and_paths_are_python_s_own(sysconfig: dict[str, Any]) -> None:
    assert sysconfig["SOABI"].startswith(f"{platform.CACHE_TAG}-")
    assert sysconfig["VERSION"] == platform.VERSION
    version = sysconfig["VERSION"]
    paths = f"/lib/python{version}/site-packages", f"/lib/python{version.replace('.', '')}.zip"
    assert paths == (platform.SITE_PACKAGES, platform.STDLIB_ZIP)


def test_node_is_the_one_that_npm_brings() -> None:
    package = json.loads((ROOT / "package.json").read_text("utf-8"))
    versions = {v for n, v in package["optionalDependencies"].items() if n.startswith("node-")}
    assert {int(version.partition(".")[0]) for version in versions} == {platform.NODE_MAJOR}


def files() -> list[Path]:
    return [
        path
        for folder in ("py", "js", "scripts")
        for path in sorted((ROOT / folder).rglob("*"))
        if path.suffix in SUFFIXES and path.name not in LOCKS and "node_modules" not in path.parts
    ]


def test_no_other_file_spells_them() -> None:
    found = {
        f"{path.relative_to(ROOT)}: {match[0]}"
        for path in files()
        for match in SPELLED.finditer(path.read_text("utf-8"))
    }
    assert {line.partition(":")[0] for line in found} == {"py/playpage_site/registry/platform.py"}
