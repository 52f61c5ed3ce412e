"""Byte code for the modules that a start imports: compiling them would be most of its work."""

from __future__ import annotations

import base64
import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from playpage_site.packs.pack import EPOCH
from playpage_site.pyodide.in_node import Files, run_in_node

HERE = Path(__file__).parent


@dataclass(frozen=True)
class ByteCode:
    """Compiled files: {path of the source below site-packages: its .pyc} and
    {path in the stdlib's zip: .pyc}; names of modules that imports tried and did without."""

    packages: dict[str, bytes] = field(default_factory=dict)
    stdlib: dict[str, bytes] = field(default_factory=dict)
    absent: Sequence[str] = ()

    def of(self, files: Files) -> dict[str, bytes]:
        """The compiled files that belong to these sources, by the source's path."""
        return {path: content for path, content in self.packages.items() if path in files}


def compile_layers(pyodide: Files, layers: Mapping[str, Files]) -> ByteCode:
    """Compile the modules that a chat imports; no byte code where no Node.js can run Pyodide.

    pyodide: the files of Pyodide's package. layers: each layer's files, by path.
    """
    made = run_in_node(
        "Compiling the Python packages",
        HERE / "bytecode.mjs",
        [HERE / "warm_up.py", HERE / "compile_in_pyodide.py"],
        pyodide,
        layers,
        lambda out: {"bytecode.json": (out / "bytecode.json").read_bytes()},
    )
    if made is None:
        return ByteCode()
    result = json.loads(made["bytecode.json"])
    return ByteCode(_decoded(result["packages"]), _decoded(result["stdlib"]), result["absent"])


def stdlib_with(stdlib_zip: bytes, compiled: Files) -> bytes:
    """The standard library's zip with byte code beside its sources, where zipimport looks first."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(stdlib_zip)) as source,
        # Stored: it is compressed as a whole, which is smaller and quicker to undo.
        zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as target,
    ):
        for name in source.namelist():
            target.writestr(zipfile.ZipInfo(name, EPOCH), source.read(name))
        for name, content in sorted(compiled.items()):
            target.writestr(zipfile.ZipInfo(name, EPOCH), content)
    return out.getvalue()


def _decoded(files: Mapping[str, str]) -> dict[str, bytes]:
    return {path: base64.b64decode(text) for path, text in files.items()}
