"""nginx for the tests of hosting: the machine's own, or Debian's package, unpacked beside us.

Unpacked, not installed: Debian's package would start a web server on port 80 of the machine.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

from playpage_site.common import say
from playpage_site.registry.wheels import CACHE

FOLDER = CACHE.parent / "nginx"
#: The server, and what it is configured with: on Debian 12, and from Debian 13 on.
PACKAGES = (("nginx-light", "nginx-common"), ("nginx", "nginx-common"))


def find() -> Path | None:
    """An nginx that runs here, or None."""
    own = FOLDER / "usr" / "sbin" / "nginx"
    found = shutil.which("nginx", path=os.environ.get("PATH", "") + ":/usr/sbin")
    for program in (own, Path(found) if found else None):
        if program and program.exists():
            works = subprocess.run([str(program), "-v"], capture_output=True)
            if works.returncode == 0:
                return program
    return None


def mime_types(program: Path) -> Path:
    """The list of types that came with an nginx."""
    root = FOLDER if program.is_relative_to(FOLDER) else Path("/")
    return root / "etc" / "nginx" / "mime.types"


def ensure() -> None:
    """Get nginx where there is none and Debian's packages can be had. Else the tests skip."""
    if find() or not (shutil.which("apt-get") and shutil.which("dpkg-deb")):
        return
    say("Unpacking the distribution's nginx")
    if not _unpack() and os.geteuid() == 0:
        subprocess.run(["apt-get", "update"], capture_output=True)
        _unpack()


def _unpack() -> bool:
    for packages in PACKAGES:
        with TemporaryDirectory() as folder:
            # apt fetches as a user of its own where it may.
            Path(folder).chmod(0o755)
            command = ["apt-get", "download", *packages]
            if subprocess.run(command, cwd=folder, capture_output=True).returncode:
                continue
            shutil.rmtree(FOLDER, ignore_errors=True)
            # dpkg-deb makes the last folder of a path, not those above it.
            FOLDER.mkdir(parents=True)
            for package in sorted(Path(folder).glob("*.deb")):
                subprocess.run(["dpkg-deb", "-x", str(package), str(FOLDER)], check=True)
        if find():
            return True
    return False


def version(program: Path) -> str:
    """Such as 1.22.1."""
    said = subprocess.run([str(program), "-v"], capture_output=True, text=True).stderr
    found = re.search(r"nginx/([\d.]+)", said)
    return found[1] if found else "unknown"
