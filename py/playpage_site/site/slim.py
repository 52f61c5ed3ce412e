"""What of a wheel goes into the site: everything but the files that nothing in a page uses."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from playpage_site.registry.platform import WASM_PLATFORM
from playpage_site.registry.wheels import Wheel

#: gradio's wheel is 60 MB of front ends that Gradio-Lite's own files replace.
#: `templates.py` stays: it is code.
UNUSED = {
    "gradio": re.compile(r"gradio/(templates|_frontend_code|test_data|media_assets)/"),
}


def wheel_files(wheel: Wheel) -> Iterator[tuple[str, bytes]]:
    """(path, bytes) of what is kept of a wheel, in the wheel's order."""
    unused = UNUSED.get(wheel.name)
    foreign = wheel.platform != WASM_PLATFORM
    with zipfile.ZipFile(wheel.path) as archive:
        for name in archive.namelist():
            if name.endswith("/") or (unused and unused.match(name)):
                continue
            if foreign and name.endswith((".pyd", ".so", ".dll")):
                continue
            content = archive.read(name)
            if foreign and name.endswith(".dist-info/WHEEL"):
                content = re.sub(rb"(?m)^Tag: .*$", b"Tag: py3-none-any", content)
            yield name, content


def layer_files(wheels: Iterable[Wheel]) -> dict[str, bytes]:
    """The files of several wheels, as one site-packages folder."""
    files: dict[str, bytes] = {}
    for wheel in wheels:
        files.update(wheel_files(wheel))
    return files


def wheel_name(wheel: Wheel) -> str:
    """The file name of the kept part: a foreign wheel without its binary is a pure one."""
    if wheel.platform == WASM_PLATFORM:
        return wheel.file
    return re.sub(r"-[^-]+-[^-]+-[^-]+\.whl$", "-py3-none-any.whl", wheel.file)


def import_names(wheel: Wheel) -> set[str]:
    """Top-level modules and packages that the wheel installs."""
    names = set()
    with zipfile.ZipFile(wheel.path) as archive:
        for path in map(Path, archive.namelist()):
            top = path.parts[0]
            if len(path.parts) > 1 and path.suffix == ".py" and top.isidentifier():
                names.add(top)
            elif len(path.parts) == 1 and path.suffix == ".py":
                names.add(path.stem)
    return names
