"""Errors whose sentences are meant for the person at the page."""

from __future__ import annotations


class PlaypageError(Exception):
    """Something that the page cannot do; the message says what to do instead."""


class PackageUnavailableError(PlaypageError, ImportError):
    """A package is neither in the page's files nor within reach.

    It is an ImportError, so that a program's own `except ImportError` still works.
    """


class FilesUnavailableError(PlaypageError, ModuleNotFoundError):
    """A module is among the files that are fetched on demand, and they cannot be fetched."""


def package_unavailable(packages: list[str], used_by: str, reason: str = "") -> str:
    """The sentence for packages that a build can include (`--with`)."""
    names = ", ".join(packages)
    verb = "is" if len(packages) == 1 else "are"
    because = f" ({reason})" if reason else ""
    return (
        f"{used_by} uses {names}, which {verb} not in this page's files and could not be "
        f"loaded from Pyodide's own distribution{because}. Whoever hosts this page can include "
        f"{'it' if len(packages) == 1 else 'them'}: "
        f"python3 scripts/build.py --with {','.join(packages)}"
    )
