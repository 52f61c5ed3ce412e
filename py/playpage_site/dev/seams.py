"""Compares the seams of `playpage.patches` with the sources of the locked packages.

`py/seams.lock.toml` holds, for each seam, the SHA-256 of the syntax tree of its source, as it was
when the patch was written or last read again. `scripts/lock.py --seams` writes it.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from playpage.patches.check import SEAMS
from playpage.patches.seam import Seam

from playpage_site.common import ROOT
from playpage_site.dev.sources import Definitions, Sources, find, secrets_of, tree_hash

LOCK = ROOT / "py" / "seams.lock.toml"

REMEDY = "read it again, then run `scripts/lock.py --seams`"


@dataclass(frozen=True)
class LockedSeam:
    """A seam as it was read. read_in: project, version and file. sha256: of the syntax tree."""

    name: str
    read_in: str
    sha256: str
    needs: tuple[str, ...]
    secrets: tuple[str, ...] = ()


def seams() -> list[Seam]:
    """All seams that have a source to be read."""
    return [seam for seam in SEAMS if seam.has_source]


def read_lock() -> dict[str, LockedSeam]:
    """The locked seams by name."""
    entries = tomllib.loads(LOCK.read_text("utf-8"))["seam"]
    made = [LockedSeam(**{**e, "needs": tuple(e["needs"])}) for e in entries]
    return {seam.name: seam for seam in made}


def problems(
    checked: Iterable[Seam], locked: Mapping[str, LockedSeam], sources: Sources
) -> list[str]:
    """One sentence for each seam that is not as it was locked."""
    found = []
    for seam in checked:
        found += _problems(seam, locked.get(seam.name), sources)
    return found


def _problems(seam: Seam, locked: LockedSeam | None, sources: Sources) -> list[str]:
    project, _, rest = seam.name.partition(".")
    definitions = find(seam.name, sources)
    if not definitions:
        return [f"{project} no longer has {rest}: {REMEDY}"]
    missing = [name for name in _complete(seam, sources) if not find(name, sources)]
    if missing:
        return [f"{project} no longer has {', '.join(missing)}, which {rest} needs: {REMEDY}"]
    if seam.secrets and (drawn := secrets_of(definitions)) != set(seam.secrets):
        return [
            f"{project} changed {rest}: its secrets are {_listed(drawn)} and the patch renews "
            f"{_listed(seam.secrets)}, so readers of one snapshot would share them: {REMEDY}"
        ]
    if locked is None:
        return [f"{seam.name} is not locked: run `scripts/lock.py --seams`"]
    if locked.needs != seam.needs or locked.sha256 != tree_hash(definitions):
        return [f"{project} changed {rest}: {REMEDY}"]
    return []


def _complete(seam: Seam, sources: Sources) -> list[str]:
    """The complete names of what a seam needs."""
    owner = sources.owner(seam.name)
    return [name if "." in name else f"{owner}.{name}" for name in seam.needs]


def describe(seam: Seam, sources: Sources) -> LockedSeam:
    """A seam as it is now. Raises LookupError when it is gone."""
    definitions: Definitions = find(seam.name, sources)
    if not definitions:
        raise LookupError(f"{seam.name} is not in the locked packages")
    return LockedSeam(
        seam.name,
        sources.read_in(seam.name),
        tree_hash(definitions),
        seam.needs,
        tuple(sorted(secrets_of(definitions))) if seam.secrets else (),
    )


def write_lock(sources: Sources) -> list[str]:
    """Lock all seams as they are now; returns what is still wrong then."""
    described = [describe(seam, sources) for seam in seams()]
    lines = ["# Written by scripts/lock.py --seams from the locked packages.", ""]
    for entry in described:
        lines.append("[[seam]]")
        for key, value in vars(entry).items():
            if value or key == "needs":
                lines.append(f"{key} = {_toml(value)}")
        lines.append("")
    LOCK.write_text("\n".join(lines), "utf-8")
    return problems(seams(), read_lock(), sources)


def _toml(value: Any) -> str:
    if isinstance(value, str):
        return f'"{value}"'
    return "[" + ", ".join(f'"{item}"' for item in value) + "]"


def _listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(names)) or "none"
