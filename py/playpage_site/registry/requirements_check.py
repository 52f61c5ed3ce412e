"""Checks that a list of locked wheels is complete for the browser."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from playpage_site.registry.licenses import wheel_metadata
from playpage_site.registry.platform import MARKERS
from playpage_site.registry.wheels import Wheel

#: (wheel, requirement) whose version is not checked. gradio caps pydantic for its own API pages;
#: the tests run the locked pair.
ACCEPTED = {("gradio", "pydantic")}


def missing_requirements(wheels: Sequence[Wheel], provided: Mapping[str, str]) -> list[str]:
    """One sentence for each requirement of a wheel that no locked wheel satisfies."""
    problems = []
    for wheel in wheels:
        for text in wheel_metadata(wheel.path).get_all("Requires-Dist", []):
            requirement = Requirement(text)
            name = canonicalize_name(requirement.name)
            if requirement.marker and not requirement.marker.evaluate(MARKERS):
                continue
            if name in provided or (wheel.name, name) in ACCEPTED:
                continue
            versions = [w.version for w in wheels if canonicalize_name(w.name) == name]
            if not any(requirement.specifier.contains(v, prereleases=True) for v in versions):
                have = ", ".join(versions) or "none"
                problems.append(f"{wheel.name} {wheel.version} requires {text}; locked: {have}")
    return problems
