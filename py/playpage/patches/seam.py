"""What a seam is, and the only two ways to change something at one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

#: The attribute of a replacement that holds what it replaced. `httpx_pyfetch` sets it as well.
MARK = "__replaces__"

#: What Python calls its frozen modules while it starts, and where their sources are.
_FROZEN = {
    "_frozen_importlib": "importlib._bootstrap",
    "_frozen_importlib_external": "importlib._bootstrap_external",
}


class SeamMoved(RuntimeError):  # noqa: N818 - it names what happened, not what failed
    """A third party no longer has what a patch was written against."""


@dataclass(frozen=True)
class Seam:
    """A function, class, variable or attribute of a third party that our code depends on.

    name: where its source is: module and qualified name, "gradio.queueing.Queue.process_events".
    needs: other names that our code uses. A plain one belongs to the class that the seam is
    in, or is, and to its module where there is no class; a dotted one is complete.
    at: the places that hold our replacement; empty for a seam that is only relied upon.
    secrets: of a constructor, the attributes that it fills at random.
    has_source: False for what is written in C, of which only a live interpreter can tell.
    """

    name: str
    needs: tuple[str, ...] = ()
    at: tuple[str, ...] = ()
    secrets: tuple[str, ...] = ()
    has_source: bool = True


def replaced(name: str, *, needs: tuple[str, ...] = (), has_source: bool = True) -> Seam:
    """A seam whose replacement stands in its own place."""
    return Seam(name, needs, at=(name,), has_source=has_source)


def replace(owner: Any, name: str, new: Any, *, seam: str) -> Any:
    """Put `new` in the place of `owner.name`, and return what was there originally.

    new: a function, staticmethod or classmethod that was made for this one place.
    seam: the name that the original has, as `Seam.name`.
    An earlier replacement may be replaced again; the original is then still the third party's.
    Raises SeamMoved when the attribute is missing, or is not the seam.
    """
    found = getattr(owner, name, None)
    if found is None:
        raise SeamMoved(f"{seam}: {_called(owner)} has no {name!r} any more")
    original = getattr(found, MARK, found)
    if (identity := name_of(original)) != seam:
        raise SeamMoved(f"{seam}: {name!r} of {_called(owner)} is {identity} now")
    setattr(getattr(new, "__func__", new), MARK, original)
    setattr(owner, name, new)
    return original


def assign(owner: Any, name: str, value: object, *, seam: str) -> None:
    """Set an existing variable or attribute. Raises SeamMoved when there is none."""
    if not hasattr(owner, name):
        raise SeamMoved(f"{seam}: {_called(owner)} has no {name!r} any more")
    setattr(owner, name, value)


def is_replaced(found: object) -> bool:
    """Is this one of our replacements?"""
    return hasattr(found, MARK)


def name_of(function: Any) -> str:
    """Module and qualified name of a function or class, in the form of `Seam.name`."""
    module = getattr(function, "__module__", "")
    return f"{_FROZEN.get(module, module)}.{getattr(function, '__qualname__', '')}"


def _called(owner: Any) -> str:
    """What to call an owner in an error: the name of a class or module, or of its class."""
    named = getattr(owner, "__qualname__", None) or getattr(owner, "__name__", None)
    return str(named or type(owner).__name__)
