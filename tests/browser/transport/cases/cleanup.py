"""Requests that end in every way, many times over, and what is still there afterwards."""

# mypy: ignore-errors
# One program for two libraries and many versions, chosen as it runs.

import asyncio
import gc
import sys

COUNT_TIMERS = """
(() => {
  const live = new Set();
  const { setTimeout: set, clearTimeout: clear } = globalThis;
  globalThis.setTimeout = (run, ms, ...rest) => {
    const id = set(() => { live.delete(id); run(...rest); }, ms);
    live.add(id);
    return id;
  };
  globalThis.clearTimeout = (id) => { live.delete(id); clear(id); };
  return {
    count: () => live.size,
    restore: () => Object.assign(globalThis, { setTimeout: set, clearTimeout: clear }),
  };
})()
"""
WAYS = (
    "finished",
    "refused",
    "no_cors",
    "timeout",
    "abandoned",
    "closed",
    "cancelled_early",
    "cancelled_late",
)


async def one(env, client, way, marker):
    endless = f"/endless?marker={marker}"
    if way == "finished":
        await client.post("/echo", content=b"body")
    elif way in ("refused", "no_cors", "timeout"):
        path = {
            "refused": "ftp://127.0.0.1/",
            "no_cors": f"{env.other}/echo?cors=no",
            "timeout": f"/delay?s=20&marker={marker}",
        }[way]
        try:
            await client.get(path, timeout=0.005)
        except env.lib.TransportError:
            return
        raise AssertionError(f"{way} did not fail")
    elif way in ("abandoned", "closed"):
        response = await client.open("GET", endless)
        async for _ in client.chunks(response):
            break
        if way == "closed":
            await client.close_response(response)
    elif env.asynchronous:
        path = f"/delay?s=20&marker={marker}" if way == "cancelled_early" else endless
        task = asyncio.ensure_future(read(client, path))
        await asyncio.sleep(0.01)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def read(client, path):
    async with client.stream("GET", path) as response:
        async for _ in client.chunks(response):
            pass


async def settle():
    for _ in range(5):
        gc.collect()
        await asyncio.sleep(0.05)


async def many(env, rounds, marker):
    """Do every way `rounds` times; tell what lives before and after."""
    import pyodide_js
    from pyodide.code import run_js

    module = pyodide_js._module
    module.enable_pyproxy_allocation_tracing()
    timers = run_js(COUNT_TIMERS)
    client = env.client()

    def living():
        return {
            "timers": timers.count(),
            # JavaScript objects that Python holds, and Python objects that JavaScript holds.
            "js_proxies": module._hiwire_num_refs(),
            "py_proxies": module.pyproxy_alloc_map.size,
            "objects": len(gc.get_objects()),
            "blocks": sys.getallocatedblocks(),
            "heap_bytes": module.HEAP8.length,
        }

    try:
        for way in WAYS:
            for _ in range(8):
                await one(env, client, way, marker)
        await settle()
        before = living()
        for _ in range(rounds):
            for way in WAYS:
                await one(env, client, way, marker)
        await settle()
        return [before, living()]
    finally:
        timers.restore()
        module.disable_pyproxy_allocation_tracing()
