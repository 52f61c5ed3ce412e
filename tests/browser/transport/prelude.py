import sys

sys.path[:0] = [p for p in ("/alt/ours", "/alt/httpx-0.28.1") if p not in sys.path]


def use(*folders):
    """Forget the HTTP libraries, the SDK and ours, and put these versions first on the path."""
    names = ("httpx", "httpx2", "openai", "httpx_pyfetch", "httpx2_jsfetch", "pyodide_httpx")
    for module in list(sys.modules):
        if module.partition(".")[0] in names:
            del sys.modules[module]
    sys.meta_path[:] = [f for f in sys.meta_path if not type(f).__module__.startswith(names)]
    sys.path[:] = [p for p in sys.path if not p.startswith("/alt/")]
    wanted = list(folders)
    if not any(f.startswith("httpx-") for f in wanted):
        wanted.append("httpx-0.28.1")
    sys.path[:0] = ["/alt/ours", *(f"/alt/{f}" for f in wanted)]
