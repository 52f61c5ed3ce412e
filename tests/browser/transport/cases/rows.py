"""What a client must get right, each in a few lines: run in the browser and on CPython."""

# mypy: ignore-errors
# One program for two libraries and many versions, chosen as it runs.

import asyncio
import gc
import time

from .env import problem


async def failure(env, method, url, **options):
    """Make a request that must fail; tell how."""
    client = env.client(timeout=5)
    try:
        response = await client.request(method, url, **options)
    except Exception as error:  # noqa: BLE001
        return problem(env, error)
    finally:
        await client.close()
    return {"status": response.status_code}


async def echo(env, method="POST", path="/echo", base=None, **options):
    """Tell what the server saw."""
    client = env.client()
    seen = (await client.request(method, (base or env.url) + path, **options)).json()
    await client.close()
    return seen


async def echo_bytes(env, method, body):
    return await echo(env, method, content=bytes(body))


async def slow_headers(env, seconds, connect, marker):
    """A reply that takes longer than a connection may."""
    client = env.client(timeout=env.lib.Timeout(30, connect=connect))
    response = await client.get(f"/delay?s={seconds}&marker={marker}")
    await client.close()
    return response.text


async def chunk_types(env):
    client = env.client()
    async with client.stream("GET", "/drip?n=3&gap=0.01") as response:
        types = {type(chunk).__name__ async for chunk in client.chunks(response)}
    await client.close()
    return sorted(types)


async def first_chunk(env, gap=0.4):
    """Seconds until the first chunk and until the end."""
    client = env.client()
    start, first = time.monotonic(), None
    async with client.stream("GET", f"/drip?n=3&gap={gap}") as response:
        async for _ in client.chunks(response):
            first = first or time.monotonic() - start
    await client.close()
    return [first, time.monotonic() - start]


async def statuses(env):
    """Replies without a body."""
    client = env.client()
    out = []
    for method, path in (
        ("GET", "/status/204"),
        ("GET", "/status/304"),
        ("HEAD", "/status/200"),
        ("GET", "/bytes/0"),
        ("POST", "/status/500"),
    ):
        response = await client.request(method, path)
        out.append([response.status_code, response.text])
    await client.close()
    return out


async def multipart(env):
    seen = await echo(
        env,
        data={"purpose": "assistants"},
        files={"file": ("ü.txt", b"\x00\xff data", "text/plain")},
        headers={"content-type": "multipart/form-data; boundary=frontier"},
    )
    return [dict(seen["headers"]).get("content-type", ""), seen["body"]]


async def generator_body(env):
    async def parts():
        for part in (b"one ", b"two ", b"three"):
            await asyncio.sleep(0)
            yield part

    def plain_parts():
        yield from (b"one ", b"two ", b"three")

    return (await echo(env, content=parts() if env.asynchronous else plain_parts()))["body"]


async def gzip(env):
    client = env.client()
    same = await client.get("/gzip")
    other = await client.get(env.other + "/gzip")
    await client.close()
    return [same.text == "plain text " * 100, other.text == same.text]


async def repeated(env):
    client = env.client()
    response = await client.get("/twice")
    await client.close()
    return response.headers.get_list("x-twice", split_commas=True)


async def headers(env, sent, base=None):
    """Tell the values the server got for these names, and all the names it got."""
    raw = [(name.encode(), value.encode()) for name, value in sent]
    seen = (await echo(env, "GET", "/echo", base, headers=raw))["headers"]
    names = {name.lower() for name, _ in sent}
    values = [v for n, v in seen if n.lower() in names]
    return [values, sorted({n.lower() for n, _ in seen})]


async def head_of(env, path):
    """Tell what a response says of itself."""
    client = env.client()
    response = await client.get(path)
    await client.close()
    return {
        "status": response.status_code,
        "reason": response.reason_phrase,
        "version": response.http_version,
        "url": str(response.url),
        "text": response.text,
        "extensions": {
            k: v for k, v in response.extensions.items() if isinstance(v, str | bool | int)
        },
    }


async def redirected_post(env, code_path):
    client = env.client()
    response = await client.post(code_path, content=b"kept")
    await client.close()
    return response.json()["body"]


async def close_early(env, how, marker, size=1024, gap=0.001):
    """Read a little of an endless body, then leave it. Answers the Unix time of that."""
    client = env.client()
    path = f"/endless?size={size}&gap={gap}&marker={marker}"

    async def leave():
        response = await client.open("GET", path)
        async for _ in client.chunks(response):
            break
        if how == "close":
            await client.close_response(response)

    if how == "context":
        async with client.stream("GET", path) as response:
            async for _ in client.chunks(response):
                break
    else:
        await leave()
    gc.collect()
    return time.time()


async def unread(env, marker):
    """Close a response of which nothing was read."""
    client = env.client()
    async with client.stream("GET", f"/endless?marker={marker}"):
        pass
    return time.time()


async def cancel(env, path, after=0.3):
    """Cancel a task that waits for this reply. Answers what it raised, and when."""
    client = env.client()

    async def body():
        async with client.stream("GET", path) as response:
            async for _ in client.chunks(response):
                pass

    task = asyncio.ensure_future(body())
    await asyncio.sleep(after)
    task.cancel()
    try:
        await task
    except BaseException as error:  # noqa: BLE001
        return [type(error).__name__, time.time()]
    return ["nothing", time.time()]


async def own_timeout(env, path):
    """The caller's own time limit is the caller's exception."""
    client = env.client(timeout=30)
    try:
        await asyncio.wait_for(client.get(path), 0.3)
    except Exception as error:  # noqa: BLE001
        return type(error).__name__
    return "nothing"


async def read_all(env, path, read):
    """Read a body under a read timeout. Answers its length, or the failure and when it came."""
    client = env.client(timeout=env.lib.Timeout(30, read=read))
    start, size = time.monotonic(), 0
    try:
        async with client.stream("GET", path) as response:
            async for chunk in client.chunks(response):
                size += len(chunk)
    except Exception as error:  # noqa: BLE001
        return {**problem(env, error), "size": size, "seconds": time.monotonic() - start}
    return {"size": size, "seconds": time.monotonic() - start}


async def four_at_once(env, path):
    """Four identical GETs; answers the seconds they took together."""
    client = env.client()
    start = time.monotonic()
    await asyncio.gather(*(client.get(path) for _ in range(4)))
    return time.monotonic() - start


COUNT_READS = """
(() => {
  const prototype = ReadableStreamBYOBReader.prototype;
  const read = prototype.read;
  const seen = { pulled: 0, largest: 0, restore: () => { prototype.read = read; } };
  prototype.read = function (view) {
    return read.call(this, view).then((result) => {
      const size = result.value?.byteLength ?? 0;
      seen.pulled += size;
      seen.largest = Math.max(seen.largest, size);
      return result;
    });
  };
  return seen;
})()
"""


async def slow_reader(env, marker, seconds=1.0):
    """Take one chunk of a fast endless body, then dawdle; tell what was read meanwhile."""
    from pyodide.code import run_js

    client = env.client()
    seen = run_js(COUNT_READS)
    try:
        async with client.stream("GET", f"/blast/1000000000?{marker}") as response:
            await anext(aiter(client.chunks(response)))
            await asyncio.sleep(seconds)
            return [seen.pulled, seen.largest]
    finally:
        seen.restore()


async def with_options(env, path, extensions, transport=None):
    """Make a request with fetch options; answers what the server saw, or the failure."""
    import httpx_pyfetch

    name = "AsyncPyfetchTransport" if env.asynchronous else "PyfetchTransport"
    client = env.client(transport=getattr(httpx_pyfetch, name)(**(transport or {})))
    try:
        return (await client.get(path, extensions=extensions)).json()
    except Exception as error:  # noqa: BLE001
        return problem(env, error)


async def dropping(env, path, headers, drop):
    """Make a request with a transport that leaves headers out."""
    import httpx_pyfetch

    name = "AsyncPyfetchTransport" if env.asynchronous else "PyfetchTransport"
    client = env.client(transport=getattr(httpx_pyfetch, name)(drop_headers=drop))
    return (await client.get(path, headers=headers)).json()
