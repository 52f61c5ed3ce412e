"""Choose library versions inside one interpreter: each has a folder under /alt in the browser."""

# mypy: ignore-errors
# One program for two libraries and many versions, chosen as it runs.

import gc
import importlib
import sys

OURS = "/alt/ours"
NAMES = {"httpx", "httpx2", "openai", "httpx_pyfetch", "httpx2_jsfetch", "pyodide_httpx"}
_chosen: list[str] = []


def use(*folders: str) -> None:
    """Forget the HTTP libraries, the SDK and ours, and let these versions be imported.

    folders: "openai-1.39.0", "httpx-0.28.1", ... Does nothing when they are chosen already.
    """
    if sys.platform != "emscripten" or _chosen == list(folders):
        return
    _chosen[:] = folders
    for module in list(sys.modules):
        if module.partition(".")[0] in NAMES:
            del sys.modules[module]
    sys.meta_path[:] = [
        f for f in sys.meta_path if not type(f).__module__.startswith("httpx_pyfetch")
    ]
    sys.path[:] = [p for p in sys.path if not p.startswith("/alt/")]
    sys.path[:0] = [OURS, *(f"/alt/{folder}" for folder in folders)]
    importlib.invalidate_caches()
    gc.collect()
