"""Byte code for what a start imports, compiled by the site's own Pyodide.

Compiling some 1,400 files from source is most of what a start would do. Pyodide needs a
newer Node.js than the project asks for, so one comes as an optional npm package; where
there is none for this machine, the site is built without byte code and starts slower.
"""

from __future__ import annotations

import base64
import hashlib
import io
import json
import shutil
import subprocess
import tempfile
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from fetch import ROOT, FetchError, say
from pack import EPOCH, pack

CACHE = ROOT / ".cache" / "bytecode"
SCRIPT = ROOT / "scripts" / "bytecode.mjs"
PROGRAM = ROOT / "scripts" / "compile_in_pyodide.py"
#: The first Node.js whose WebAssembly Pyodide 314 was seen to run on is 26; 24 was not tried.
NODE_MAJOR = 26


@dataclass(frozen=True)
class ByteCode:
    """Compiled files: {path below site-packages: .pyc} and {path in the stdlib's zip: .pyc}."""

    packages: dict[str, bytes] = field(default_factory=dict)
    stdlib: dict[str, bytes] = field(default_factory=dict)

    def of(self, files: Mapping[str, bytes]) -> dict[str, bytes]:
        """The compiled files that belong to these sources, by path."""
        return {
            path: content
            for path, content in self.packages.items()
            if path.replace("__pycache__/", "").replace(".cpython-314.pyc", ".py") in files
        }


def compile_layers(
    pyodide: Mapping[str, bytes], layers: Mapping[str, Mapping[str, bytes]]
) -> ByteCode:
    """Compile, or take from the cache what was compiled from just these files.

    pyodide: the files of Pyodide's package. layers: each layer's files, by path.
    Raises FetchError when Pyodide starts and the compilation fails.
    """
    node = _node()
    if node is None:
        say("No Node.js for Pyodide here: building without byte code, so pages start slower")
        return ByteCode()
    packs = {name: pack(files) for name, files in layers.items()}
    digest = hashlib.sha256()
    for part in (*pyodide.values(), *packs.values(), SCRIPT.read_bytes(), PROGRAM.read_bytes()):
        digest.update(hashlib.sha256(part).digest())
    cached = CACHE / f"{digest.hexdigest()[:32]}.json"
    if not cached.exists():
        say("Compiling the Python packages")
        CACHE.mkdir(parents=True, exist_ok=True)
        for old in sorted(CACHE.glob("*.json"), key=lambda p: p.stat().st_mtime)[:-2]:
            old.unlink(missing_ok=True)
        with tempfile.TemporaryDirectory(dir=CACHE) as folder:
            _compile(node, Path(folder), pyodide, packs).replace(cached)
    result = json.loads(cached.read_text("utf-8"))
    return ByteCode(_decoded(result["packages"]), _decoded(result["stdlib"]))


def stdlib_with(stdlib_zip: bytes, compiled: Mapping[str, bytes]) -> bytes:
    """The standard library's zip with byte code beside its sources, where zipimport looks first."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(stdlib_zip)) as source,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as target,
    ):
        for name in source.namelist():
            target.writestr(zipfile.ZipInfo(name, EPOCH), source.read(name), zipfile.ZIP_DEFLATED)
        for name, content in sorted(compiled.items()):
            target.writestr(zipfile.ZipInfo(name, EPOCH), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _compile(
    node: str, folder: Path, pyodide: Mapping[str, bytes], packs: Mapping[str, bytes]
) -> Path:
    for name, content in pyodide.items():
        if "/" not in name:
            (folder / name).write_bytes(content)
    files = []
    for name, content in packs.items():
        files.append(folder / f"{name}.pack")
        files[-1].write_bytes(content)
    out = folder / "bytecode.json"
    command = [node, str(SCRIPT), str(folder), str(PROGRAM), str(out), *map(str, files)]
    result = subprocess.run(command, capture_output=True, text=True)
    if result.returncode or not out.exists():
        raise FetchError(f"The Python packages could not be compiled.\n{result.stderr[-2000:]}")
    return out


def _node() -> str | None:
    """A Node.js that runs Pyodide: npm's optional package, or the machine's own."""
    candidates = [str(p) for p in ROOT.glob("node_modules/node-*/bin/node*")]
    candidates += [path] if (path := shutil.which("node")) else []
    for candidate in candidates:
        try:
            version = subprocess.run([candidate, "--version"], capture_output=True, text=True)
        except OSError:
            continue
        if version.returncode == 0 and int(version.stdout[1:].split(".")[0]) >= NODE_MAJOR:
            return candidate
    return None


def _decoded(files: Mapping[str, str]) -> dict[str, bytes]:
    return {path: base64.b64decode(text) for path, text in files.items()}
