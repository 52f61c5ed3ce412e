"""micropip, with the bundle's package index first and a version pin always honoured.

Four things differ from stock micropip:

- A project in the bundle's index is taken from there, not from Pyodide's distribution.
- When the version that is wanted is not there, other indexes are asked (stock micropip takes
  the first index that answers).
- A version that differs from the loaded one replaces it (stock micropip refuses).
- Before that, the on-demand files of the replaced version are fetched, so that they do not come
  over those of the new one.
"""

from __future__ import annotations

import importlib
import importlib.metadata
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from playpage.patches import micropip as patches

from .detect import project_name
from .errors import PackageUnavailableError
from .packages import Bundle, as_list, forget_modules, has, module_names

#: Whose version is the page's own: the front end in the files speaks this gradio.
FIXED = "gradio"


def prepare_micropip(bundle: Bundle, load_on_demand: Callable[[], object]) -> None:
    """Teach micropip the bundle's index. Call before a program can import it.

    load_on_demand: fetches some files of packages that are not there yet, while everything
    waits; gives False when none was missing.
    """

    def prepare(distributions: list[importlib.metadata.Distribution]) -> None:
        while distributions and load_on_demand() is not False:
            pass
        for distribution in distributions:
            _remove_byte_code(distribution)

    local = f"{bundle.index_url}{{package_name}}/index.html"
    patches.prefer_index(local, bundle.index, PackageUnavailableValueError)
    patches.before_uninstall(prepare)
    patches.wrap_install(_install_exactly)


async def _install_exactly(
    install: Callable[..., Awaitable[None]], requirements: Any, *args: Any, **kwargs: Any
) -> None:
    """Install with stock micropip, and let what was imported in another version go."""
    wanted = [requirement for requirement in as_list(requirements) if not _is_fixed(requirement)]
    known = {d.name: (d.version, module_names(d)) for d in importlib.metadata.distributions()}
    kwargs.setdefault("reinstall", True)
    await install(wanted, *args, **kwargs)
    importlib.invalidate_caches()
    for name, (version, modules) in known.items():
        if not _is_version(name, version):
            forget_modules(modules)
    # A Python from a snapshot can have modules in memory that were not installed yet.
    for distribution in importlib.metadata.distributions():
        if distribution.name not in known:
            forget_modules(module_names(distribution))


def _remove_byte_code(distribution: importlib.metadata.Distribution) -> None:
    """The layers have it in the place of the sources, which no list of a wheel names."""
    for file in distribution.files or []:
        if file.suffix == ".py":
            Path(str(distribution.locate_file(file))).with_suffix(".pyc").unlink(missing_ok=True)


class PackageUnavailableValueError(PackageUnavailableError, ValueError):
    """As micropip raises a ValueError for a package it cannot find, and catches one."""

    def __init__(self, requirement: str) -> None:
        super().__init__(
            f"{requirement} is not in this page's files, and no reachable package index"
            "reached has a wheel of it for the browser. Check the name and version and the "
            "network. Whoever hosts this page can include it: add it to py/packages.toml, "
            "run scripts/lock.py and build again."
        )


def _is_fixed(requirement: str) -> bool:
    """Leave a loaded gradio alone, and say so when another version was asked for."""
    if project_name(requirement) != FIXED or not has(FIXED):
        return False
    version = importlib.metadata.version(FIXED)
    if not patches.accepts(requirement, version):
        print(
            f"This page runs gradio {version}, which its front end belongs to; "
            f"{requirement} was not installed.",
            file=sys.stderr,
        )
    return True


def _is_version(project: str, version: str) -> bool:
    return has(project) and importlib.metadata.version(project) == version
