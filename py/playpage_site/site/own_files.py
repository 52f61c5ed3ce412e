"""The project's own files among the Python packages of the site."""

from __future__ import annotations

from playpage_site.common import ROOT

#: Our own packages that programs can import.
PACKAGES = ("playpage", "httpx_pyfetch")
#: gradio makes the addresses of files out of this, so that other users of a server cannot guess
#: them; a page has no other users. Were it missing, gradio would look for it at each start.
HASH_SEED = {"gradio/hash_seed.txt": b"playpage"}


def own_files() -> dict[str, bytes]:
    """The files of our own packages, by path below site-packages."""
    return {
        str(path.relative_to(ROOT / "py")): path.read_bytes()
        for package in PACKAGES
        for path in sorted((ROOT / "py" / package).rglob("*"))
        if path.suffix in (".py", ".js", ".typed")
    }
