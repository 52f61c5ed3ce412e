"""What newer versions there are of all that is locked, and which seams each would move."""

from __future__ import annotations

import json
import tempfile
import tomllib
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

from playpage_site.common import ROOT, BuildError, say
from playpage_site.dev import registries, seams
from playpage_site.dev.sources import PROJECTS, PYODIDE, locked_sources
from playpage_site.registry.licenses import wheel_metadata
from playpage_site.registry.platform import MARKERS
from playpage_site.registry.requirements_check import ACCEPTED
from playpage_site.registry.wheels import Wheel, wheels

T = TypeVar("T")

PACKAGE_JSON = ROOT / "package.json"
#: Questions that are asked of a registry at the same time.
PARALLEL = 4
#: The layers of which each package is kept at its newest; the others hold old versions on purpose.
LAYERS = ("base", "gradio", "openai")


@dataclass(frozen=True)
class Step:
    """A package and where it could go. newest: of all; target: of those that `--write` takes.

    caps: why `target` is not the newest, one reason each.
    """

    name: str
    current: str
    newest: str
    target: str
    caps: tuple[str, ...] = ()

    def __str__(self) -> str:
        line = f"{self.name} {self.current}"
        if self.newest != self.current:
            line += f" -> {self.newest}"
        if self.target not in (self.current, self.newest):
            line += f" (taken: {self.target})"
        elif self.target != self.newest and not self.caps:
            line += " (another major version, not taken)"
        return line + "".join(f"; capped: {cap}" for cap in self.caps)


def upgrade(packages_toml: Path, *, write: bool) -> bool:
    """Print every step; with `write` put the targets into packages.toml and package.json.

    Returns whether py/lock.toml has to be written anew.
    """
    packages = tomllib.loads(packages_toml.read_text("utf-8"))
    locked = wheels(LAYERS)
    python = _parallel(lambda wheel: python_step(wheel, locked, packages["capped"]), locked)
    pins = npm_pins(json.loads(PACKAGE_JSON.read_text("utf-8")))
    npm = _parallel(lambda pin: npm_step(pin[0], pin[1], packages["capped"]), pins.items())
    _print("Python packages of the page", python)
    _print("npm packages", npm)
    say("\nSeams that the newest versions would move")
    for step in [*python, *npm]:
        for line in moved_seams(step):
            say(f"  {line}")
    if not write:
        say("\nNothing was written. `--write` takes the newest of each major version.")
        return False
    replace_pins(packages_toml, python, '"{name}=={version}"')
    replace_pins(PACKAGE_JSON, npm, '"{name}": "{version}"')
    say("\npackage.json: run `npm install` for package-lock.json")
    return True


def python_step(wheel: Wheel, locked: Sequence[Wheel], capped: dict[str, str]) -> Step:
    """The step of one locked wheel. Raises BuildError when the index cannot be asked."""
    versions = registries.python_versions(wheel.name, wheel.platform)
    caps = [(name, spec) for name, spec in requirements_of(wheel.name, locked) if str(spec)]
    if wheel.name in capped:
        caps.append(("packages.toml", SpecifierSet(capped[wheel.name])))
    return step(wheel.name, wheel.version, versions, caps)


def npm_step(name: str, current: str, capped: dict[str, str]) -> Step:
    """The step of one pinned npm package. Raises BuildError when the registry cannot be asked."""
    caps = [("packages.toml", SpecifierSet(capped[name]))] if name in capped else []
    return step(name, current, registries.npm_versions(name), caps)


def step(
    name: str, current: str, versions: Iterable[str], caps: Sequence[tuple[str, SpecifierSet]]
) -> Step:
    """Choose among the versions; those that are not final are left out.

    caps: (who asks for it, what it asks for).
    """
    now = Version(current)
    final = sorted(v for v in {now, *_parsed(versions)} if not v.is_prerelease and v >= now)
    allowed = [v for v in final if all(spec.contains(v) for _, spec in caps)]
    target = max((v for v in allowed if v.major == now.major), default=now)
    newest = final[-1] if final else now
    reasons = tuple(f"{who} {spec}" for who, spec in caps if not spec.contains(newest))
    return Step(name, current, str(newest), str(target), reasons)


def _parsed(versions: Iterable[str]) -> list[Version]:
    found = []
    for text in versions:
        try:
            found.append(Version(text))
        except InvalidVersion:
            continue
    return found


def requirements_of(name: str, locked: Sequence[Wheel]) -> list[tuple[str, SpecifierSet]]:
    """What the other locked wheels require of a project, as (project, versions)."""
    found = []
    for wheel in locked:
        for text in wheel_metadata(wheel.path).get_all("Requires-Dist", []):
            requirement = Requirement(text)
            if canonicalize_name(requirement.name) != name or (wheel.name, name) in ACCEPTED:
                continue
            if requirement.marker is None or requirement.marker.evaluate(MARKERS):
                found.append((wheel.name, requirement.specifier))
    return found


def npm_pins(package: dict[str, dict[str, str]]) -> dict[str, str]:
    """The versions that a package.json pins, by name."""
    groups = ("dependencies", "devDependencies", "optionalDependencies")
    return {name: pin for group in groups for name, pin in package.get(group, {}).items()}


def moved_seams(step: Step) -> list[str]:
    """What would be wrong with the seams of a package in its newest version."""
    modules = [module for module, project in PROJECTS.items() if project == step.name]
    if step.name == PYODIDE:
        modules = [""]
    if not modules or step.newest == step.current:
        return []
    (module,) = modules
    label = f"{step.name} {step.newest}"
    with tempfile.TemporaryDirectory(dir=ROOT / ".cache") as folder:
        try:
            archive = registries.fetch(step.name, step.newest, Path(folder), is_npm=not module)
        except BuildError as error:
            return [f"{label}: {error}"]
        checked = [s for s in seams.seams() if _is_of(s.name, module)]
        sources = locked_sources({module: (label, archive)})
        problems = seams.problems(checked, seams.read_lock(), sources)
    moved = [problem.removesuffix(f": {seams.REMEDY}") for problem in problems]
    return [f"{label}: {problem}" for problem in moved or ["none"]]


def _is_of(name: str, module: str) -> bool:
    top = name.partition(".")[0]
    return top == module or (not module and top not in PROJECTS)


def replace_pins(path: Path, steps: Iterable[Step], pattern: str) -> None:
    """Put the targets of these steps into a file, in place of the current versions."""
    text = path.read_text("utf-8")
    for made in steps:
        old = pattern.format(name=made.name, version=made.current)
        text = text.replace(old, pattern.format(name=made.name, version=made.target))
    path.write_text(text, "utf-8")


def _print(title: str, steps: Sequence[Step]) -> None:
    current = [made for made in steps if made.newest == made.current]
    say(f"\n{title}")
    for made in steps:
        if made not in current:
            say(f"  {made}")
    say(f"  newest already: {', '.join(made.name for made in current) or 'none'}")


def _parallel(function: Callable[[T], Step], items: Iterable[T]) -> list[Step]:
    with ThreadPoolExecutor(PARALLEL) as pool:
        return list(pool.map(function, items))
