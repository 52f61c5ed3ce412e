"""Make fetch the default way that httpx and httpx2 send, in this interpreter.

The libraries' default transports are changed in place, so clients that exist already, and
subclasses, send through fetch too. A library that is not loaded yet is changed when it is; none
is imported here.
"""

from __future__ import annotations

import contextvars
import importlib.util
import inspect
import sys
import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import wraps
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

from .family import LIBRARIES
from .transport import AsyncTransport, SyncTransport

#: What the browser decides alone, with the value that asks for nothing. Other options of the
#: libraries' own transports (limits, http2, keep-alive) only tune a connection: left out silently.
IGNORED = {"verify": True, "cert": None, "proxy": None, "uds": None, "local_address": None}

#: anyio's side of asyncio. Every name that was copied from anyio ends here when it is called.
ANYIO_BACKEND = "anyio._backends._asyncio"

#: What the last `install()` put onto sys.meta_path.
_finder: PatchingFinder | None = None


def install(*, drop_headers: Iterable[str] = (), fetch: Mapping[str, Any] | None = None) -> None:
    """Make plain ``httpx.Client()``, ``AsyncOpenAI()`` and their like send through fetch.

    Takes what the transports take, for every client without a transport of its own. May be
    called again: the last settings count. Nothing JavaScript is touched before the first
    request. Also makes anyio call at once what it would call in a thread, unless somebody has
    replaced that before: no thread can be started, and openai 1.x asks for one.

    Raises RuntimeError outside Pyodide, ValueError for a wrong fetch option.
    """
    if sys.platform != "emscripten":
        raise RuntimeError("install() is for Pyodide; elsewhere httpx's own transports work")
    settings = {"drop_headers": tuple(drop_headers), "fetch": dict(fetch or {})}
    transports = (SyncTransport(**settings), AsyncTransport(**settings))
    patches: dict[str, Callable[[ModuleType], None]] = {
        name: lambda library: patch_library(library, *transports) for name in LIBRARIES
    }
    patches[ANYIO_BACKEND] = patch_threads
    global _finder
    if _finder in sys.meta_path:
        sys.meta_path.remove(_finder)
    _finder = PatchingFinder(patches)
    sys.meta_path.insert(0, _finder)
    for name, patch in patches.items():
        if name in sys.modules:
            patch(sys.modules[name])


def patch_library(library: ModuleType, ours: SyncTransport, aours: AsyncTransport) -> None:
    """Let one library's default transports and clients use ours."""

    def handle_request(_self: object, request: Any) -> Any:
        return ours.handle_request(request)

    async def handle_async_request(_self: object, request: Any) -> Any:
        return await aours.handle_async_request(request)

    replace_methods(library.HTTPTransport, {"handle_request": handle_request, "close": _close})
    replace_methods(
        library.AsyncHTTPTransport,
        {"handle_async_request": handle_async_request, "aclose": _aclose},
    )
    for client in (library.Client, library.AsyncClient):
        accept_proxies(client)


def replace_methods(transport: Any, methods: dict[str, Any]) -> None:
    """Put methods, and a constructor that opens nothing, into a transport class."""
    methods |= {"__init__": _init, "__enter__": _enter, "__exit__": _exit}
    methods |= {"__aenter__": _aenter, "__aexit__": _aexit}
    for name, method in methods.items():
        setattr(transport, name, method)


def _init(_self: object, verify: Any = True, cert: Any = None, *_rest: Any, **options: Any) -> None:
    asked = {"verify": verify, "cert": cert, **options}
    for name, nothing in IGNORED.items():
        if asked.get(name, nothing) not in (nothing, None):
            warnings.warn(
                f"{name}= has no effect in a browser, which decides it alone",
                UserWarning,
                stacklevel=4,
            )


def _enter(self: Any) -> Any:
    return self


def _exit(self: Any, *_error: object) -> None:
    self.close()


async def _aenter(self: Any) -> Any:
    return self


async def _aexit(self: Any, *_error: object) -> None:
    await self.aclose()


def _close(_self: object) -> None:
    pass


async def _aclose(_self: object) -> None:
    pass


def accept_proxies(client: Any) -> None:
    """Let a client be made with ``proxies=``, which openai before 1.55.3 passes.

    httpx 0.28 dropped the argument, and with it those releases' default client.
    """
    made = client.__init__
    if "proxies" in inspect.signature(made).parameters:
        return

    @wraps(made)
    def init(self: Any, *args: Any, proxies: Any = None, **kwargs: Any) -> None:
        if proxies:
            warnings.warn("proxies= has no effect in a browser", UserWarning, stacklevel=2)
        made(self, *args, **kwargs)

    # wraps() would show the signature of what it wraps, and this would be done again.
    signature = inspect.signature(made)
    parameter = inspect.Parameter("proxies", inspect.Parameter.KEYWORD_ONLY, default=None)
    init.__signature__ = signature.replace(  # type: ignore[attr-defined]
        parameters=[*signature.parameters.values(), parameter]
    )
    client.__init__ = init


def patch_threads(backend: ModuleType) -> None:
    """Let anyio's backend call functions in place of a thread, unless it was replaced before.

    Read in anyio 4.16.0 and 3.7.1. The context is copied as anyio copies it.
    """
    # anyio 4 passes the arguments as a tuple; the backend of anyio 3 is the module itself.
    owner: Any = getattr(backend, "AsyncIOBackend", backend)
    original = owner.run_sync_in_worker_thread
    if original.__module__ != backend.__name__:
        return

    async def run_method(
        _cls: type, func: Callable[..., Any], args: Iterable[Any], *_rest: Any, **_options: Any
    ) -> Any:
        return contextvars.copy_context().run(func, *args)

    async def run_function(func: Callable[..., Any], *args: Any, **_options: Any) -> Any:
        return contextvars.copy_context().run(func, *args)

    run: Any = run_function if owner is backend else run_method
    # Says what it stands for, as functools.wraps does: others may replace it in turn.
    run.__replaces__ = original
    owner.run_sync_in_worker_thread = run if owner is backend else classmethod(run)


class PatchingFinder(MetaPathFinder):
    """Finds modules as everybody does, and patches those it knows once they have run."""

    def __init__(self, patches: Mapping[str, Callable[[ModuleType], None]]) -> None:
        self._patches = patches
        self._finding: set[str] = set()

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if name not in self._patches or name in self._finding:
            return None
        self._finding.add(name)
        try:
            spec = importlib.util.find_spec(name)
        finally:
            self._finding.discard(name)
        if spec is not None and spec.loader is not None:
            spec.loader = _PatchingLoader(spec.loader, self._patches[name])
        return spec


class _PatchingLoader(Loader):
    def __init__(self, loader: Any, patch: Callable[[ModuleType], None]) -> None:
        self._loader = loader
        self._patch = patch

    def __getattr__(self, name: str) -> Any:
        return getattr(self._loader, name)

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        module: ModuleType | None = self._loader.create_module(spec)
        return module

    def exec_module(self, module: ModuleType) -> None:
        if module.__spec__ is not None:
            module.__spec__.loader = self._loader
        module.__loader__ = self._loader
        self._loader.exec_module(module)
        self._patch(module)
