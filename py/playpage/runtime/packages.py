"""Brings a program's packages in, from the page's own files wherever they are there.

Three sources, in this order: the bundle's layers (packs of pinned wheels), the bundle's
package index through micropip, and Pyodide's own distribution. The public index is asked only
for what is in none of them.
"""

from __future__ import annotations

import importlib
import importlib.metadata
import importlib.util
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any, Protocol

from playpage.patches.micropip import accepts

from .detect import Needs, project_name
from .errors import PackageUnavailableError, package_unavailable
from .on_demand import forget_listings
from .standins import PROJECTS, StandInFinder, is_standin


class Host(Protocol):
    """What the worker does for this module."""

    async def load_layer(self, name: str) -> None:
        """Fetch, check and unpack a layer's pack."""

    async def load_distribution(self, packages: list[str]) -> str:
        """Load packages of Pyodide's distribution; returns what went wrong, or ''."""


@dataclass(frozen=True)
class Bundle:
    """What the build put into the page's files.

    layers: layer name to {project: version}. modules: import name to layer name. absent: names
    of modules that a chat's imports look for and do without.
    index_url: absolute, ends in `/`. index: projects in the bundle's package index.
    distribution: import name to project, of Pyodide's own distribution.
    """

    layers: Mapping[str, Mapping[str, str]]
    modules: Mapping[str, str]
    absent: frozenset[str]
    index_url: str
    index: frozenset[str]
    distribution: Mapping[str, str]


@dataclass
class Packages:
    """The state of one interpreter's packages."""

    host: Host
    bundle: Bundle
    loaded: set[str] = field(default_factory=lambda: {"base"})

    async def prepare(self, needs: Needs, requirements: Sequence[str]) -> bool:
        """Make a program's packages importable. Call before gradio is imported.

        Returns False when this interpreter has already bound a stand-in that the program
        needs for real: then only a new interpreter can run it. Raises
        PackageUnavailableError when a package is not available.
        """
        wanted = [*requirements, *needs.requirements]
        for layer in self._layers(needs.modules, wanted):
            await self.host.load_layer(layer)
            self.loaded.add(layer)
            forget_listings()

        real = set(needs.packages)
        # The program installs these itself, so they are not taken from the distribution.
        own = {project_name(requirement) for requirement in wanted}
        for module in needs.modules - self.bundle.modules.keys():
            package = self.bundle.distribution.get(module)
            if package and package not in own and not is_installed(module):
                real.add(package)
        real = {package for package in real if not has(package)}
        if any(is_standin(module) for module, project in PROJECTS.items() if project in real):
            return False
        if real:
            await self._load_real(sorted(real))
        if requirements:
            import micropip

            await micropip.install(list(requirements))
        return True

    def _layers(self, modules: Iterable[str], requirements: Sequence[str]) -> list[str]:
        """The layers to load: those that hold an imported module, in the bundle's order.

        A layer is left out when a requirement asks for another version of what it is
        named after: micropip then installs that version, and loading both would be a waste.
        """
        # playpage.chat, which programs import, uses both.
        modules = set(modules) | ({"gradio", "openai"} if "playpage" in modules else set())
        modules |= {"gradio"} & {project_name(requirement) for requirement in requirements}
        wanted = {self.bundle.modules[name] for name in modules if name in self.bundle.modules}
        return [
            layer
            for layer, versions in self.bundle.layers.items()
            if layer in wanted
            and layer not in self.loaded
            # A version that an earlier program asked for stays, as on a desktop.
            and not has(layer)
            and all(
                accepts(requirement, versions[layer])
                for requirement in requirements
                if project_name(requirement) == layer
            )
        ]

    async def _load_real(self, packages: list[str]) -> None:
        reason = await self.host.load_distribution(packages)
        forget_listings()
        missing = [package for package in packages if not has(package)]
        if missing:
            raise PackageUnavailableError(package_unavailable(missing, "This program", reason))


def is_installed(module: str) -> bool:
    """Is there a real module of this name? A stand-in does not count."""
    spec = sys.modules[module].__spec__ if module in sys.modules else None
    if spec is None:
        try:
            spec = importlib.util.find_spec(module)
        except (ImportError, ValueError):
            return False
    return spec is not None and not isinstance(spec.loader, StandInFinder)


def has(package: str) -> bool:
    try:
        importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return False
    return True


def module_names(distribution: importlib.metadata.Distribution) -> set[str]:
    """The top-level import names of an installed distribution's Python files.

    As its RECORD lists them: `distribution.files` leaves out those that are fetched on demand.
    """
    record = distribution.read_text("RECORD") or ""
    files = [PurePosixPath(line.rsplit(",", 2)[0]) for line in record.splitlines() if line]
    return {file.parts[0].removesuffix(".py") for file in files if file.suffix == ".py"}


def forget_modules(names: set[str]) -> None:
    """Drop imported modules, so that their next version is imported anew."""
    for module in list(sys.modules):
        if module.partition(".")[0] in names:
            del sys.modules[module]


def as_list(requirements: Any) -> list[str]:
    """micropip takes one requirement or several; a JavaScript array is a list already."""
    return [requirements] if isinstance(requirements, str) else [str(r) for r in requirements]
