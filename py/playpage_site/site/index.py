"""The package index of the site (PEP 503), and the wheels as it serves them.

Everything is written the same way each time: sorted and without dates.
"""

from __future__ import annotations

import hashlib
import html
import io
import zipfile
from collections.abc import Iterable
from pathlib import Path

from playpage_site.packs.pack import EPOCH
from playpage_site.registry.wheels import Wheel
from playpage_site.site.slim import wheel_files, wheel_name


def slim_wheel(wheel: Wheel) -> bytes:
    """The wheel with only the files that are kept of it."""
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
    """Write the index in HTML, which every file server serves with the right type."""
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
