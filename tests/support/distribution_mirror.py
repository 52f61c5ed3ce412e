"""A mirror of Pyodide's distribution with one tiny package, as the real one may be out of reach.

Its `numpy` is a stand-in of the tests' own: a version and one function.
"""

from __future__ import annotations

import hashlib
import json
import zipfile
from pathlib import Path

WHEEL = "numpy-9.9.9-py3-none-any.whl"
SOURCE = """\
__version__ = "9.9.9"

def arange(n):
    return [*range(n)]

def __getattr__(name):  # the classes that gradio names when it is imported
    if name.startswith("__"):
        raise AttributeError(name)
    return type(name, (), {})
"""


def make_mirror(folder: Path) -> Path:
    """Write the wheel and a lock file that names it; returns the folder, to be served.

    The bytes are always the same, so that a build with them finds its snapshot in the cache.
    """
    folder.mkdir()
    info = "numpy-9.9.9.dist-info"
    files = {
        "numpy/__init__.py": SOURCE,
        f"{info}/METADATA": "Metadata-Version: 2.1\nName: numpy\nVersion: 9.9.9\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nTag: py3-none-any\n",
        f"{info}/RECORD": "numpy/__init__.py,,\n",
    }
    with zipfile.ZipFile(folder / WHEEL, "w") as wheel:
        for name, text in files.items():
            wheel.writestr(zipfile.ZipInfo(name), text)
    entry = {
        "depends": [],
        "file_name": WHEEL,
        "imports": ["numpy"],
        "install_dir": "site",
        "name": "numpy",
        "package_type": "package",
        "sha256": hashlib.sha256((folder / WHEEL).read_bytes()).hexdigest(),
        "unvendored_tests": False,
        "version": "9.9.9",
    }
    lock = json.dumps({"packages": {"numpy": entry}})
    (folder / "pyodide-lock.json").write_text(lock, "utf-8")
    return folder
