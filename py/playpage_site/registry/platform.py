"""The platform that the packages are for: Pyodide's Python. Everything else takes it from here.

`tests/unit/seams/test_platform.py` holds these facts against the locked Pyodide. JavaScript gets
them as `python` of the manifest, or as an argument.
"""

from __future__ import annotations

#: Python's version (major, minor), and the release that Pyodide has.
PYTHON = (3, 14)
PYTHON_RELEASE = "3.14.2"
VERSION = ".".join(map(str, PYTHON))

#: The tags of its wheels: ABI and platform (PEP 425, PEP 783).
ABI = f"cp{PYTHON[0]}{PYTHON[1]}"
WASM_PLATFORM = "pyemscripten_2026_0_wasm32"

#: What byte code has in its name (PEP 3147).
CACHE_TAG = f"cpython-{PYTHON[0]}{PYTHON[1]}"

#: Where Pyodide has packages, and the standard library, in its file system.
SITE_PACKAGES = f"/lib/python{VERSION}/site-packages"
STDLIB_ZIP = f"/lib/python{PYTHON[0]}{PYTHON[1]}.zip"

#: The major version of Node.js whose WebAssembly this Pyodide was seen to run on.
NODE_MAJOR = 26

#: The environment that requirements' markers are evaluated for (PEP 508).
MARKERS = {
    "implementation_name": "cpython",
    "os_name": "posix",
    "platform_machine": "wasm32",
    "platform_python_implementation": "CPython",
    "platform_system": "Emscripten",
    "python_full_version": PYTHON_RELEASE,
    "python_version": VERSION,
    "sys_platform": "emscripten",
    "extra": "",
}
