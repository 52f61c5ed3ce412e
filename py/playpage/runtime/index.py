"""micropip, with the bundle's package index first and a version pin always honoured.

Four things differ from stock micropip 0.11: a project in the bundle's index is taken from
there and not from Pyodide's distribution; a project in the bundle's index whose wanted
version is not there is looked up further (stock takes the first index that answers);
a version that differs from the loaded one replaces it (stock refuses); and before that the
replaced one's late files come, so that they do not come over the new ones.
"""

from __future__ import annotations

import importlib
import importlib.metadata
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from .detect import project_name
from .errors import PackageUnavailableError
from .packages import Bundle, accepts, as_list, forget_modules, has, module_names

#: Whose version is the page's own: the front end in the files speaks this gradio.
FIXED = "gradio"


def prepare_micropip(bundle: Bundle, load_late: Callable[[], object]) -> None:
    """Teach micropip the bundle's index. Call once, before a program can import it.

    load_late: fetches some files of packages that are not there yet, while everything waits;
    gives False when none was missing.
    """
    import micropip
    from micropip import package_manager, transaction

    look_up = transaction.Transaction._add_requirement_from_package_index
    look_up_distribution = transaction.Transaction._add_requirement_from_pyodide_lock
    install = micropip.install
    uninstall = package_manager.PackageManager._uninstall_distributions
    local = f"{bundle.index_url}{{package_name}}/index.html"

    async def look_up_here_first(self: Any, requirement: Any) -> None:
        elsewhere = self.index_urls
        if requirement.name in bundle.index:
            self.index_urls = [local]
            try:
                await look_up(self, requirement)
                return
            except ValueError:
                pass  # Not in this version: look further.
            finally:
                self.index_urls = elsewhere
        try:
            await look_up(self, requirement)
        except ValueError as error:
            raise PackageUnavailableValueError(str(requirement)) from error

    async def leave_out_what_is_here(self: Any, requirement: Any) -> bool:
        # Stock micropip asks Pyodide's distribution first, which is not in the files.
        if requirement.name in bundle.index:
            return False
        return bool(await look_up_distribution(self, requirement))

    def uninstall_all_of(self: Any, distributions: Any, *args: Any) -> None:
        distributions = list(distributions)
        while distributions and load_late() is not False:
            pass
        for distribution in distributions:
            _remove_byte_code(distribution)
        uninstall(self, distributions, *args)

    async def install_exactly(requirements: Any, *args: Any, **kwargs: Any) -> None:
        wanted = [
            requirement for requirement in as_list(requirements) if not _is_fixed(requirement)
        ]
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

    transaction.Transaction._add_requirement_from_package_index = look_up_here_first
    transaction.Transaction._add_requirement_from_pyodide_lock = leave_out_what_is_here
    package_manager.PackageManager._uninstall_distributions = uninstall_all_of
    micropip.install = install_exactly


def _remove_byte_code(distribution: importlib.metadata.Distribution) -> None:
    """The layers have it in the place of the sources, which no list of a wheel names."""
    for file in distribution.files or []:
        if file.suffix == ".py":
            Path(str(distribution.locate_file(file))).with_suffix(".pyc").unlink(missing_ok=True)


class PackageUnavailableValueError(PackageUnavailableError, ValueError):
    """As micropip raises a ValueError for a package it cannot find, and catches one."""

    def __init__(self, requirement: str) -> None:
        super().__init__(
            f"{requirement} is not in this page's files, and no package index that could be "
            "reached has a wheel of it for the browser. Check the name and version and the "
            "network. Whoever hosts this page can include it: add it to py/packages.toml, "
            "run scripts/lock.py and build again."
        )


def _is_fixed(requirement: str) -> bool:
    """Leave a loaded gradio alone, and say so when another version was asked for."""
    if project_name(requirement) != FIXED or not has(FIXED):
        return False
    version = importlib.metadata.version(FIXED)
    if not accepts(requirement, version):
        print(
            f"This page runs gradio {version}, which its front end belongs to; "
            f"{requirement} was not installed.",
            file=sys.stderr,
        )
    return True


def _is_version(project: str, version: str) -> bool:
    return has(project) and importlib.metadata.version(project) == version
