"""The site's licenses.txt: every third-party part with its version and licence."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from playpage_site.registry.npm import parts_licenses
from playpage_site.registry.wheels import Wheel

#: Name, version, licence.
Part = tuple[str, str, str]


def licenses_text(
    locked: Mapping[str, Sequence[Wheel]], bundled: Sequence[str], included: Iterable[Part]
) -> str:
    """The text of licenses.txt.

    locked: the wheels by layer. bundled: npm packages in the page's scripts. included: parts
    of Pyodide's distribution.
    """
    python = sorted({(w.name, w.version, w.license) for ws in locked.values() for w in ws})
    sections = {
        "In the browser: Python and the front end (npm)": parts_licenses(
            ["@gradio/lite", "pyodide"]
        ),
        "In the page's scripts (npm)": parts_licenses(list(bundled)),
        "Python packages": python,
        "From Pyodide's distribution": list(included),
    }
    lines = ["Third-party parts of this site. Written by scripts/build.py.", ""]
    lines += ["Pyodide holds CPython (PSF-2.0) and its standard library.", ""]
    for title, parts in sections.items():
        if parts:
            width = max(len(f"{name} {version}") for name, version, _ in parts)
            lines += [title, "-" * len(title)]
            lines += [f"{f'{n} {v}'.ljust(width)}  {terms}" for n, v, terms in parts]
            lines.append("")
    return "\n".join(lines)
