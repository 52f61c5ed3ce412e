"""The ways to make a request that the benchmark compares, behind one interface."""

# mypy: ignore-errors
# One program for two libraries and many versions, chosen as it runs.

import importlib
import time

from .versions import use

JS = """
(() => {
  const now = () => performance.timeOrigin + performance.now();
  const options = { cache: "no-store" };
  return {
    now,
    async stream(url) {
      const reader = (await fetch(url, options)).body.getReader();
      let size = 0;
      for (let x = await reader.read(); !x.done; x = await reader.read()) size += x.value.length;
      return size;
    },
    async post(url, body) {
      const reply = await fetch(url, { ...options, method: "POST", body });
      await reply.arrayBuffer();
    },
    async firstByte(url) {
      const reader = (await fetch(url, options)).body.getReader();
      await reader.read();
      const at = now();
      for (let x = await reader.read(); !x.done; x = await reader.read());
      return at;
    },
    async close(url) {
      const control = new AbortController();
      const reader = (await fetch(url, { ...options, signal: control.signal })).body.getReader();
      for (let i = 0; i < 20; i++) await reader.read();
      const at = now();
      control.abort();
      return at;
    },
  };
})()
"""
BODY = b'{"model": "m", "messages": [{"role": "user", "content": "hello"}]}'


class RawJs:
    """fetch, driven by JavaScript alone."""

    def __init__(self):
        from pyodide.code import run_js

        self.js = run_js(JS)

    async def stream(self, url):
        return await self.js.stream(url)

    async def post(self, url):
        await self.js.post(url, BODY.decode())

    async def first_byte(self, url):
        return await self.js.firstByte(url)

    async def close(self, url):
        return await self.js.close(url)


class Pyfetch(RawJs):
    """pyodide.http.pyfetch, as its documentation uses it."""

    async def stream(self, url):
        from pyodide.http import pyfetch

        return len(await (await pyfetch(url, cache="no-store")).bytes())

    async def post(self, url):
        from pyodide.http import pyfetch

        reply = await pyfetch(url, method="POST", body=BODY.decode(), cache="no-store")
        await reply.bytes()

    async def first_byte(self, url):
        from pyodide.http import pyfetch

        # No incremental interface: Python has the first byte when it has the last.
        await (await pyfetch(url, cache="no-store")).bytes()
        return self.js.now()

    async def close(self, url):
        return None


class Client(RawJs):
    """An AsyncClient of httpx or httpx2. transport: "ours", or None for the library's own."""

    def __init__(self, library, transport):
        super().__init__()
        lib = importlib.import_module(library)
        made = importlib.import_module("httpx_pyfetch").AsyncPyfetchTransport if transport else None
        self.client = lib.AsyncClient(transport=made() if made else None, timeout=60)

    async def stream(self, url):
        size = 0
        async with self.client.stream("GET", url) as response:
            async for chunk in response.aiter_raw():
                size += len(chunk)
        return size

    async def post(self, url):
        await self.client.post(url, content=BODY)

    async def first_byte(self, url):
        at = None
        async with self.client.stream("GET", url) as response:
            async for _ in response.aiter_raw():
                at = at or self.js.now()
        return at

    async def close(self, url):
        count = 0
        async with self.client.stream("GET", url) as response:
            async for _ in response.aiter_raw():
                count += 1
                if count == 20:
                    break
            return self.js.now()


def make(name):
    use("httpx-0.28.1")
    return {
        "fetch in JavaScript": RawJs,
        "pyfetch": Pyfetch,
        "httpx2-jsfetch 1.0": lambda: Client("httpx2", None),
        "ours, httpx2": lambda: Client("httpx2", "ours"),
        "ours, httpx": lambda: Client("httpx", "ours"),
    }[name]()


_made = {}


async def main(name, what, url, repeat):
    """Do one measurement; answer seconds (stream, post), or a Unix time in ms."""
    contender = _made.get(name)
    if contender is None:
        contender = _made[name] = make(name)
    action = getattr(contender, what)
    if what in ("first_byte", "close"):
        return await action(url)
    start = time.perf_counter()
    for _ in range(repeat):
        await action(url)
    return (time.perf_counter() - start) / repeat
