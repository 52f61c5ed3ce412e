"""How long links are, and how large pages: `npm run bench -- sizes`.

Nothing here depends on the machine, so one round is enough.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "py"), str(ROOT / "tests")]

from bench.boot_table import markdown  # noqa: E402
from bench.host import gzip_bytes  # noqa: E402
from playpage_site.cli.main import BUILD, build_if_changed  # noqa: E402
from playpage_site.cli.main import main as build  # noqa: E402
from playpage_site.links.legacy import legacy_link  # noqa: E402
from playpage_site.links.program import Program  # noqa: E402
from playpage_site.links.v2 import encode_program  # noqa: E402
from support.documents import BENCHMARKS, write_between_markers  # noqa: E402

BEGIN, END = "<!-- bench:sizes -->", "<!-- /bench:sizes -->"

#: An address of usual length; without it a link is shorter by as much.
BASE = "https://wiki.example/chat/"
#: Programs of usual length: the shortest chat, the template, and one as the wiki has them.
PROGRAMS = (
    "py/apps/hello_chat.py",
    "py/apps/assistant_chat.py",
    "tests/golden/assistant_chat.py.txt",
)


def link_rows(programs: Iterable[tuple[str, str]]) -> list[tuple[str, ...]]:
    """(program, characters of it, of its link, of one in the old form, ratio) of (name, code)."""
    rows = []
    for name, code in programs:
        link = f"{BASE}#{encode_program(Program({'app.py': code.encode()}))}"
        lengths = len(code), len(link), len(legacy_link(BASE, code))
        ratio = f"{lengths[1] / lengths[2]:.2f}"
        rows.append((f"`{name}`", *(f"{length:,}" for length in lengths), ratio))
    return rows


def page_rows(site: Path, folder: Path) -> list[tuple[str, str, str]]:
    """(page, bytes on disk, bytes as a host sends it that compresses) of what is built.

    Writes single files into `folder`.
    """
    files = [file for file in site.rglob("*") if file.is_file()]
    plain, sent = _sums(files)
    rows = [(f"the site, {len(files)} files", megabytes(plain), megabytes(sent))]
    app = str(ROOT / PROGRAMS[0])
    for number, options in enumerate(([], ["--small"])):
        out = folder / f"page-{number}.html"
        if build(["page", app, "--single-file", "-o", str(out), *options]):
            raise RuntimeError("the page could not be made")
        plain, sent = _sums([out])
        name = " ".join(["`page --single-file", *options]) + "`"
        rows.append((name, megabytes(plain), megabytes(sent)))
    return rows


def _sums(files: Sequence[Path]) -> tuple[int, int]:
    return sum(file.stat().st_size for file in files), sum(map(gzip_bytes, files))


def megabytes(size_bytes: int) -> str:
    return f"{size_bytes / 1e6:.1f}"


def tables(links: Iterable[Sequence[str]], pages: Iterable[Sequence[str]]) -> str:
    """What stands between the markers."""
    return "\n\n".join(
        (
            markdown(("program", "characters", "its link", "in the old form", "ratio"), links),
            markdown(("page", "MB", "MB, gzipped by the host"), pages),
        )
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--write", action="store_true", help="write docs/benchmarks.md")
    options = parser.parse_args()
    build_if_changed()
    with TemporaryDirectory() as folder:
        pages = page_rows(BUILD, Path(folder))
    programs = [(Path(name).name, (ROOT / name).read_text("utf-8")) for name in PROGRAMS]
    text = tables(link_rows(programs), pages)
    print(text)
    if options.write:
        write_between_markers(BENCHMARKS, text, BEGIN, END)
    return 0


if __name__ == "__main__":
    sys.exit(main())
