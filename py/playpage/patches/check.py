"""Checks the seams of a live interpreter; only the build's warm-up imports this."""

from __future__ import annotations

import importlib
from typing import Any

from . import anyio, gradio, micropip, pyodide, stdlib
from .seam import Seam, SeamMoved, is_replaced

PATCHES = (anyio, gradio, micropip, pyodide, stdlib)

#: All seams, in the order of their files.
SEAMS: tuple[Seam, ...] = tuple(seam for module in PATCHES for seam in module.SEAMS)


def check_all() -> None:
    """Raise SeamMoved unless each seam is there and holds our replacement where it should.

    Call it with an app launched: the attributes that only instances have are looked for on it.
    """
    for seam in SEAMS:
        resolve(seam.name, seam)
        for place in seam.at:
            if not is_replaced(resolve(place, seam)):
                raise SeamMoved(f"{seam.name}: {place} is not our replacement")
    by_name = {seam.name: seam for seam in SEAMS}
    for module in PATCHES:
        for owner, name in module.live():
            check_live(owner, by_name[name])


def check_live(owner: object, seam: Seam) -> None:
    """Raise SeamMoved when an instance lacks an attribute that the seam needs."""
    for name in (*seam.needs, *seam.secrets):
        if "." not in name and not hasattr(owner, name):
            raise SeamMoved(f"{seam.name}: {type(owner).__name__} has no {name!r} any more")


def resolve(name: str, seam: Seam) -> Any:
    """The object of a dotted name. Raises SeamMoved when there is none.

    An attribute that only instances have is not looked for: `check_live` does.
    """
    parts = name.split(".")
    for count in range(len(parts), 0, -1):
        try:
            found: Any = importlib.import_module(".".join(parts[:count]))
        except ModuleNotFoundError:
            continue
        for part in parts[count:]:
            if not hasattr(found, part):
                raise SeamMoved(f"{seam.name}: there is no {name} any more")
            found = getattr(found, part)
        return found
    raise SeamMoved(f"{seam.name}: there is no module of {name} any more")
