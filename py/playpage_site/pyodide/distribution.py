"""Pyodide's own distribution: numpy, pandas, Pillow and some 340 more, built for the browser.

They are in no package index. The site's lock file names them by absolute address, so a
page whose reader has the network can load them; `--with` puts them into the site.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import urllib.error
import urllib.request
from collections.abc import Iterable
from typing import Any

from playpage_site.common import BuildError, say
from playpage_site.registry.wheels import CACHE

#: A mirror of the distribution, for networks that cannot reach its own address.
MIRROR = "PLAYPAGE_PYODIDE_DISTRIBUTION"

#: The Pyodide package of npm carries the address; it is nowhere else in the project.
_ADDRESS = re.compile(rb"`(https://[^`$]+/pyodide/v)\$\{\w+\}(/full/)`")


class Distribution:
    """The lock file of one Pyodide, and where its files live."""

    def __init__(self, pyodide_files: dict[str, bytes], version: str) -> None:
        self.lock: dict[str, Any] = json.loads(pyodide_files["pyodide-lock.json"])
        self.packages: dict[str, Any] = self.lock["packages"]
        if mirror := os.environ.get(MIRROR):
            self.url = mirror.rstrip("/") + "/"
            # A mirror may carry builds of its own; its lock file says which.
            lock = self._get("pyodide-lock.json")
            self.packages = self.lock["packages"] = json.loads(lock)["packages"]
        else:
            match = _ADDRESS.search(pyodide_files["pyodide.mjs"])
            if match is None:
                raise BuildError("pyodide.mjs no longer names the address of its distribution.")
            self.url = f"{match[1].decode()}{version}{match[2].decode()}"

    def modules(self) -> dict[str, str]:
        """Import name to package name."""
        return {
            module: name
            for name, entry in sorted(self.packages.items())
            for module in entry["imports"]
            if "." not in module
        }

    def with_dependencies(self, names: Iterable[str]) -> list[str]:
        """These packages and all they depend on, sorted. Raises BuildError for an unknown one."""
        found: set[str] = set()
        waiting = [name.lower().replace("_", "-") for name in names]
        while waiting:
            name = waiting.pop()
            if name not in self.packages:
                raise BuildError(f"Pyodide's distribution has no package named {name}.")
            if name not in found:
                found.add(name)
                waiting += self.packages[name]["depends"]
        return sorted(found)

    def file(self, name: str) -> tuple[str, bytes]:
        """(file name, bytes) of a package, hash-checked against the lock file."""
        entry = self.packages[name]
        file_name, expected = entry["file_name"], entry["sha256"]
        cached = CACHE / file_name
        if not cached.exists() or _sha256(cached.read_bytes()) != expected:
            say(f"Downloading {file_name}")
            content = self._get(file_name)
            if (found := _sha256(content)) != expected:
                raise BuildError(
                    f"{file_name} is not the file that was locked.\n"
                    f"  expected: sha256 {expected}\n  found:    sha256 {found}"
                )
            CACHE.mkdir(parents=True, exist_ok=True)
            cached.write_bytes(content)
        return file_name, cached.read_bytes()

    def lock_file(self, included: Iterable[str]) -> bytes:
        """The lock file with absolute addresses, but for the packages that the site has."""
        inside = set(included)
        packages = {
            name: {
                **entry,
                "file_name": entry["file_name"]
                if name in inside
                else self.url + entry["file_name"],
            }
            for name, entry in self.packages.items()
        }
        return json.dumps({**self.lock, "packages": packages}, separators=(",", ":")).encode()

    def _get(self, file_name: str) -> bytes:
        try:
            with urllib.request.urlopen(self.url + file_name, timeout=60) as response:  # noqa: S310
                content: bytes = response.read()
                return content
        except (urllib.error.URLError, OSError) as error:
            raise BuildError(
                f"{file_name} could not be fetched from Pyodide's distribution ({error}). "
                f"If this network has a mirror of it, name its address in {MIRROR}."
            ) from error


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
