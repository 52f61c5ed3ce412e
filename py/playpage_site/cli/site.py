"""The command without a name: write the static site into build/."""

from __future__ import annotations

import argparse
import hashlib
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playpage_site.common import ROOT, say
from playpage_site.site.assemble import assemble

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

BUILD = ROOT / "build"

#: What the built site is made from; a change in any of it makes a new build.
SOURCES = ("index.html", "package-lock.json", "js", "py")
#: Below these, what no site has in it.
NOT_BUILT = ("py/apps/", "py/playpage_site/demo/", "py/playpage_site/dev/")
STAMP = ROOT / ".cache" / "built.sha256"


def build_if_changed() -> None:
    """Build the site into build/, unless it was built from just these sources.

    Raises BuildError as `assemble` does.
    """
    with _one_at_a_time():
        wanted = _fingerprint()
        is_built = STAMP.exists() and STAMP.read_text("utf-8") == wanted
        if is_built and (BUILD / "index.html").exists():
            return
        say("Building the site")
        _build(wanted)


def make_site(options: argparse.Namespace) -> int:
    """Run the command."""
    started = time.monotonic()
    out: Path = options.out.resolve()
    extra = [name.strip() for name in options.extra.split(",") if name.strip()]
    if out == BUILD and not extra:
        with _one_at_a_time():
            _build(_fingerprint())
    else:
        if out == BUILD:
            STAMP.unlink(missing_ok=True)
        assemble(out, extra)
    size_bytes = sum(f.stat().st_size for f in options.out.rglob("*") if f.is_file())
    say(f"Built {options.out} ({size_bytes / 1e6:.0f} MB) in {time.monotonic() - started:.0f} s")
    return 0


def _build(fingerprint: str) -> None:
    STAMP.unlink(missing_ok=True)
    assemble(BUILD)
    STAMP.parent.mkdir(exist_ok=True)
    STAMP.write_text(fingerprint, "utf-8")


def _fingerprint() -> str:
    """SHA-256 over the sources and their names, hexadecimal."""
    digest = hashlib.sha256()
    for source in SOURCES:
        path = ROOT / source
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            name = file.relative_to(ROOT).as_posix()
            if name.startswith(NOT_BUILT) or "__pycache__" in file.parts or not file.is_file():
                continue
            digest.update(f"{name}\0".encode() + file.read_bytes())
    return digest.hexdigest()


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    """Two builds into one folder would each remove what the other has written."""
    STAMP.parent.mkdir(exist_ok=True)
    with STAMP.with_name("build.lock").open("w") as lock:
        if fcntl is not None:
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def add_to(parser: argparse.ArgumentParser) -> None:
    """Make this the command of `parser` itself, for when no other is named."""
    parser.set_defaults(run=make_site)
    parser.add_argument(
        "-o", "--out", type=Path, default=BUILD, help="folder to write (default: build/)"
    )
    parser.add_argument(
        "--with",
        dest="extra",
        default="",
        metavar="NAME,...",
        help="include these packages of Pyodide's distribution, such as numpy or pandas",
    )
