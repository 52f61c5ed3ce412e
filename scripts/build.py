"""Build the site: `python3 scripts/build.py`. Needs git's clone, Python 3.11, Node 20, pip."""

from __future__ import annotations

import argparse
import hashlib
import sys
import time
from pathlib import Path

from assemble import assemble
from fetch import ROOT, FetchError, say
from links import legacy_link

BUILD = ROOT / "build"

#: What the built site is made from; a change in any of it makes a new build.
SOURCES = ("index.html", "package-lock.json", "js", "py", "scripts")
STAMP = ROOT / ".cache" / "built.sha256"


def build_if_changed() -> None:
    """Build the site into build/, unless it was built from just these sources.

    Raises FetchError as `assemble` does.
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
    STAMP.unlink(missing_ok=True)
    assemble(options.out.resolve(), [n.strip() for n in options.extra.split(",") if n.strip()])
    size_bytes = sum(f.stat().st_size for f in options.out.rglob("*") if f.is_file())
    say(f"Built {options.out} ({size_bytes / 1e6:.0f} MB) in {time.monotonic() - started:.0f} s")
    return 0


def make_link(options: argparse.Namespace) -> int:
    try:
        code = sys.stdin.buffer.read() if options.app == "-" else Path(options.app).read_bytes()
        print(legacy_link(options.base, code.decode("utf-8-sig"), options.requirement))
    except OSError as error:
        raise FetchError(f"{options.app} could not be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise FetchError(f"{options.app} is not UTF-8 text (byte {error.start}).") from error
    return 0


def command_line() -> argparse.ArgumentParser:
    raw = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(
        prog="build.py",
        description="Build the static site. Any file server can host the folder, under any path.",
        epilog="examples:\n  build.py\n  build.py --with numpy,pillow\n"
        "  build.py -o /srv/www/chat\n  build.py link app.py --base https://wiki.example/chat/",
        formatter_class=raw,
    )
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
    commands = parser.add_subparsers(title="commands", metavar="")
    link = commands.add_parser(
        "link",
        help="print a link that opens a program",
        description="Print a link that opens a program in a hosted site.",
        epilog="example:\n  build.py link app.py --base https://wiki.example/chat/ "
        "--requirement openai==1.109.1",
        formatter_class=raw,
    )
    link.set_defaults(run=make_link)
    link.add_argument("app", help="the program's file; - for standard input")
    link.add_argument("--base", default="http://127.0.0.1:8000/", help="the site's address")
    link.add_argument(
        "--requirement", action="append", default=[], help="a package to install; may be repeated"
    )
    return parser


def main(arguments: list[str] | None = None) -> int:
    options = command_line().parse_args(arguments)
    try:
        code: int = options.run(options)
    except FetchError as problem:
        print(f"build.py failed: {problem}", file=sys.stderr)
        return 1
    return code


if __name__ == "__main__":
    sys.exit(main())
