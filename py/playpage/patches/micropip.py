"""micropip: the page's own index first, and another version of what is installed.

Read in micropip 0.11.1.

`Transaction._add_requirement_from_package_index` (micropip/transaction.py)
    Looks a requirement up in `index_urls` and stops at the first index that has the project,
    whatever its versions. Ours runs the original with the page's index alone and, when the
    wanted version is not there, again with the others. Not found is a ValueError there as here,
    because `add_requirement_inner` catches that one.
`Transaction._add_requirement_from_pyodide_lock` (micropip/transaction.py)
    Asks Pyodide's distribution first, whose files are not in the page's. For a project of the
    page's index ours says that it is not there, and calls the original for any other.
`PackageManager._uninstall_distributions` (micropip/package_manager.py)
    Removes the files that a distribution lists. Files that have not come yet would come over
    those of the next version, and byte code is in no list; ours lets the runtime see to both,
    then calls the original.
`PackageManager.install` (micropip/package_manager.py), replaced as `micropip.install`
    micropip refuses to install over another version; ours lets the runtime change the arguments
    and forget modules afterwards.
`micropip._vendored...Requirement`
    micropip's copy of packaging, which is there when the package itself is not.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Iterable, Iterator
from importlib.metadata import Distribution
from typing import Any

from .seam import Seam, replace, replaced

_INDEX = "micropip.transaction.Transaction._add_requirement_from_package_index"
_LOCK = "micropip.transaction.Transaction._add_requirement_from_pyodide_lock"
_UNINSTALL = "micropip.package_manager.PackageManager._uninstall_distributions"
_INSTALL = "micropip.package_manager.PackageManager.install"
_PACKAGING = "micropip._vendored.packaging.src.packaging.requirements"
_REQUIREMENT = f"{_PACKAGING}.Requirement"

SEAMS = (
    replaced(_INDEX, needs=("index_urls", "add_requirement_inner")),
    replaced(_LOCK),
    replaced(_UNINSTALL),
    Seam(_INSTALL, at=("micropip.install",)),
    Seam(_REQUIREMENT, needs=("specifier", f"{_PACKAGING}.InvalidRequirement")),
)

Install = Callable[..., Awaitable[None]]


def prefer_index(
    index: str, projects: Collection[str], not_found: Callable[[str], ValueError]
) -> None:
    """Look these projects up in this index before any other.

    index: an address with `{package_name}` in it. not_found: makes the error for a requirement
    that is nowhere.
    """
    from micropip.transaction import Transaction

    async def from_package_index(self: Any, requirement: Any) -> None:
        if requirement.name in projects:
            others = self.index_urls
            self.index_urls = [index]
            try:
                await look_up(self, requirement)
                return
            except ValueError:
                pass  # The index does not have this version.
            finally:
                self.index_urls = others
        try:
            await look_up(self, requirement)
        except ValueError as error:
            raise not_found(str(requirement)) from error

    async def from_pyodide_lock(self: Any, requirement: Any) -> bool:
        if requirement.name in projects:
            return False
        return bool(await look_up_in_lock(self, requirement))

    look_up = replace(
        Transaction, "_add_requirement_from_package_index", from_package_index, seam=_INDEX
    )
    look_up_in_lock = replace(
        Transaction, "_add_requirement_from_pyodide_lock", from_pyodide_lock, seam=_LOCK
    )


def before_uninstall(prepare: Callable[[list[Distribution]], None]) -> None:
    """Call `prepare` with the distributions that are about to be removed."""
    from micropip.package_manager import PackageManager

    def uninstall_distributions(
        self: Any, distributions: Iterable[Distribution], *args: Any
    ) -> None:
        found = list(distributions)
        prepare(found)
        uninstall(self, found, *args)

    uninstall = replace(
        PackageManager, "_uninstall_distributions", uninstall_distributions, seam=_UNINSTALL
    )


def wrap_install(wrapper: Callable[..., Awaitable[None]]) -> None:
    """Let `micropip.install(...)` call `wrapper(original, ...)`."""
    import micropip

    async def install(*args: Any, **kwargs: Any) -> None:
        await wrapper(original, *args, **kwargs)

    original: Install = replace(micropip, "install", install, seam=_INSTALL)


def accepts(requirement: str, version: str) -> bool:
    """Does a requirement take this version? One that cannot be read takes any."""
    from micropip._vendored.packaging.src.packaging.requirements import (
        InvalidRequirement,
        Requirement,
    )

    try:
        return bool(Requirement(requirement).specifier.contains(version, prereleases=True))
    except InvalidRequirement:
        return True


def live() -> Iterator[tuple[object, str]]:
    """A requirement, which has its specifier only once it was read."""
    from micropip._vendored.packaging.src.packaging.requirements import Requirement

    yield Requirement("micropip"), _REQUIREMENT
