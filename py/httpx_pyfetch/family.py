"""Tells httpx from httpx2: two libraries with one interface.

Neither is imported here: a request can only come from a library that is loaded.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import AsyncIterator, Iterator
from functools import cache
from types import ModuleType
from typing import Any, NamedTuple, Protocol

LIBRARIES = ("httpx", "httpx2")


class Source(Protocol):
    """What a body stream reads from: see body.Body."""

    def chunks(self) -> Iterator[bytes]: ...
    def achunks(self) -> AsyncIterator[bytes]: ...
    def close(self) -> None: ...


class Classes(NamedTuple):
    """Our subclasses of one library's classes."""

    response: Any
    sync_stream: Any
    async_stream: Any


def library_of(request: object) -> ModuleType:
    """Find the library of a request. Raises TypeError for anything else."""
    for cls in type(request).__mro__:
        name = cls.__module__.partition(".")[0]
        if name in LIBRARIES:
            return sys.modules[name]
    raise TypeError(f"expected an httpx.Request or httpx2.Request, not {type(request).__name__}")


def transport_bases(name: str) -> tuple[type, ...]:
    """Find the base classes for our transports: those of every library that is loaded.

    When none is, the first that can be imported. name: BaseTransport or AsyncBaseTransport.
    Raises ImportError when neither library is there.
    """
    loaded = [sys.modules[lib] for lib in LIBRARIES if lib in sys.modules]
    if not loaded:
        try:
            loaded = [importlib.import_module("httpx")]
        except ImportError:
            loaded = [importlib.import_module("httpx2")]
    return tuple(dict.fromkeys(getattr(lib, name) for lib in loaded))


def _restore(library: str) -> Any:
    response = classes_of(importlib.import_module(library)).response
    return response.__new__(response)


@cache
def classes_of(library: ModuleType) -> Classes:
    """Make, once, the response and stream classes for a library."""

    class SyncStream(library.SyncByteStream):  # type: ignore[name-defined,misc]
        def __init__(self, source: Source) -> None:
            self._source = source

        def __iter__(self) -> Iterator[bytes]:
            return self._source.chunks()

        def close(self) -> None:
            self._source.close()

    class AsyncStream(library.AsyncByteStream):  # type: ignore[name-defined,misc]
        def __init__(self, source: Source) -> None:
            self._source = source

        def __aiter__(self) -> AsyncIterator[bytes]:
            return self._source.achunks()

        async def aclose(self) -> None:
            self._source.close()

    class Response(library.Response):  # type: ignore[name-defined,misc]
        """A response whose url is the one that answered: fetch follows redirects itself."""

        @property
        def url(self) -> Any:
            final = self.extensions.get("url")
            return library.URL(final) if final else super().url

        def raise_for_status(self) -> Any:
            # See refusal.py.
            if error := self.extensions.get("refused"):
                raise error
            return super().raise_for_status()

        def __reduce__(self) -> Any:
            return _restore, (library.__name__,), self.__getstate__()

    for cls in (SyncStream, AsyncStream, Response):
        cls.__module__ = __name__
    return Classes(Response, SyncStream, AsyncStream)
