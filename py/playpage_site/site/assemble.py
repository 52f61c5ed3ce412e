"""Puts the site together in build/: a folder that any static file server can host."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from playpage_site.common import ROOT, BuildError, say
from playpage_site.pyodide.bytecode import ByteCode, compile_layers, stdlib_with
from playpage_site.pyodide.distribution import Distribution
from playpage_site.pyodide.snapshot import take_snapshot
from playpage_site.pyodide.wasm_data import split_data, wasm_name
from playpage_site.registry.npm import ensure_node_modules, parts_licenses, tarball_files, tool
from playpage_site.registry.platform import SITE_PACKAGES, STDLIB_ZIP
from playpage_site.registry.wheels import Wheel, wheels
from playpage_site.site.front_end import FrontEnd, front_end
from playpage_site.site.layers import cache_path
from playpage_site.site.layers import split as split_layer
from playpage_site.site.pack import layer_files, pack, write_index
from playpage_site.site.slim import import_names
from playpage_site.site.zstd import frames

#: The packs, in the order in which a page loads them.
LAYERS = ("base", "gradio", "openai")
#: Of Pyodide's package, what a page loads as scripts (nginx and others take .mjs for a download),
#: and what comes with its first pack.
SCRIPTS = {"pyodide.asm.js": "pyodide.asm.mjs"}
START_FILES = ("pyodide-lock.json",)
#: Pyodide's WebAssembly: its functions are served as a file, its data in the first pack.
WASM = "pyodide.asm"
#: The page's script, which loads some of its parts when they are needed.
PAGE_SCRIPTS = ("js/page/main.js",)
#: Each of these is one file: nobody waits for a part that it shares with another script.
OTHER_SCRIPTS = (
    "js/worker/worker.js",
    "js/worker/packs/unpacker.js",
    "js/frame/preview-frame.js",
    "js/embed.js",
)
#: gradio makes the addresses of files out of this, so that other users of a server cannot guess
#: them; a page has no other users. Were it missing, gradio would look for it at each start.
HASH_SEED = b"playpage"
#: Our own packages that programs can import.
OWN_PACKAGES = ("playpage", "httpx_pyfetch")


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

    _empty(out)
    included = distribution.with_dependencies(extra)
    files = {layer: layer_files(locked[layer]) for layer in LAYERS}
    files["base"] |= _own_files()
    files["gradio"] |= {"gradio/hash_seed.txt": HASH_SEED}
    byte_code = compile_layers(pyodide, files)
    pyodide["python_stdlib.zip"] = stdlib_with(pyodide["python_stdlib.zip"], byte_code.stdlib)
    snapshot = take_snapshot(pyodide, {name: _compiled(files[name], byte_code) for name in LAYERS})
    pyodide["pyodide-lock.json"] = distribution.lock_file(included)
    if not snapshot:
        say("No Node.js for Pyodide here: built without byte code and snapshot, starts slower")

    say("Writing Pyodide and the front end")
    _write(out / "pyodide", {served: pyodide[name] for served, name in SCRIPTS.items()})
    _write(out / "pyodide", dict(distribution.file(name) for name in included))
    page = front_end(lite)
    _write(out / "lite", page.files)

    say("Writing the Python packages")
    split = {
        name: split_layer(files[name], byte_code.of(files[name]), byte_code.absent)
        for name in LAYERS
    }
    functions, memory = split_data(pyodide[f"{WASM}.wasm"])
    wasm = f"pyodide/{wasm_name(WASM, functions)}"
    _write(out, {wasm: functions})
    start = {f"pyodide/{name}": pyodide[name] for name in START_FILES}
    start["pyodide/memory.bin"] = memory.content
    start |= {f"{name}/{p}": content for name in LAYERS for p, content in split[name].start.items()}
    contents: dict[str, bytes | tuple[bytes, ...]] = {"stdlib": pyodide["python_stdlib.zip"]}
    later: dict[str, bytes] = {}
    if snapshot:
        contents["heap"] = (snapshot.about, snapshot.heap)
        later = {f"{path}c": code for path, code in byte_code.of(files["openai"]).items()}
        later = {
            path: code for path, code in later.items() if _module(path) not in snapshot.modules
        }
        contents["deferred"] = pack(later)
        for path in later:
            split["openai"].code.pop(path, None)
    contents["start"] = pack(start)
    contents |= {f"code-{name}": pack(layer.code) for name, layer in split.items()}
    contents |= {
        f"sources-{name}": pack(layer.sources) for name, layer in split.items() if layer.sources
    }
    packs = {
        name: _write_pack(out, name, *(content if isinstance(content, tuple) else (content,)))
        for name, content in contents.items()
    }
    index = [wheel for layer in locked.values() for wheel in layer]
    write_index(index, out / "index")

    say("Bundling the page's scripts")
    manifest = {
        "packs": packs,
        "python": {"sitePackages": SITE_PACKAGES, "stdlib": STDLIB_ZIP},
        "wasm": {
            "file": wasm,
            "sha256": hashlib.sha256(functions).hexdigest(),
            "memoryAt": memory.address,
        },
        "deferred": sorted(map(_module, later)),
        "deferredFolders": {
            path.rpartition("/")[0]: True for path in later if path.endswith("/__init__.pyc")
        },
        "onDemandFolders": {name: layer.late_folders for name, layer in split.items()},
        "bundle": {
            "layers": {layer: {w.name: w.version for w in locked[layer]} for layer in LAYERS},
            "modules": {
                module: layer
                for layer in LAYERS
                for wheel in locked[layer]
                for module in sorted(import_names(wheel))
            },
            "absent": byte_code.absent,
            "index": sorted({wheel.name for wheel in index}),
            "distribution": distribution.modules(),
        },
    }
    bundled = _bundle(out / "js", manifest)
    # Pages that embed this one name it, so it lies at the root; they are not modules.
    embed = (out / "js" / "embed.js").read_text("utf-8")
    (out / "js" / "embed.js").unlink()
    _write(out, {"embed.js": f"(()=>{{{embed.strip()}}})();\n".encode()})
    shutil.copyfile(ROOT / "index.html", out / "index.html")
    shutil.copyfile(ROOT / "js" / "page" / "style.css", out / "js" / "style.css")
    _write(out, {"preview.html": _preview(page)})
    _write_licenses(
        out / "licenses.txt",
        locked,
        bundled,
        [(name, distribution.packages[name]["version"], "see its wheel") for name in included],
    )


def _preview(page: FrontEnd) -> bytes:
    """The app's frame, with what a chat needs of the front end fetched before it is asked for."""
    lines = [f'<link rel="stylesheet" href="lite/{name}" />' for name in page.styles]
    lines += [f'<script type="module" src="lite/{name}"></script>' for name in page.scripts]
    text = (ROOT / "js" / "frame" / "preview.html").read_text("utf-8")
    return text.replace("<!-- the front end -->", "\n    ".join(lines)).encode("utf-8")


def _compiled(files: Mapping[str, bytes], byte_code: ByteCode) -> dict[str, bytes]:
    compiled = {cache_path(path): content for path, content in byte_code.of(files).items()}
    return {**files, **compiled}


def _module(path: str) -> str:
    return path.removesuffix(".pyc").removesuffix("/__init__").replace("/", ".")


def _write_pack(out: Path, pack_name: str, *contents: bytes) -> dict[str, Any]:
    """Write a pack, or other bytes, in frames; returns its entry in the manifest."""
    made = [frame for content in contents for frame in frames(content)]
    served = b"".join(frame.content for frame in made)
    # The hash in the name: a cache can never serve another build's pack for this one.
    name = f"packs/{pack_name}-{hashlib.sha256(served).hexdigest()[:12]}.pack"
    _write(out, {name: served})
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


def _own_files() -> dict[str, bytes]:
    return {
        str(path.relative_to(ROOT / "py")): path.read_bytes()
        for package in OWN_PACKAGES
        for path in sorted((ROOT / "py" / package).rglob("*"))
        if path.suffix in (".py", ".js", ".typed")
    }


def _bundle(out: Path, manifest: Mapping[str, Any]) -> list[str]:
    """Bundle the scripts with esbuild; returns the npm packages that went into them."""
    package = re.compile(r"^node_modules/((?:@[^/]+/)?[^/]+)/")
    with TemporaryDirectory(dir=ROOT / ".cache") as folder:
        manifest_file = Path(folder) / "manifest.json"
        manifest_file.write_text(json.dumps(manifest, sort_keys=True), "utf-8")
        metafile = Path(folder) / "meta.json"
        inputs: set[str] = set()
        for options in (
            [*PAGE_SCRIPTS, "--splitting"],
            [*OTHER_SCRIPTS, f"--alias:playpage:manifest={manifest_file}"],
        ):
            command = [tool("esbuild"), *options, f"--outdir={out}", f"--metafile={metafile}"]
            command += ["--bundle", "--format=esm", "--target=es2022", "--minify"]
            command += ["--entry-names=[name]", "--chunk-names=chunk-[hash]", "--loader:.py=text"]
            command += ["--legal-comments=none", "--log-level=warning"]
            command += ["--external:node:*", "--external:ws"]
            result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
            if result.returncode:
                raise BuildError(f"esbuild could not bundle the page's scripts.\n{result.stderr}")
            inputs |= json.loads(metafile.read_text("utf-8"))["inputs"].keys()
    return sorted({match[1] for path in inputs if (match := package.match(path))})


def _write_licenses(
    target: Path,
    locked: Mapping[str, Sequence[Wheel]],
    bundled: Sequence[str],
    included: Sequence[tuple[str, str, str]],
) -> None:
    python = sorted({(w.name, w.version, w.license) for ws in locked.values() for w in ws})
    sections = {
        "In the browser: Python and the front end (npm)": parts_licenses(
            ["@gradio/lite", "pyodide"]
        ),
        "In the page's scripts (npm)": parts_licenses(list(bundled)),
        "Python packages": python,
        "From Pyodide's distribution": list(included),
    }
    lines = ["Third-party parts of this site. Written by scripts/build.py.", ""]
    lines += ["Pyodide holds CPython (PSF-2.0) and its standard library.", ""]
    for title, parts in sections.items():
        if parts:
            width = max(len(f"{name} {version}") for name, version, _ in parts)
            lines += [title, "-" * len(title)]
            lines += [f"{f'{n} {v}'.ljust(width)}  {terms}" for n, v, terms in parts]
            lines.append("")
    target.write_text("\n".join(lines), "utf-8")


def _empty(out: Path) -> None:
    """Remove what a build wrote. A folder that no build wrote is left alone."""
    marker = out / ".gitignore"
    if out.exists() and any(out.iterdir()) and not marker.exists():
        raise BuildError(f"{out} is not empty and no build wrote it. Name another folder.")
    out.mkdir(parents=True, exist_ok=True)
    for child in out.iterdir():
        if child.is_dir():
            shutil.rmtree(child)
        elif child != marker:
            child.unlink()
    if not marker.exists():
        shutil.copyfile(ROOT / "build" / ".gitignore", marker)


def _write(folder: Path, files: Mapping[str, bytes]) -> None:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
