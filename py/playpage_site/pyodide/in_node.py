"""Runs the site's own Pyodide at build time, in Node.js, and keeps the results.

Pyodide needs a newer Node.js than the project asks for, so one comes as an optional npm
package; where there is none for this machine, the site is built without its results.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from playpage_site.common import ROOT, BuildError, find_node, say
from playpage_site.packs.pack import pack
from playpage_site.registry.platform import NODE_MAJOR, SITE_PACKAGES

CACHE = ROOT / ".cache" / "pyodide"
#: Earlier results that are kept beside the newest, so that going back and forth costs nothing.
KEPT = 6

Files = Mapping[str, bytes]


def run_in_node(
    what: str,
    script: Path,
    programs: Sequence[Path],
    pyodide: Files,
    layers: Mapping[str, Files],
    finish: Callable[[Path], dict[str, bytes]],
) -> dict[str, bytes] | None:
    """Run `node SCRIPT PYODIDE_DIR SITE_PACKAGES PROGRAM... OUT_DIR PACK...`.

    When that was done before with the same files, their result is used again.
    what: the line of progress. finish: makes the result, by name, of what is in OUT_DIR.
    Gives None without a fitting Node.js. Raises BuildError when the script fails.
    """
    node = find_node(NODE_MAJOR)
    if node is None:
        return None
    packs = {name: pack(files) for name, files in layers.items()}
    digest = hashlib.sha256()
    rooms = (ROOT / "js" / room for room in ("worker", "seams"))
    helpers = sorted(path for room in rooms for path in room.rglob("*.js"))
    texts = [path.read_bytes() for path in (script, *programs, *helpers)]
    for part in (*pyodide.values(), *packs.values(), *texts, SITE_PACKAGES.encode()):
        digest.update(hashlib.sha256(part).digest())
    kept = CACHE / f"{script.stem}-{digest.hexdigest()[:32]}"
    if not kept.exists():
        say(what)
        _forget_old(script.stem)
        with tempfile.TemporaryDirectory(dir=CACHE) as work:
            folder = Path(work)
            out = folder / "out"
            arguments = _lay_out(folder, pyodide, packs, out)
            command = [node, str(script), str(folder), SITE_PACKAGES, *map(str, programs)]
            # A file: Node.js would lose the end of its message where a pipe is read too slowly.
            errors = folder / "errors.txt"
            with errors.open("wb") as stderr:
                result = subprocess.run(
                    [*command, *arguments], stdout=subprocess.DEVNULL, stderr=stderr
                )
            if result.returncode:
                text = errors.read_text("utf-8", "replace")
                # Without Pyodide's own script, one line that Node.js quotes, and its own frames.
                lines = [
                    line
                    for line in text.splitlines()
                    if len(line) < 1000 and not line.startswith("    at wasm:")
                ]
                raise BuildError(f"{script.name} failed. It said:\n" + "\n".join(lines[-40:]))
            made = folder / "made"
            made.mkdir()
            for name, content in finish(out).items():
                (made / name).write_bytes(content)
            try:
                made.replace(kept)
            except OSError:  # another build was faster; it made the same
                if not kept.exists():
                    raise
    return {path.name: path.read_bytes() for path in sorted(kept.iterdir())}


def _lay_out(folder: Path, pyodide: Files, packs: Files, out: Path) -> list[str]:
    for name, content in pyodide.items():
        if "/" not in name:
            (folder / name).write_bytes(content)
    for name, content in packs.items():
        (folder / f"{name}.pack").write_bytes(content)
    out.mkdir()
    return [str(out), *(str(folder / f"{name}.pack") for name in packs)]


def _forget_old(stem: str) -> None:
    CACHE.mkdir(parents=True, exist_ok=True)
    for old in sorted(CACHE.glob(f"{stem}-*"), key=lambda p: p.stat().st_mtime)[:-KEPT]:
        shutil.rmtree(old, ignore_errors=True)
