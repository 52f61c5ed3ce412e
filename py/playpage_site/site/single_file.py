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
from playpage_site.site.replaced import replaced, replaced_in_all

#: The front end's own script.
LITE = "lite/lite.js"
#: The scripts of the workers, in the site's js/.
WORKERS = ("worker", "unpacker")
#: Worth compressing: the packs are already.
TEXT = (".css", ".html", ".js", ".json", ".mjs", ".wasm")
#: Fonts go into their style sheet, in the one format that every browser reads.
FONT = re.compile(
    r"url\(\./([^)]+\.woff2)\) format\(\"woff2\"\)(?:,url\(\./[^)]+\) format\([^)]+\))*"
)

_EARLY = re.compile(r"<script id=\"early\">.*?</script>\s*", re.S)
_MAIN = re.compile(r"<script type=\"module\" src=\"js/main\.js\"[^>]*></script>")
_STYLE = re.compile(re.escape('<link rel="stylesheet" href="js/style.css">'))
_PRELOAD = re.compile(r'<link rel="modulepreload"[^>]*>\s*')
#: vite's loader: `function (importIt, namesOfStyles, url)`, up to where it makes links.
_LOADER = re.compile(
    r"=function\((\w+),(\w+),(\w+)\)\{let (\w+)=Promise\.resolve\(\);if\(\2&&\2\.length>0\)\{"
)
#: gradio's loader of a theme: `function (address, place)`, up to where it makes an address.
_THEME = re.compile(
    r"function (\w+)\((\w+),(\w+)\)\{(?=const \w+=new URL\(import\.meta\.url\)\.origin;)"
)
#: An import at run time of another of the front end's scripts.
_IMPORT = re.compile(r"\bimport\((?=\"\.)")
_META = re.compile(r"(?<!revokeObjectURL\()import\.meta\.url")
#: How often they stand in the front end: in lite.js, in all others; fonts in its style sheets.
_IMPORT_TIMES = (146, 291)
_META_TIMES = (157, 310)
_FONT_TIMES = 19


def single_file(site: Path, page: str, wanted: Callable[[str], bool]) -> bytes:
    """The page `page` (an index.html) with the built site's files in it.

    wanted: is a file of packs/ or index/ needed, by its path below the site. Raises BuildError when
    the site is laid out otherwise than this expects.
    """
    style = (site / "js" / "style.css").read_text("utf-8")
    for pattern, new in ((_EARLY, ""), (_PRELOAD, ""), (_STYLE, f"<style>\n{style}</style>")):
        page = replaced(pattern, new, page, times=1, where="index.html")
    main = _script(_whole(site / "js" / "main.js"))
    start = _script(_whole(ROOT / "js" / "single-file" / "page.js", "iife"))
    first, heap, rest = _groups(site, wanted)
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


def _groups(site: Path, wanted: Callable[[str], bool]) -> tuple[list[File], list[File], list[File]]:
    """(path, bytes) of what goes into the page: what is read at once, the memory, the rest."""
    front = list(_front_end(site))
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


def _front_end(site: Path) -> Iterator[File]:
    """Its scripts and style sheets; scripts ask the page for others (js/single-file/modules.js)."""
    texts = {
        str(PurePosixPath(file.relative_to(site))): file.read_text("utf-8")
        for file in sorted((site / "lite").rglob("*"))
        if file.suffix in (".js", ".css")
    }
    lite = {LITE: _with_loaders(texts[LITE])}
    others = {path: text for path, text in texts.items() if path.endswith(".js") and path != LITE}
    groups = ((lite, "(playpageLite)"), (others, "(playpageLite+'assets/')"))
    for (scripts, place), imports, metas in zip(groups, _IMPORT_TIMES, _META_TIMES, strict=True):
        scripts.update(replaced_in_all(_IMPORT, "playpageImport(", scripts, times=imports))
        scripts.update(replaced_in_all(_META, place, scripts, times=metas))
    styles = _with_fonts(site, {p: text for p, text in texts.items() if p.endswith(".css")})
    changed = {**lite, **others, **styles}
    for path in texts:
        yield path, changed[path].encode("utf-8")


def _with_loaders(lite_js: str) -> str:
    """lite.js, whose loaders of style sheets and themes ask the page."""
    loader = r"=function(\1,\2,\3){let \4=globalThis.playpageStyles(\2);if(false){"
    theme = r"function \1(\2,\3){if(\2.startsWith(playpageLite))return playpageStyles([\2]);"
    for pattern, new in ((_LOADER, loader), (_THEME, theme)):
        lite_js = replaced(pattern, new, lite_js, times=1, where=LITE)
    return lite_js


def _with_fonts(site: Path, styles: dict[str, str]) -> dict[str, str]:
    def embedded(match: re.Match[str]) -> str:
        font = base64.b64encode((site / "lite" / "assets" / match[1]).read_bytes()).decode("ascii")
        return f'url(data:font/woff2;base64,{font}) format("woff2")'

    return replaced_in_all(FONT, embedded, styles, times=_FONT_TIMES)


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
