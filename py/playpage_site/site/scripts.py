"""The site's own scripts, style sheet and pages."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from playpage_site.common import ROOT
from playpage_site.site.bundler import bundle, npm_packages
from playpage_site.site.front_end import FrontEnd
from playpage_site.site.output import write_files
from playpage_site.site.replaced import replaced

#: The page's script, which loads some of its parts when they are needed, and its style sheet.
PAGE = ("js/page/main.js", "js/page/style.css")
#: Each of these is one file: nobody waits for a part that it shares with another script.
OTHER_SCRIPTS = (
    "js/worker/worker.js",
    "js/worker/packs/unpacker.js",
    "js/frame/preview-frame.js",
    "js/embed.js",
)
#: Where preview.html is given the front end's scripts and style sheets.
_FRONT_END = re.compile(re.escape("<!-- the front end -->"))


def write_pages(out: Path, manifest: Mapping[str, Any], page: FrontEnd) -> list[str]:
    """Write index.html, preview.html, embed.js and js/; gives the npm packages in the scripts.

    Raises BuildError when a script does not bundle.
    """
    bundled = _bundle(out / "js", manifest)
    # Pages that embed this one name it, so it lies at the root; they are not modules.
    embed = (out / "js" / "embed.js").read_text("utf-8")
    (out / "js" / "embed.js").unlink()
    write_files(out, {"embed.js": f"(()=>{{{embed.strip()}}})();\n".encode()})
    shutil.copyfile(ROOT / "index.html", out / "index.html")
    write_files(out, {"preview.html": _preview(page)})
    return bundled


def _preview(page: FrontEnd) -> bytes:
    """The app's frame, with what a chat needs of the front end fetched before it is asked for."""
    lines = [f'<link rel="stylesheet" href="lite/{name}" />' for name in page.styles]
    lines += [f'<script type="module" src="lite/{name}"></script>' for name in page.scripts]
    text = (ROOT / "js" / "frame" / "preview.html").read_text("utf-8")
    page_with = replaced(_FRONT_END, "\n    ".join(lines), text, times=1, where="preview.html")
    return page_with.encode("utf-8")


def _bundle(out: Path, manifest: Mapping[str, Any]) -> list[str]:
    with TemporaryDirectory(dir=ROOT / ".cache") as folder:
        manifest_file = Path(folder) / "manifest.json"
        manifest_file.write_text(json.dumps(manifest, sort_keys=True), "utf-8")
        metafile = Path(folder) / "meta.json"
        inputs: list[str] = []
        for scripts, option in (
            (PAGE, "--splitting"),
            (OTHER_SCRIPTS, f"--alias:playpage:manifest={manifest_file}"),
        ):
            names = ["--entry-names=[name]", "--chunk-names=chunk-[hash]"]
            options = [option, *names, f"--outdir={out}", f"--metafile={metafile}"]
            bundle(list(scripts), *options, what="The page's scripts could not be bundled.")
            inputs += json.loads(metafile.read_text("utf-8"))["inputs"]
    return npm_packages(inputs)
