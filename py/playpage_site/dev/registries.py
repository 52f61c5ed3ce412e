"""Asks the Python index and the npm registry, through pip and npm, what versions there are."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path
from typing import Any

from playpage_site.common import BuildError
from playpage_site.dev.sources import STDLIB
from playpage_site.registry.platform import WASM_PLATFORM
from playpage_site.registry.wheels import TARGET, pip_download

#: Seconds that one question may take.
TIMEOUT_S = 60


def python_versions(name: str, platform: str) -> list[str]:
    """The versions of which there is a wheel for this platform.

    Raises BuildError when the index cannot be asked.
    """
    command = [sys.executable, "-m", "pip", "index", "versions", name, "--only-binary=:all:"]
    command += ["--disable-pip-version-check", *TARGET, "--platform", platform]
    for line in _output(command).splitlines():
        if line.startswith("Available versions: "):
            return line.removeprefix("Available versions: ").split(", ")
    raise BuildError(f"pip did not say what versions of {name} there are.")


def npm_versions(name: str) -> list[str]:
    """All versions of an npm package. Raises BuildError when the registry cannot be asked."""
    versions: Any = json.loads(_output([_npm(), "view", name, "versions", "--json"]))
    return [versions] if isinstance(versions, str) else list(versions)


def fetch(name: str, version: str, folder: Path, *, is_npm: bool) -> Path:
    """Download a wheel, or Pyodide's standard library out of its npm package, into a folder.

    Raises BuildError when it cannot be had.
    """
    if not is_npm:
        pip_download([f"{name}=={version}"], WASM_PLATFORM, folder)
        return next(folder.glob("*.whl"))
    _output([_npm(), "pack", f"{name}@{version}", "--silent", "--pack-destination", str(folder)])
    with tarfile.open(next(folder.glob("*.tgz"))) as archive:
        content = archive.extractfile(f"package/{STDLIB}")
        if content is None:
            raise BuildError(f"{name} {version} has no {STDLIB}.")
        (folder / STDLIB).write_bytes(content.read())
    return folder / STDLIB


def _npm() -> str:
    npm = shutil.which("npm")
    if npm is None:
        raise BuildError("npm was not found. Install Node.js 20 or newer, which brings it.")
    return npm


def _output(command: list[str]) -> str:
    try:
        result = subprocess.run(command, capture_output=True, text=True, timeout=TIMEOUT_S)
    except subprocess.TimeoutExpired as error:
        raise BuildError(f"{' '.join(command[:5])} took more than {TIMEOUT_S} s.") from error
    if result.returncode:
        last = (result.stderr or result.stdout).strip().splitlines()[-3:]
        raise BuildError(f"{' '.join(command[:5])} failed: {' '.join(last)}")
    return result.stdout
