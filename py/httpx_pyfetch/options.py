"""The options of fetch that a request or a transport may set. Touches no JavaScript."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .errors import RefusalError

#: Option names and their values in the Fetch standard; None: any string or truth value.
FETCH_OPTIONS: dict[str, frozenset[str] | None] = {
    "cache": frozenset(
        {"default", "force-cache", "no-cache", "no-store", "only-if-cached", "reload"}
    ),
    "credentials": frozenset({"include", "omit", "same-origin"}),
    "integrity": None,
    "keepalive": None,
    "mode": frozenset({"cors", "no-cors", "same-origin"}),
    "priority": frozenset({"auto", "high", "low"}),
    "redirect": frozenset({"error", "follow", "manual"}),
    "referrer": None,
    "referrerPolicy": None,
    "targetAddressSpace": None,
}

#: The key in ``request.extensions`` that holds one request's options.
EXTENSION = "fetch"


def check_options(options: Mapping[str, Any]) -> dict[str, Any]:
    """Copy fetch options. Raises ValueError for a name or value that fetch does not know."""
    for name, value in options.items():
        if name not in FETCH_OPTIONS:
            known = ", ".join(sorted(FETCH_OPTIONS))
            raise ValueError(f"unknown fetch option {name!r}; known: {known}")
        values = FETCH_OPTIONS[name]
        if values is None and not isinstance(value, str | bool):
            raise ValueError(f"fetch option {name!r} takes a string or a bool, not {value!r}")
        if values is not None and value not in values:
            raise ValueError(f"fetch option {name!r} is {value!r}; use one of {sorted(values)}")
    return dict(options)


def options_of(extensions: Mapping[str, Any], defaults: Mapping[str, Any]) -> dict[str, Any]:
    """Merge a request's options into its transport's. Raises RefusalError for invalid ones."""
    own = extensions.get(EXTENSION)
    if not own:
        return dict(defaults)
    if not isinstance(own, Mapping):
        raise RefusalError("LocalProtocolError", f"extensions[{EXTENSION!r}] must be a dict")
    try:
        return {**defaults, **check_options(own)}
    except ValueError as error:
        raise RefusalError("LocalProtocolError", str(error)) from None
