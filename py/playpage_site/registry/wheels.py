"""Fetches the locked wheels by name from the Python index, and checks every byte.

`wheels(layers)` is the only way for a Python package to enter the build. A wheel that is not in
`.cache/wheels` with the locked SHA-256 is downloaded with pip, which knows the machine's own
index, proxy and certificates.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from playpage_site.common import ROOT, BuildError, say
from playpage_site.registry.platform import ABI, VERSION

LOCK = ROOT / "py" / "lock.toml"
CACHE = ROOT / ".cache" / "wheels"

#: What pip is told about the machine that the wheels are for.
TARGET = ("--implementation", "cp", "--python-version", VERSION, "--abi", ABI)


@dataclass(frozen=True)
class Wheel:
    """One locked wheel. `size` in bytes; `sha256` in hexadecimal."""

    name: str
    version: str
    file: str
    sha256: str
    size: int
    layer: str
    license: str
    platform: str

    @property
    def path(self) -> Path:
        return CACHE / self.file


def sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def read_lock() -> list[Wheel]:
    """All locked wheels, in the order of the lock file."""
    return [Wheel(**entry) for entry in tomllib.loads(LOCK.read_text("utf-8"))["wheel"]]


def wheels(layers: Iterable[str]) -> list[Wheel]:
    """The wheels of these layers, each in the cache with the locked hash.

    Raises BuildError when one cannot be downloaded, or when its hash differs: the message names
    the file, the expected hash and the one found.
    """
    wanted = [wheel for wheel in read_lock() if wheel.layer in set(layers)]
    missing = [wheel for wheel in wanted if not wheel.path.exists()]
    if missing:
        total_bytes = sum(wheel.size for wheel in missing)
        say(f"Downloading {len(missing)} Python packages, {total_bytes / 1e6:.1f} MB")
        # One pip run cannot take two versions of a project, nor two platforms.
        for batch in _batches(missing):
            _download(batch)
    for wheel in wanted:
        check(wheel.path, wheel.sha256)
    return wanted


def check(path: Path, expected_sha256: str) -> None:
    """Raise BuildError unless the file has this SHA-256 (hexadecimal)."""
    found = sha256(path)
    if found != expected_sha256:
        raise BuildError(
            f"{path.name} is not the file that was locked.\n"
            f"  file:     {path}\n"
            f"  expected: sha256 {expected_sha256}\n"
            f"  found:    sha256 {found}\n"
            "Delete it and build again. If it comes back, the package was replaced at its source."
        )


def _batches(missing: list[Wheel]) -> list[list[Wheel]]:
    batches: list[list[Wheel]] = []
    for wheel in missing:
        for batch in batches:
            if batch[0].platform == wheel.platform and all(w.name != wheel.name for w in batch):
                batch.append(wheel)
                break
        else:
            batches.append([wheel])
    return batches


def _download(batch: list[Wheel]) -> None:
    CACHE.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=CACHE.parent) as folder:
        requirements = [f"{wheel.name}=={wheel.version}" for wheel in batch]
        pip_download(requirements, batch[0].platform, Path(folder))
        for wheel in batch:
            found = Path(folder) / wheel.file
            if not found.exists():
                raise BuildError(
                    f"The index has {wheel.name} {wheel.version}, but not as {wheel.file}."
                )
            check(found, wheel.sha256)
            shutil.move(found, wheel.path)


def pip_download(requirements: list[str], platform: str, folder: Path) -> None:
    """Download these exact requirements' wheels for `platform` into `folder`.

    Prints a line for each. Raises BuildError when pip is missing or fails.
    """
    if subprocess.run([sys.executable, "-m", "pip", "--version"], capture_output=True).returncode:
        raise BuildError(
            f"{sys.executable} has no pip, which fetches the packages. Install it "
            "(Debian: apt-get install python3-pip python3-venv) and try again."
        )
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "--only-binary=:all:"]
    command += ["--disable-pip-version-check", "--progress-bar=off", *TARGET]
    command += ["--platform", platform, "--dest", str(folder), *requirements]
    log: list[str] = []
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as pip:
        assert pip.stdout is not None
        for line in pip.stdout:
            log.append(line)
            if line.startswith("Saved "):
                done = sum(entry.startswith("Saved ") for entry in log)
                say(f"  [{done}/{len(requirements)}] {Path(line[6:].strip()).name}")
    if pip.returncode:
        raise BuildError(
            "pip could not download the packages. It said:\n  " + "  ".join(log[-12:]).rstrip()
        )
