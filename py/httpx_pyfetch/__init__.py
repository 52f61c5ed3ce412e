"""httpx and httpx2, and so the openai SDK, over the browser's fetch: for any Pyodide program.

    import httpx_pyfetch
    httpx_pyfetch.install()           # httpx.Client(), AsyncOpenAI(), ... now use fetch

or, for one client:

    httpx.AsyncClient(transport=httpx_pyfetch.AsyncPyfetchTransport())

What works where. JSPI is JavaScript Promise Integration, by which Python can wait in plain
code; it must also have been entered by runPythonAsync, or as a callback of the event loop.

============================  ==========  ==============  ===================  ==============
                              async       sync, JSPI      sync, no JSPI,       sync, no JSPI,
                                                          in a worker          on the page
============================  ==========  ==============  ===================  ==============
engine (2026)                 every one   Chromium;       Firefox, Safari      Firefox, Safari
                                          Firefox by flag
carried by                    fetch       fetch           XMLHttpRequest       an error that
body arrives                  as it is    as it is sent   whole                says what to do
                              sent
read timeout bounds           headers,    headers, each   the whole reply
                              each chunk  chunk
leaving a body aborts         yes         yes             there is none left
HTTP cache bypassed           yes         yes             from the page's own
                                                          origin
fetch options                 all         all             ``credentials``
============================  ==========  ==============  ===================  ==============

Tested in Chromium; the other engines' columns are by what they support. No browser shows
trailers, the cookies of a reply, the steps of a redirect, or why there was no reply.
"""

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
