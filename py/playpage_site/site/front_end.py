"""Gradio-Lite's front end as the site serves it: without what it replaces, and fewer requests.

The package has one file for each component and each part that two components share. A chat
would need some forty of them, one after the other; here they are one script and one style sheet.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from playpage_site.common import ROOT, BuildError
from playpage_site.site.bundler import bundle
from playpage_site.site.replaced import replaced

#: The components of a chat, as lite.js names them, and the frame around every app.
CHAT = (
    *("browserstate", "button", "chatbot", "column", "form", "group"),
    *("markdown", "row", "state", "textbox"),
)
BLOCKS = re.compile(r'import\("\./assets/(Blocks-[^"]+\.js)"\)')
#: Source maps, wheels and the worker, which ours replaces.
UNUSED = re.compile(r"(\.map|\.whl|\.html)$|^assets/webworker-")

#: Two style sheets of a font host, which get the address of an empty one.
_FONT_HOST = re.compile(r'https://fonts\.googleapis\.com/[^"]*')
#: How often lite.js 5.45.0 names each of these; another number stops the build.
_FONT_HOST_TIMES = 2
_SCRIPTS_IMPORTED_TIMES = 15
_SCRIPTS_NAMED_TIMES = 36
_STYLES_NAMED_TIMES = 13

_STATIC_IMPORT = re.compile(r'(?:from|import)"\./([^"]+\.js)"')
_EXPORTS = re.compile(r"export\{([^}]*)\}")


@dataclass(frozen=True)
class FrontEnd:
    """The files, by path below the front end's folder, and which of them a chat needs at once."""

    files: dict[str, bytes]
    scripts: list[str]
    styles: list[str]


def front_end(lite: Mapping[str, bytes]) -> FrontEnd:
    """The front end of @gradio/lite's dist folder.

    Raises BuildError when the package is laid out otherwise than the one this was made for.
    """
    files = {name: data for name, data in lite.items() if not UNUSED.search(name)}
    text = files["lite.js"].decode("utf-8")
    text = replaced(
        _FONT_HOST, "data:text/css,", text, times=_FONT_HOST_TIMES, where="Gradio-Lite's lite.js"
    )
    frame = set(BLOCKS.findall(text))
    if not frame:
        raise BuildError("lite.js no longer says where the frame around every app is.")
    roots = _files_of(text, CHAT) | frame
    scripts = _with_imports(files, roots)
    styles = sorted(name for name in _dependencies_of(text, CHAT) if name.endswith(".css"))
    styles += sorted(n for n in re.findall(r'"\./assets/(Blocks-[^"]+\.css)"', text))

    entry, stubs = _one_script(files, scripts)
    script = _named("chat", ".js", _bundle(files, entry, scripts))
    style = _named("chat", ".css", b"\n".join(files[f"assets/{name}"] for name in styles))
    for name, stub in stubs.items():
        files[f"assets/{name}"] = stub.replace("CHAT", script[0]).encode("utf-8")
    files |= {f"assets/{name}": content for name, content in (script, style)}

    for name in styles:
        del files[f"assets/{name}"]
    files["lite.js"] = _renamed(text, (scripts, script[0]), (styles, style[0])).encode("utf-8")
    at_once = [f"assets/{script[0]}"], ["lite.css", f"assets/{style[0]}"]
    return FrontEnd(files, ["lite.js", *at_once[0]], at_once[1])


def _renamed(lite_js: str, scripts: tuple[list[str], str], styles: tuple[list[str], str]) -> str:
    """lite.js with the chat's script and style sheet in the place of those that they hold.

    scripts, styles: the files' names in assets/, and the name of the one that holds them all.
    """
    names, whole = scripts
    numbers = {name: number for number, name in enumerate(names)}
    steps = (
        (
            re.compile(rf'import\("\./assets/({_any_of(names)})"\)'),
            lambda match: f'import("./assets/{whole}").then(m=>m.n{numbers[match[1]]})',
            _SCRIPTS_IMPORTED_TIMES,
        ),
        (
            re.compile(rf'"\./assets/(?:{_any_of(names)})"'),
            f'"./assets/{whole}"',
            _SCRIPTS_NAMED_TIMES,
        ),
        (
            re.compile(rf'"\./assets/(?:{_any_of(styles[0])})"'),
            f'"./assets/{styles[1]}"',
            _STYLES_NAMED_TIMES,
        ),
    )
    for pattern, new, times in steps:
        lite_js = replaced(pattern, new, lite_js, times=times, where="Gradio-Lite's lite.js")
    return lite_js


def _any_of(names: list[str]) -> str:
    return "|".join(map(re.escape, names))


def _files_of(lite_js: str, components: Iterable[str]) -> set[str]:
    found = set()
    for component in components:
        loaders = re.search(rf"[,{{]{component}:\{{(.*?)\}}(?=,[\w$]+:\{{|\}})", lite_js)
        names = re.findall(r'import\("\./assets/([^"]+)"\)', loaders[1]) if loaders else []
        if not names:
            raise BuildError(f"lite.js no longer says where the component {component} is.")
        found.update(names)
    return found


def _dependencies_of(lite_js: str, components: Iterable[str]) -> set[str]:
    """What lite.js preloads for components: files named in a list, by their place in it."""
    listed = re.search(r"m\.f=\[(.*?)\]", lite_js)
    if listed is None:
        raise BuildError("lite.js no longer lists what its components need.")
    names = [name.strip('"').removeprefix("./assets/") for name in listed[1].split(",")]
    found: set[str] = set()
    for component in components:
        loaders = re.search(rf"[,{{]{component}:\{{(.*?)\}}(?=,[\w$]+:\{{|\}})", lite_js)
        for places in re.findall(r"__vite__mapDeps\(\[([\d,]*)\]\)", loaders[1] if loaders else ""):
            found.update(names[int(place)] for place in places.split(",") if place)
    return found


def _with_imports(files: Mapping[str, bytes], roots: Iterable[str]) -> list[str]:
    """The files and all they import at once, in a fixed order; lite.js itself stays outside."""
    found: set[str] = set()
    waiting = list(roots)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += _STATIC_IMPORT.findall(files[f"assets/{name}"].decode("utf-8"))
    return sorted(found)


def _one_script(files: Mapping[str, bytes], names: list[str]) -> tuple[str, dict[str, str]]:
    """A script that exports all that these do, and for each of them a stub that takes its own.

    The stubs are for other components that share a part with the chat: there must be one copy.
    """
    lines, stubs = [], {}
    for number, name in enumerate(names):
        lines.append(f'export * as n{number} from "./{name}";')
        match = _EXPORTS.search(files[f"assets/{name}"].decode("utf-8"))
        exported = [item.split(" as ")[-1] for item in match[1].split(",")] if match else []
        inside = ", ".join(f"{item} as e{number}_{item}" for item in exported)
        outside = ", ".join(f"e{number}_{item} as {item}" for item in exported)
        lines.append(f'export {{ {inside} }} from "./{name}";')
        stubs[name] = f'export {{ {outside} }} from "./CHAT";\n'
    return "\n".join(lines), stubs


def _bundle(files: Mapping[str, bytes], entry: str, names: list[str]) -> bytes:
    with TemporaryDirectory(dir=ROOT / ".cache") as folder:
        for name in names:
            (Path(folder) / name).write_bytes(files[f"assets/{name}"])
        (Path(folder) / "entry.js").write_text(entry, "utf-8")
        others = [path.removeprefix("assets/") for path in files if path.endswith(".js")]
        # The licences that it carries stay in it.
        options = ["--external:../lite.js", "--legal-comments=eof"]
        options += [f"--external:./{name}" for name in others if name not in names]
        return bundle(
            ["entry.js"],
            *options,
            folder=Path(folder),
            what="The front end could not be bundled.",
        )


def _named(stem: str, ending: str, content: bytes) -> tuple[str, bytes]:
    return f"{stem}-{hashlib.sha256(content).hexdigest()[:8]}{ending}", content
