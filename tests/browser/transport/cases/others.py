"""The same cases with what people use today instead of our transport."""

# mypy: ignore-errors
# One program for two libraries and many versions, chosen as it runs.

import asyncio
import importlib
import inspect
import json
from contextlib import contextmanager

from .env import IN_BROWSER, Env
from .versions import use

OURS, SNIPPET = "ours", "wiki's snippet"
PYODIDE_HTTPX, JSFETCH = "pyodide-httpx 0.2", "httpx2-jsfetch 1.0"

#: Sees what is given to fetch, and can put headers of its own into a reply.
SPY = """
(() => {
  const { fetch: realFetch, Request: RealRequest } = globalThis;
  const seen = { names: [], headers: undefined };
  const note = (init) => {
    const given = init?.headers;
    if (!given) return;
    const pairs = typeof given[Symbol.iterator] === "function" ? [...given] : Object.entries(given);
    seen.names.push(...pairs.map(([name]) => name.toLowerCase()));
  };
  globalThis.Request = new Proxy(RealRequest, {
    construct(target, args) { note(args[1]); return new target(...args); },
  });
  globalThis.fetch = async (input, init) => {
    note(init);
    const reply = await realFetch(input, init);
    if (seen.headers) {
      Object.defineProperty(reply, "headers", { value: new Headers(JSON.parse(seen.headers)) });
    }
    return reply;
  };
  seen.restore = () => Object.assign(globalThis, { fetch: realFetch, Request: RealRequest });
  return seen;
})()
"""


@contextmanager
def spy():
    from pyodide.code import run_js
    from pyodide.http import _pyfetch

    import js

    seen = run_js(SPY)
    # pyfetch took these when it was imported.
    kept = _pyfetch._jsfetch, _pyfetch.Request
    _pyfetch._jsfetch, _pyfetch.Request = js.fetch, js.Request
    try:
        yield seen
    finally:
        _pyfetch._jsfetch, _pyfetch.Request = kept
        seen.restore()


def snippet_transport(httpx):
    """What the wiki's links do, in other words: one pyfetch, the body whole, JSON only."""

    class Snippet(httpx.AsyncBaseTransport):
        async def handle_async_request(self, request):
            from pyodide.http import pyfetch

            body = None
            if request.method not in ("GET", "DELETE"):
                body = json.dumps(json.loads(request.content), ensure_ascii=False).encode()
            reply = await pyfetch(
                str(request.url),
                method=request.method,
                headers=dict(request.headers.items()),
                body=body,
            )
            stream = httpx.ByteStream(await reply.bytes())
            return httpx.Response(reply.status, headers=reply.headers, stream=stream)

    return Snippet()


class OtherEnv(Env):
    """An Env whose clients send through one of the others."""

    def __init__(self, contender, asynchronous, url, other):
        assert IN_BROWSER
        library = "httpx2-2.16.2" if contender == JSFETCH else "httpx-0.28.1"
        if contender == PYODIDE_HTTPX:
            # It replaces a method of the client's class, and never puts it back.
            use("pyodide-httpx-0.2.0", "httpx-0.28.1")
            importlib.import_module("pyodide_httpx").patch_httpx()
            self.lib = importlib.import_module("httpx")
            self.asynchronous, self.url, self.other = asynchronous, url, other
        else:
            super().__init__(library, asynchronous, url, other)
        self.contender = contender

    def transport(self):
        """What a Client takes; None for the library's own, or a client that was patched."""
        if self.contender == SNIPPET:
            if not self.asynchronous:
                raise NotImplementedError("asynchronous only")
            return snippet_transport(self.lib)
        if self.contender == OURS:
            ours = importlib.import_module("httpx_pyfetch")
            return ours.AsyncPyfetchTransport() if self.asynchronous else ours.PyfetchTransport()
        return None

    def client(self, transport=None, **settings):
        transport = transport or self.transport() or self.lib_transport()
        return super().client(transport=transport, **settings)

    def lib_transport(self):
        return self.lib.AsyncHTTPTransport() if self.asynchronous else self.lib.HTTPTransport()


async def dropped(env):
    """The headers that only a browser may set and that were given to fetch all the same."""
    client = env.client()
    with spy() as seen:
        await client.post("/echo", content=b"{}", headers={"cookie": "a=1"})
        names = set(seen.names.to_py())
    unsafe = "accept-encoding connection content-length cookie host transfer-encoding user-agent"
    return sorted(names & set(unsafe.split()))


async def cookies_apart(env):
    """Two Set-Cookie headers, as a runtime that shows them would."""
    client = env.client()
    with spy() as seen:
        seen.headers = json.dumps([["set-cookie", "a=1"], ["set-cookie", "b=2"]])
        response = await client.get("/status/200")
    return response.headers.get_list("set-cookie")


async def retried(env):
    """How often the SDK tries again when the URL's scheme is unknown."""
    from .sdk import HELLO, retries

    version = "3.57.0" if env.lib.__name__ == "httpx2" else "2.54.0"
    contender, url, other = env.contender, env.url, env.other
    use(f"openai-{version}", "httpx-0.28.1", "pyodide-httpx-0.2.0")
    if contender == PYODIDE_HTTPX:
        importlib.import_module("pyodide_httpx").patch_httpx()
    env = object.__new__(OtherEnv)
    env.lib = importlib.import_module("httpx2" if version == "3.57.0" else "httpx")
    env.asynchronous, env.contender, env.url, env.other = True, contender, url, other
    openai = importlib.import_module("openai")
    client = openai.AsyncOpenAI(
        api_key="sk", base_url="ftp://127.0.0.1", http_client=env.client().raw
    )
    with retries() as logged:
        try:
            await client.chat.completions.create(model="m", messages=HELLO)
        except Exception:  # noqa: BLE001
            await asyncio.sleep(0)
    use()
    return len(logged)


async def with_cookies(env):
    """Whether the server of another origin gets cookies: by default, and when asked for."""
    client = env.client()
    out = []
    for extensions in ({}, {"fetch": {"credentials": "include"}}):
        reply = await client.get(env.other + "/echo", extensions=extensions)
        out.append(any(name.lower() == "cookie" for name, _ in reply.json()["headers"]))
    return out


async def main(contender, name, asynchronous, url, other, arguments):
    """Run one case, "module.function"; answer [what it returned, None] or [None, exception]."""
    module, _, function = name.partition(".")
    try:
        env = OtherEnv(contender, asynchronous, url, other)
        result = getattr(importlib.import_module(f"{__package__}.{module}"), function)(
            env, **arguments
        )
        if inspect.isawaitable(result):
            result = await asyncio.wait_for(result, 30 if function == "retried" else 8)
    except Exception as error:  # noqa: BLE001
        return [None, type(error).__name__]
    finally:
        if contender == PYODIDE_HTTPX:
            use()
    return [result, None]
