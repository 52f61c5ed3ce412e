"""Packs, wheels and the package index: the forms in which Python packages are served.

Everything is written the same way each time: sorted and without dates.
"""

from __future__ import annotations

import hashlib
import html
import io
import json
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path

from playpage_site.registry.wheels import Wheel
from playpage_site.site.slim import wheel_files, wheel_name

#: The earliest date that a zip file can hold; any fixed one would do.
EPOCH = (1980, 1, 1, 0, 0, 0)


def pack(files: Mapping[str, bytes]) -> bytes:
    """A pack of these files, as js/worker/packs/pack.js reads it, not yet compressed."""
    ordered = sorted(files.items())
    index = json.dumps([[path, len(data)] for path, data in ordered], separators=(",", ":"))
    head = index.encode("utf-8")
    return len(head).to_bytes(4, "little") + head + b"".join(data for _, data in ordered)


def layer_files(wheels: Iterable[Wheel]) -> dict[str, bytes]:
    """The files of several wheels, as one site-packages folder."""
    files: dict[str, bytes] = {}
    for wheel in wheels:
        files.update(wheel_files(wheel))
    return files


def slim_wheel(wheel: Wheel) -> bytes:
    """The wheel as the bundle's index serves it."""
    kept = list(wheel_files(wheel))
    names = {name for name, _ in kept}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, content in kept:
            if name.endswith(".dist-info/RECORD"):
                content = _record(content, names)
            archive.writestr(zipfile.ZipInfo(name, EPOCH), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _record(record: bytes, names: set[str]) -> bytes:
    """RECORD without the files that were left out (packaging.python.org, "RECORD")."""
    lines = record.decode("utf-8").splitlines(keepends=True)
    return "".join(line for line in lines if line.rsplit(",", 2)[0] in names).encode("utf-8")


def write_index(wheels: Iterable[Wheel], folder: Path) -> None:
    """A simple package index in HTML (PEP 503), which every file server types rightly."""
    projects: dict[str, list[Wheel]] = {}
    for wheel in wheels:
        projects.setdefault(wheel.name, []).append(wheel)
    for project, releases in sorted(projects.items()):
        (folder / project).mkdir(parents=True, exist_ok=True)
        links = []
        for wheel in releases:
            content, name = slim_wheel(wheel), wheel_name(wheel)
            (folder / project / name).write_bytes(content)
            digest = hashlib.sha256(content).hexdigest()
            links.append(f'<a href="{html.escape(name)}#sha256={digest}">{html.escape(name)}</a>')
        page = f"<!doctype html>\n<title>{project}</title>\n" + "<br>\n".join(links) + "\n"
        (folder / project / "index.html").write_text(page, "utf-8")
