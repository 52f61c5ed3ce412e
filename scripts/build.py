"""Build the site: `python3 scripts/build.py`. Needs git's clone, Python 3.11, Node 20, pip."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

from assemble import assemble
from fetch import ROOT, FetchError, say


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="build.py",
        description="Build the static site. Any file server can host the folder, under any path.",
        epilog="examples:\n  build.py\n  build.py --with numpy,pillow\n  build.py -o /srv/www/playpage",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "-o", "--out", type=Path, default=ROOT / "build", help="folder to write (default: build/)"
    )
    parser.add_argument(
        "--with",
        dest="extra",
        default="",
        metavar="NAME,...",
        help="include these packages of Pyodide's distribution, such as numpy or pandas",
    )
    options = parser.parse_args(arguments)
    started = time.monotonic()
    try:
        assemble(options.out.resolve(), [n.strip() for n in options.extra.split(",") if n.strip()])
    except FetchError as problem:
        print(f"build failed: {problem}", file=sys.stderr)
        return 1
    size_bytes = sum(f.stat().st_size for f in options.out.rglob("*") if f.is_file())
    say(f"Built {options.out} ({size_bytes / 1e6:.0f} MB) in {time.monotonic() - started:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
