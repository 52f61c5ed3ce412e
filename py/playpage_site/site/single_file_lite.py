"""Gradio-Lite's front end for a page that is one file: its scripts ask the page for their parts.

What they call instead of `import()` and vite's loader is in js/single-file/modules.js.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from playpage_site.site.replaced import replaced, replaced_in_all

#: The front end's own script.
LITE = "lite/lite.js"

#: Fonts go into their style sheet, in the one format that every browser reads.
_FONT = re.compile(
    r"url\(\./([^)]+\.woff2)\) format\(\"woff2\"\)(?:,url\(\./[^)]+\) format\([^)]+\))*"
)
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


@dataclass(frozen=True)
class Counts:
    """How often a front end has what is replaced; another number stops the build.

    lite, others: imports at run time and uses of the script's own address, in lite.js and in all
    other scripts. fonts: in all style sheets.
    """

    lite: tuple[int, int]
    others: tuple[int, int]
    fonts: int


#: Of @gradio/lite 5.45.0, as site/front_end.py serves it.
COUNTS = Counts(lite=(146, 157), others=(291, 310), fonts=19)


def self_contained(site: Path, counts: Counts = COUNTS) -> Iterator[tuple[str, bytes]]:
    """(path, bytes) of its scripts and style sheets, by path below the built site.

    Raises BuildError when something is not found as often as `counts` says.
    """
    texts = {
        str(PurePosixPath(file.relative_to(site))): file.read_text("utf-8")
        for file in sorted((site / "lite").rglob("*"))
        if file.suffix in (".js", ".css")
    }
    lite = {LITE: _with_loaders(texts[LITE])}
    others = {path: text for path, text in texts.items() if path.endswith(".js") and path != LITE}
    changed = {
        **_asking(lite, "(playpageLite)", counts.lite),
        **_asking(others, "(playpageLite+'assets/')", counts.others),
        **_with_fonts(site, {p: t for p, t in texts.items() if p.endswith(".css")}, counts.fonts),
    }
    for path in texts:
        yield path, changed[path].encode("utf-8")


def _asking(scripts: Mapping[str, str], folder: str, times: tuple[int, int]) -> dict[str, str]:
    """Scripts that ask the page for others, and for the address of their own folder."""
    imports, addresses = times
    asking = replaced_in_all(_IMPORT, "playpageImport(", scripts, times=imports)
    return replaced_in_all(_META, folder, asking, times=addresses)


def _with_loaders(lite_js: str) -> str:
    """lite.js, whose loaders of style sheets and themes ask the page."""
    loader = r"=function(\1,\2,\3){let \4=globalThis.playpageStyles(\2);if(false){"
    theme = r"function \1(\2,\3){if(\2.startsWith(playpageLite))return playpageStyles([\2]);"
    for pattern, new in ((_LOADER, loader), (_THEME, theme)):
        lite_js = replaced(pattern, new, lite_js, times=1, where=LITE)
    return lite_js


def _with_fonts(site: Path, styles: Mapping[str, str], times: int) -> dict[str, str]:
    def embedded(match: re.Match[str]) -> str:
        font = base64.b64encode((site / "lite" / "assets" / match[1]).read_bytes()).decode("ascii")
        return f'url(data:font/woff2;base64,{font}) format("woff2")'

    return replaced_in_all(_FONT, embedded, styles, times=times)
