"""Puts the site together in build/: a folder that any static file server can host."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

from playpage_site.common import say
from playpage_site.pyodide.distribution import Distribution
from playpage_site.pyodide.wasm_data import split_data, wasm_name
from playpage_site.registry.npm import ensure_node_modules, parts_licenses, tarball_files
from playpage_site.registry.wheels import wheels
from playpage_site.site.front_end import front_end
from playpage_site.site.index import write_index
from playpage_site.site.licenses import licenses_text
from playpage_site.site.manifest import describe_bundle, make_manifest
from playpage_site.site.output import empty_folder, write_files
from playpage_site.site.own_files import HASH_SEED, own_files
from playpage_site.site.packing import python_files, write_pack
from playpage_site.site.scripts import write_pages
from playpage_site.site.slim import layer_files

#: The layers of Python packages, in the order in which a page loads them.
LAYERS = ("base", "gradio", "openai")
#: Of Pyodide's package, what a page loads as scripts: name on the site, name in the package.
#: nginx and others serve .mjs as a download.
SCRIPTS = {"pyodide.asm.js": "pyodide.asm.mjs"}
#: Pyodide's WebAssembly: its functions are served as a file, its data in the first pack.
WASM = "pyodide.asm"


def assemble(out: Path, extra: Sequence[str] = ()) -> None:
    """Write the whole site into `out`, replacing what this wrote there before.

    extra: packages of Pyodide's distribution to include. Raises BuildError when a part
    cannot be had, is not the locked one, or a script does not bundle.
    """
    ensure_node_modules()
    locked = {layer: wheels([layer]) for layer in (*LAYERS, "index")}
    pyodide = tarball_files("pyodide", "")
    lite = tarball_files("@gradio/lite", "dist/")
    ((_, pyodide_version, _),) = parts_licenses(["pyodide"])
    distribution = Distribution(pyodide, pyodide_version)

    empty_folder(out)
    included = distribution.with_dependencies(extra)
    sources = {layer: layer_files(locked[layer]) for layer in LAYERS}
    sources["base"] |= own_files()
    sources["gradio"] |= HASH_SEED
    python = python_files(pyodide, sources)

    say("Writing Pyodide and the front end")
    write_files(out / "pyodide", {served: pyodide[name] for served, name in SCRIPTS.items()})
    write_files(out / "pyodide", dict(distribution.file(name) for name in included))
    page = front_end(lite)
    write_files(out / "lite", page.files)

    say("Writing the Python packages")
    functions, memory = split_data(pyodide[f"{WASM}.wasm"])
    wasm = f"pyodide/{wasm_name(WASM, functions)}"
    write_files(out, {wasm: functions})
    start = {
        "pyodide/pyodide-lock.json": distribution.lock_file(included),
        "pyodide/memory.bin": memory.content,
    }
    packs = {name: write_pack(out, name, parts) for name, parts in python.packs(start).items()}
    write_index([wheel for layer in locked.values() for wheel in layer], out / "index")

    say("Bundling the page's scripts")
    manifest = make_manifest(
        packs=packs,
        wasm={
            "file": wasm,
            "sha256": hashlib.sha256(functions).hexdigest(),
            "memoryAt": memory.address,
        },
        layers=python.layers,
        deferred=python.deferred,
        bundle=describe_bundle(locked, LAYERS, python.absent, distribution.modules()),
    )
    bundled = write_pages(out, manifest, page)
    parts = [(name, distribution.packages[name]["version"], "see its wheel") for name in included]
    write_files(out, {"licenses.txt": licenses_text(locked, bundled, parts).encode("utf-8")})
