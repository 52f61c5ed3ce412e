"""The site as one HTML file, which opens from the disk: everything it needs is in the page.

js/single-file/ is the other half: it hands the files out, and says what a page from the disk may
not do (fetch or import what lies beside it, start a module worker from an address).
"""

from __future__ import annotations

import base64
import gzip
import re
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath

from playpage_site.common import ROOT
from playpage_site.site.bundler import bundle
from playpage_site.site.replaced import replaced
from playpage_site.site.single_file_lite import COUNTS, Counts, self_contained

#: The scripts of the workers, in the site's js/.
WORKERS = ("worker", "unpacker")
#: Worth compressing: the packs are already.
TEXT = (".css", ".html", ".js", ".json", ".mjs", ".wasm")

_EARLY = re.compile(r"<script id=\"early\">.*?</script>\s*", re.S)
_MAIN = re.compile(r"<script type=\"module\" src=\"js/main\.js\"[^>]*></script>")
_STYLE = re.compile(r'<link rel="stylesheet" href="js/style\.css" ?/?>')
_PRELOAD = re.compile(r'<link rel="modulepreload"[^>]*>\s*')


def single_file(
    site: Path, page: str, wanted: Callable[[str], bool], counts: Counts = COUNTS
) -> bytes:
    """The page `page` (an index.html) with the built site's files in it.

    wanted: is a file of packs/ or index/ needed, by its path below the site. counts: of what is
    replaced in the front end.

    Raises BuildError when the site is laid out otherwise than this expects.
    """
    style = (site / "js" / "style.css").read_text("utf-8")
    for pattern, new in ((_EARLY, ""), (_PRELOAD, ""), (_STYLE, f"<style>\n{style}</style>")):
        page = replaced(pattern, new, page, times=1, where="index.html")
    main = _script(_whole(site / "js" / "main.js"))
    start = _script(_whole(ROOT / "js" / "single-file" / "page.js", "iife"))
    first, heap, rest = _groups(site, wanted, counts)
    lines = [
        *map(_block, first),
        f"<script>{start}playpageInside.arrived(false)</script>",
        # "async": as soon as it is there, not when all is.
        f'<script type="module" async>{main}</script>',
        *map(_block, heap),
        "<script>playpageInside.arrived(false)</script>",
        *map(_block, rest),
        "<script>playpageInside.arrived(true)</script>",
    ]
    return replaced(_MAIN, "\n".join(lines), page, times=1, where="index.html").encode("utf-8")


File = tuple[str, bytes]


def _groups(
    site: Path, wanted: Callable[[str], bool], counts: Counts
) -> tuple[list[File], list[File], list[File]]:
    """(path, bytes) of what goes into the page: what is read at once, the memory, the rest."""
    front = list(self_contained(site, counts))
    at_once = ("lite/lite.js", "lite/lite.css", "lite/assets/chat-", "lite/assets/theme-")
    worker = "js/single-file/worker.js"
    first = [(worker, _whole(ROOT / worker))]
    first += [(f"js/{n}.js", (site / "js" / f"{n}.js").read_bytes()) for n in WORKERS]
    first += [
        ("preview.html", (site / "preview.html").read_bytes()),
        ("js/preview-frame.js", _whole(site / "js" / "preview-frame.js")),
        *(file for file in front if file[0].startswith(at_once)),
        *_below(site, "pyodide", wanted),
    ]
    packs = list(_below(site, "packs", wanted))
    first += [file for file in packs if "/start-" in file[0]]
    heap = [file for file in packs if "/heap-" in file[0]]
    rest = [file for file in packs if file not in first and file not in heap]
    rest += [file for file in front if not file[0].startswith(at_once)]
    rest += _below(site, "index", wanted)
    return first, heap, rest


def _below(site: Path, folder: str, wanted: Callable[[str], bool]) -> Iterator[tuple[str, bytes]]:
    for file in sorted((site / folder).rglob("*")):
        path = str(PurePosixPath(file.relative_to(site)))
        if file.is_file() and wanted(path):
            yield path, file.read_bytes()


def _whole(script: Path, form: str = "esm") -> bytes:
    """The script with all it imports, at once or later."""
    return bundle([str(script)], form=form)


def _script(content: bytes) -> str:
    """As the text of a script element, which ends at the first `</script`, in a string too."""
    return re.sub(r"</(?=script)", r"<\\/", content.decode("utf-8"), flags=re.I).replace(
        "<!--", r"<\!--"
    )


def _block(file: File) -> str:
    path, content = file
    compressed = path.endswith(TEXT) and path != "js/single-file/worker.js"
    if compressed:
        content = gzip.compress(content, 9, mtime=0)
    text = base64.b64encode(content).decode("ascii")
    mark = " data-gzip" if compressed else ""
    return f'<script type="text/plain" data-file="{path}"{mark}>{text}</script>'
