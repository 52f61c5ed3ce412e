"""What a case gets: one client interface over httpx, httpx2, async, sync, browser and CPython."""

# mypy: ignore-errors
# One program for two libraries and many versions, chosen as it runs.

import importlib
import inspect
import sys
from contextlib import asynccontextmanager

from .versions import use

IN_BROWSER = sys.platform == "emscripten"


class Env:
    """url: the page's own origin; other: another origin, which answers with CORS."""

    def __init__(self, library, asynchronous, url, other):
        name = library.partition("-")[0]
        use(library if name == "httpx" else "httpx-0.28.1")
        self.lib = importlib.import_module(name)
        self.asynchronous = asynchronous
        self.url = url
        self.other = other

    def client(self, transport=None, **settings):
        """Make a client: over ours in the browser, over the library's own transport elsewhere."""
        if IN_BROWSER and transport is None:
            ours = importlib.import_module("httpx_pyfetch")
            name = "AsyncPyfetchTransport" if self.asynchronous else "PyfetchTransport"
            transport = getattr(ours, name)()
        settings.setdefault("follow_redirects", True)
        cls = self.lib.AsyncClient if self.asynchronous else self.lib.Client
        made = cls(base_url=self.url, transport=transport, **settings)
        return AsyncFace(made) if self.asynchronous else SyncFace(made)


class AsyncFace:
    """The calls that cases use, over an AsyncClient."""

    def __init__(self, client):
        self.raw = client

    async def request(self, method, path, **options):
        return await self.raw.request(method, path, **options)

    async def get(self, path, **options):
        return await self.request("GET", path, **options)

    async def post(self, path, **options):
        return await self.request("POST", path, **options)

    @asynccontextmanager
    async def stream(self, method, path, **options):
        async with self.raw.stream(method, path, **options) as response:
            yield response

    async def open(self, method, path):
        """Send with stream=True; nobody closes the response for you."""
        return await self.raw.send(self.raw.build_request(method, path), stream=True)

    def chunks(self, response):
        return response.aiter_raw()

    async def close_response(self, response):
        await response.aclose()

    async def close(self):
        await self.raw.aclose()


class SyncFace(AsyncFace):
    """The same calls over a Client: each blocks."""

    async def request(self, method, path, **options):
        return self.raw.request(method, path, **options)

    @asynccontextmanager
    async def stream(self, method, path, **options):
        with self.raw.stream(method, path, **options) as response:
            yield response

    async def open(self, method, path):
        return self.raw.send(self.raw.build_request(method, path), stream=True)

    async def chunks(self, response):
        for chunk in response.iter_raw():
            yield chunk

    async def close_response(self, response):
        response.close()

    async def close(self):
        self.raw.close()


def problem(env, error):
    """Tell an exception: the library's classes it is of, from the nearest, and its message."""
    names = [
        cls.__name__
        for cls in type(error).__mro__
        if cls.__module__.partition(".")[0] in {"httpx", "httpx2"}
    ]
    return {"classes": names, "message": str(error)}


async def main(name, library, asynchronous, url, other, arguments):
    """Run one case, "module.function"."""
    env = Env(library, asynchronous, url, other)
    module, _, function = name.partition(".")
    case = getattr(importlib.import_module(f"{__package__}.{module}"), function)
    result = case(env, **arguments)
    return await result if inspect.isawaitable(result) else result
