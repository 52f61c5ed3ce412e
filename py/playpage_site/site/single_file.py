"""The site as one HTML file, which opens from the disk: everything it needs is in the page.

js/inside/ is the other half of this: it hands the files out. What a page from the disk may not
do (fetch or import what lies beside it, start a module worker from an address) is said there.
"""

from __future__ import annotations

import base64
import gzip
import re
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath

from playpage_site.common import ROOT, BuildError
from playpage_site.registry.npm import tool

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
_STYLE = '<link rel="stylesheet" href="js/style.css">'
_PRELOAD = re.compile(r'<link rel="modulepreload"[^>]*>\s*')
#: vite's loader: `function (importIt, namesOfStyles, url)`, up to where it makes links.
_LOADER = re.compile(
    r"=function\((\w+),(\w+),(\w+)\)\{let (\w+)=Promise\.resolve\(\);if\(\2&&\2\.length>0\)\{"
)
#: gradio's loader of a theme: `function (address, place)`, up to where it makes an address.
_THEME = re.compile(
    r"function (\w+)\((\w+),(\w+)\)\{(?=const \w+=new URL\(import\.meta\.url\)\.origin;)"
)
_META = re.compile(r"(?<!revokeObjectURL\()import\.meta\.url")


def single_file(site: Path, page: str, wanted: Callable[[str], bool]) -> bytes:
    """The page `page` (an index.html) with the built site's files in it.

    wanted: is a file of packs/ or index/ needed, by its path below the site. Raises BuildError when
    the site is laid out otherwise than this expects.
    """
    style = (site / "js" / "style.css").read_text("utf-8")
    page = _replaced(_EARLY, "", page)
    page = _replaced(_PRELOAD, "", page)
    page = _replaced(re.compile(re.escape(_STYLE)), f"<style>\n{style}</style>", page)
    main = _script(_bundle(site / "js" / "main.js", "esm"))
    start = _script(_bundle(ROOT / "js" / "single-file" / "page.js", "iife"))
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
    return _replaced(_MAIN, "\n".join(lines), page).encode("utf-8")


File = tuple[str, bytes]


def _groups(site: Path, wanted: Callable[[str], bool]) -> tuple[list[File], list[File], list[File]]:
    """(path, bytes) of what goes into the page: what is read at once, the memory, the rest."""
    front = list(_front_end(site))
    at_once = ("lite/lite.js", "lite/lite.css", "lite/assets/chat-", "lite/assets/theme-")
    worker = "js/single-file/worker.js"
    first = [(worker, _bundle(ROOT / worker, "esm"))]
    first += [(f"js/{n}.js", (site / "js" / f"{n}.js").read_bytes()) for n in WORKERS]
    first += [
        ("preview.html", (site / "preview.html").read_bytes()),
        ("js/preview-frame.js", _bundle(site / "js" / "preview-frame.js", "esm")),
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
    for file in sorted((site / "lite").rglob("*")):
        path = PurePosixPath(file.relative_to(site))
        if path.suffix == ".js":
            yield str(path), _front_end_script(path, file.read_text("utf-8"))
        elif path.suffix == ".css":
            yield str(path), _with_fonts(file)


def _below(site: Path, folder: str, wanted: Callable[[str], bool]) -> Iterator[tuple[str, bytes]]:
    for file in sorted((site / folder).rglob("*")):
        path = str(PurePosixPath(file.relative_to(site)))
        if file.is_file() and wanted(path):
            yield path, file.read_bytes()


def _front_end_script(path: PurePosixPath, text: str) -> bytes:
    """A script of the front end that asks the page for others (js/single-file/modules.js)."""
    if path.name == "lite.js":
        text = _replaced(
            _LOADER, r"=function(\1,\2,\3){let \4=globalThis.playpageStyles(\2);if(false){", text
        )
        inside = r"if(\2.startsWith(playpageLite))return playpageStyles([\2]);"
        text = _replaced(_THEME, r"function \1(\2,\3){" + inside, text)
    text = re.sub(r"\bimport\((?=\"\.)", "playpageImport(", text)
    here = "(playpageLite)" if path.name == "lite.js" else "(playpageLite+'assets/')"
    return _META.sub(here, text).encode("utf-8")


def _with_fonts(file: Path) -> bytes:
    def inside(match: re.Match[str]) -> str:
        font = base64.b64encode((file.parent / match[1]).read_bytes()).decode("ascii")
        return f'url(data:font/woff2;base64,{font}) format("woff2")'

    return FONT.sub(inside, file.read_text("utf-8")).encode("utf-8")


def _bundle(script: Path, form: str) -> bytes:
    """The script with all it imports, at once or later."""
    command = [tool("esbuild"), str(script), "--bundle", f"--format={form}", "--minify"]
    command += ["--target=es2022", "--legal-comments=none", "--log-level=error"]
    result = subprocess.run(command, cwd=ROOT, capture_output=True)
    if result.returncode:
        raise BuildError(f"{script.name} could not be bundled.\n{result.stderr.decode()}")
    return result.stdout


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


def _replaced(pattern: re.Pattern[str], new: str, text: str) -> str:
    """Every match replaced; there must be one. `new` may name groups if the pattern has some."""
    # A function, where nothing is named: backslashes of scripts are to stay.
    by = new if pattern.groups else lambda _: new
    result, times = pattern.subn(by, text)
    if not times:
        raise BuildError(f"The built site has nothing like {pattern.pattern}.")
    return result
