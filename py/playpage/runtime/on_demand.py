"""Files that are fetched on demand: when one of their modules is imported, or a line is shown."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable, Collection, Sequence
from importlib import import_module
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType
from typing import Any
from zipimport import zipimporter

from playpage.patches import stdlib

from .errors import FilesUnavailableError


class OnDemandFinder:
    """The last finder on sys.meta_path: has the missing files fetched, and looks again."""

    def __init__(
        self, modules: Collection[str], load_now: Callable[[], object], absent: Collection[str] = ()
    ) -> None:
        """modules: top-level names. absent: names that are looked for in vain, and done without.

        load_now: fetches some files while everything waits; gives False when none was missing.
        """
        self._modules = modules
        self._load_now = load_now
        self._absent = frozenset(absent)

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if name.partition(".")[0] not in self._modules:
            return None
        # Its package, too: Python takes an empty folder, which may be there, for one.
        if not self._absent.isdisjoint({name, name.rpartition(".")[0]}):
            return None
        spec = None
        while spec is None and self._load(name):
            forget_listings()
            spec = PathFinder.find_spec(name, path, target)
        return spec

    def _load(self, name: str) -> bool:
        try:
            return self._load_now() is not False
        except Exception as error:
            # A JavaScript error has its sentence as `message`.
            reason = getattr(error, "message", str(error))
            raise FilesUnavailableError(f"{name} is not there yet. {reason}", name=name) from error


def forget_listings() -> None:
    """As importlib.invalidate_caches(), but for the standard library's zip.

    Its list of contents never changes, and reading it anew would need the whole file.
    """
    for path, finder in list(sys.path_importer_cache.items()):
        if finder is None:
            del sys.path_importer_cache[path]
        elif not isinstance(finder, zipimporter) and hasattr(finder, "invalidate_caches"):
            finder.invalidate_caches()


def skip_stdlib_metadata() -> None:
    """Keep importlib.metadata from looking for packages in the standard library's zip.

    There are none, and it would need the whole file.
    """
    archives = {path for path in sys.path if path.endswith(".zip")}
    stdlib.skip_metadata_of(archives.__contains__)


def show_package_sources(load_now: Callable[[], object]) -> None:
    """Have the missing files fetched when a line of a package's `__init__.py` is asked for.

    Of any other source the absence is noticed. Each import looks for this one, and the files
    would come to every page.
    """

    def fetch(filename: str) -> None:
        if filename.endswith("/__init__.py") and os.path.exists(f"{filename}c"):
            # What cannot be fetched is a line less in a traceback.
            with contextlib.suppress(Exception):
                while not os.path.exists(filename) and load_now() is not False:
                    pass

    stdlib.before_line_lookup(fetch)


class _ForgottenModule(ModuleType):
    """Stands for a module until an attribute of it is asked for."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return getattr(import_module(self.__name__), name)


def forget_until_used(name: str, user: str) -> None:
    """Forget an imported module; `user`, the only one that has it, imports it when it uses it."""
    package, _, attribute = name.rpartition(".")
    del sys.modules[name]
    delattr(sys.modules[package], attribute)
    setattr(sys.modules[user], attribute, _ForgottenModule(name))
