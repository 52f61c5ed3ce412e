"""Make the wheel that micropip installs: `python py/httpx_pyfetch/build_wheel.py FOLDER`.

The same sources give the same bytes. Standard library only.
"""

from __future__ import annotations

import base64
import hashlib
import sys
import zipfile
from pathlib import Path

NAME, VERSION = "httpx_pyfetch", "0.1.0"
WHEEL = f"{NAME}-{VERSION}-py3-none-any.whl"
HERE = Path(__file__).resolve().parent

METADATA = f"""Metadata-Version: 2.4
Name: {NAME}
Version: {VERSION}
Summary: httpx and httpx2, and so the openai SDK, over the browser's fetch, for Pyodide
License-Expression: Apache-2.0
Requires-Python: >=3.11
Description-Content-Type: text/markdown

"""
TAG = "Wheel-Version: 1.0\nGenerator: build_wheel.py\nRoot-Is-Purelib: true\nTag: py3-none-any\n"


def wheel_files() -> dict[str, bytes]:
    """Give every file of the wheel by its name in it, the record last."""
    files = {
        f"{NAME}/{path.name}": path.read_bytes()
        for path in sorted(HERE.iterdir())
        if path.suffix in {".py", ".js", ".typed"} and path != Path(__file__).resolve()
    }
    info = f"{NAME}-{VERSION}.dist-info"
    files[f"{info}/METADATA"] = (METADATA + (HERE / "README.md").read_text("utf-8")).encode()
    files[f"{info}/WHEEL"] = TAG.encode()
    record = "".join(f"{name},{_digest(data)},{len(data)}\n" for name, data in files.items())
    files[f"{info}/RECORD"] = f"{record}{info}/RECORD,,\n".encode()
    return files


def _digest(data: bytes) -> str:
    digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).decode().rstrip("=")
    return f"sha256={digest}"


def build(folder: Path) -> Path:
    """Write the wheel into a folder, which is made when missing; answer its path."""
    folder.mkdir(parents=True, exist_ok=True)
    out = folder / WHEEL
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in wheel_files().items():
            archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), data)
    return out


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    print(build(Path(sys.argv[1])))
