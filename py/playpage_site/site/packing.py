"""Which Python files go into which pack, and the packs as they are served."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playpage_site.common import say
from playpage_site.packs.pack import pack
from playpage_site.packs.zstd import frames
from playpage_site.pyodide.bytecode import ByteCode, compile_layers, stdlib_with
from playpage_site.pyodide.snapshot import Snapshot, take_snapshot
from playpage_site.site.layers import Layer, cache_path, module_name
from playpage_site.site.layers import split as split_layer
from playpage_site.site.output import write_files

Files = Mapping[str, bytes]


@dataclass(frozen=True)
class PythonFiles:
    """Python's files, sorted by when a page gets them.

    `deferred`: byte code by path, of modules that are imported once the app is up. `absent`: names
    of modules that imports tried and did without.
    """

    stdlib: bytes
    layers: dict[str, Layer]
    deferred: dict[str, bytes]
    snapshot: Snapshot | None
    absent: list[str]

    def packs(self, start: Files) -> dict[str, tuple[bytes, ...]]:
        """Each pack's contents, in parts that are compressed apart.

        start: files that the first pack holds beside the layers' own, by path.
        """
        first = {
            f"{name}/{path}": content
            for name, layer in self.layers.items()
            for path, content in layer.start.items()
        }
        packs: dict[str, tuple[bytes, ...]] = {"stdlib": (self.stdlib,)}
        if self.snapshot:
            packs["heap"] = (self.snapshot.about, self.snapshot.heap)
            packs["deferred"] = (pack(self.deferred),)
        packs["start"] = (pack({**start, **first}),)
        for name, layer in self.layers.items():
            packs[f"code-{name}"] = (pack(layer.code),)
            if layer.sources:
                packs[f"sources-{name}"] = (pack(layer.sources),)
        return packs


def python_files(pyodide: Files, sources: Mapping[str, Files]) -> PythonFiles:
    """Compile the layers, take the snapshot, and sort the files.

    pyodide: the files of Pyodide's package. sources: each layer's files, by path.
    """
    byte_code = compile_layers(pyodide, sources)
    stdlib = stdlib_with(pyodide["python_stdlib.zip"], byte_code.stdlib)
    compiled = {name: _compiled(files, byte_code) for name, files in sources.items()}
    snapshot = take_snapshot({**pyodide, "python_stdlib.zip": stdlib}, compiled)
    if not snapshot:
        say("No Node.js for Pyodide here: built without byte code and snapshot, starts slower")
    layers = {
        name: split_layer(files, byte_code.of(files), byte_code.absent)
        for name, files in sources.items()
    }
    deferred: dict[str, bytes] = {}
    if snapshot:
        code = byte_code.of(sources["openai"])
        deferred = {
            f"{path}c": content
            for path, content in code.items()
            if module_name(f"{path}c") not in snapshot.modules
        }
        for path in deferred:
            layers["openai"].code.pop(path, None)
    return PythonFiles(stdlib, layers, deferred, snapshot, list(byte_code.absent))


def _compiled(files: Files, byte_code: ByteCode) -> dict[str, bytes]:
    """Sources, each with its byte code where Python looks for it."""
    compiled = {cache_path(path): content for path, content in byte_code.of(files).items()}
    return {**files, **compiled}


def write_pack(out: Path, pack_name: str, contents: tuple[bytes, ...]) -> dict[str, Any]:
    """Write a pack in frames into `out`/packs; gives its entry in the manifest."""
    made = [frame for content in contents for frame in frames(content)]
    served = b"".join(frame.content for frame in made)
    # The hash in the name: a cache can never serve another build's pack for this one.
    name = f"packs/{pack_name}-{hashlib.sha256(served).hexdigest()[:12]}.pack"
    write_files(out, {name: served})
    return {
        "file": name,
        "size": len(served),
        "frames": [
            {
                "size": len(frame.content),
                "rawSize": frame.raw_bytes,
                "sha256": hashlib.sha256(frame.content).hexdigest(),
            }
            for frame in made
        ],
    }
