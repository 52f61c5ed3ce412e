"""httpx over the browser's fetch, for Pyodide."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import httpx

    from .patching import install as install
    from .transport import AsyncTransport, SyncTransport

    class AsyncPyfetchTransport(AsyncTransport, httpx.AsyncBaseTransport): ...

    class PyfetchTransport(SyncTransport, httpx.BaseTransport): ...


__all__ = ["AsyncPyfetchTransport", "PyfetchTransport", "install"]


def __getattr__(name: str) -> Any:
    # Made when first asked for, so that importing this package imports neither library.
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    if name == "install":
        from .patching import install

        globals()["install"] = install
        return install
    from . import family, transport

    asynchronous = name.startswith("Async")
    ours = transport.AsyncTransport if asynchronous else transport.SyncTransport
    bases = family.transport_bases("AsyncBaseTransport" if asynchronous else "BaseTransport")
    made = type(name, (ours, *bases), {"__module__": __name__, "__doc__": ours.__doc__})
    globals()[name] = made
    return made
