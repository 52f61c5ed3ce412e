"""The command without a name: write the static site into build/."""

from __future__ import annotations

import argparse
import hashlib
import time
from pathlib import Path

from playpage_site.common import ROOT, say
from playpage_site.site.assemble import assemble

BUILD = ROOT / "build"

#: What the built site is made from; a change in any of it makes a new build.
SOURCES = ("index.html", "package-lock.json", "js", "py")
STAMP = ROOT / ".cache" / "built.sha256"


def build_if_changed() -> None:
    """Build the site into build/, unless it was built from just these sources.

    Raises BuildError as `assemble` does.
    """
    digest = hashlib.sha256()
    for source in SOURCES:
        path = ROOT / source
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if file.is_file() and "__pycache__" not in file.parts:
                digest.update(f"{file.relative_to(ROOT)}\0".encode() + file.read_bytes())
    wanted = digest.hexdigest()
    if STAMP.exists() and STAMP.read_text("utf-8") == wanted and (BUILD / "index.html").exists():
        return
    say("Building the site")
    STAMP.unlink(missing_ok=True)
    assemble(BUILD)
    STAMP.parent.mkdir(exist_ok=True)
    STAMP.write_text(wanted, "utf-8")


def make_site(options: argparse.Namespace) -> int:
    started = time.monotonic()
    if options.out.resolve() == BUILD:
        STAMP.unlink(missing_ok=True)
    assemble(options.out.resolve(), [n.strip() for n in options.extra.split(",") if n.strip()])
    size_bytes = sum(f.stat().st_size for f in options.out.rglob("*") if f.is_file())
    say(f"Built {options.out} ({size_bytes / 1e6:.0f} MB) in {time.monotonic() - started:.0f} s")
    return 0


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
