"""npm packages: the tools in node_modules, and the runtime's tarballs, hash-checked."""

from __future__ import annotations

import base64
import hashlib
import json
import shutil
import subprocess
import tarfile
from functools import cache
from pathlib import Path
from typing import Any

from playpage_site.common import ROOT, BuildError, say

LOCK = ROOT / "package-lock.json"
CACHE = ROOT / ".cache" / "npm"
NODE_MODULES = ROOT / "node_modules"


@cache
def _lock() -> dict[str, Any]:
    packages: dict[str, Any] = json.loads(LOCK.read_text("utf-8"))["packages"]
    return packages


def ensure_node_modules() -> None:
    """Install node_modules from the lock file, unless they are that already."""
    stamp = NODE_MODULES / ".playpage-lock"
    wanted = hashlib.sha256(LOCK.read_bytes()).hexdigest()
    if stamp.exists() and stamp.read_text("utf-8") == wanted:
        return
    say("Installing the npm packages of package-lock.json")
    _npm("ci", "--no-audit", "--no-fund", "--loglevel=error")
    stamp.write_text(wanted, "utf-8")


def tool(name: str) -> str:
    """The path of a tool of node_modules."""
    return str(NODE_MODULES / ".bin" / name)


def tarball_files(name: str, prefix: str) -> dict[str, bytes]:
    """{path below `prefix`: bytes} of a locked package's published tarball.

    Read from the tarball rather than from node_modules, so that its hash is checked at each
    build. Raises BuildError when it cannot be downloaded or is not the one that was locked.
    """
    files = {}
    with tarfile.open(_tarball(name)) as archive:
        for member in archive.getmembers():
            if member.isfile() and member.name.startswith(f"package/{prefix}"):
                content = archive.extractfile(member)
                assert content is not None
                files[member.name.removeprefix(f"package/{prefix}")] = content.read()
    return files


def parts_licenses(names: list[str]) -> list[tuple[str, str, str]]:
    """(name, version, licence) of locked packages."""
    entries = [(name, _lock()[f"node_modules/{name}"]) for name in names]
    return [(name, e["version"], e.get("license", "not declared")) for name, e in entries]


def _tarball(name: str) -> Path:
    entry = _lock()[f"node_modules/{name}"]
    path = CACHE / f"{name.replace('@', '').replace('/', '-')}-{entry['version']}.tgz"
    if not path.exists():
        say(f"Downloading {name} {entry['version']}")
        CACHE.mkdir(parents=True, exist_ok=True)
        _npm("pack", f"{name}@{entry['version']}", "--silent", "--pack-destination", str(CACHE))
    algorithm, _, expected = entry["integrity"].partition("-")
    with path.open("rb") as file:
        found = base64.b64encode(hashlib.file_digest(file, algorithm).digest()).decode("ascii")
    if found != expected:
        raise BuildError(
            f"{path.name} is not the file that was locked.\n"
            f"  file:     {path}\n"
            f"  expected: {algorithm} {expected}\n"
            f"  found:    {algorithm} {found}\n"
            "Delete it and build again. If it comes back, the package was replaced at its source."
        )
    return path


def _npm(*arguments: str) -> None:
    npm = shutil.which("npm")
    if npm is None:
        raise BuildError("npm was not found. Install Node.js 20 or newer, which brings it.")
    result = subprocess.run([npm, *arguments], cwd=ROOT, capture_output=True, text=True)
    if result.returncode:
        raise BuildError(
            f"npm {arguments[0]} failed. It said:\n{(result.stderr or result.stdout).strip()}"
        )
