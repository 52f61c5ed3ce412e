"""Programs for the differential test: the same lines on CPython and in the browser.

Each answers what a program can see. Times, ports and the like are left out by the cases.
"""

# mypy: ignore-errors
# One program for two libraries and many versions, chosen as it runs.

import asyncio

from . import rows
from .env import problem


async def outcome(env, method, path, seconds=5, **options):
    """Tell everything a program sees of one exchange, or the exception's classes."""
    client = env.client(timeout=seconds)
    try:
        response = await client.request(method, path, **options)
    except Exception as error:  # noqa: BLE001
        return {"raised": problem(env, error)["classes"]}
    finally:
        await client.close()
    return {
        "status": response.status_code,
        "reason": response.reason_phrase,
        "version": response.http_version,
        "url": response.url.path,
        "text": response.text,
        "content_type": response.headers.get("content-type"),
        "twice": response.headers.get_list("x-twice", split_commas=True),
        "encoding": response.headers.get("content-encoding"),
        "length": response.headers.get("content-length"),
        "cookies": sorted(response.headers.get_list("set-cookie")),
        "history": [r.status_code for r in response.history],
        "closed": response.is_closed,
        "error": response.is_error,
    }


async def get(env):
    return await outcome(env, "GET", "/status/200?reason=Fine")


async def not_found(env):
    return await outcome(env, "GET", "/nowhere")


async def server_error(env):
    return await outcome(env, "POST", "/status/503", content=b"x")


async def no_content(env):
    return await outcome(env, "GET", "/status/204")


async def head(env):
    return await outcome(env, "HEAD", "/status/200")


async def post_json(env):
    return await outcome(env, "POST", "/echo", json={"a": [1, None, "ü"]})


async def post_form(env):
    return await outcome(env, "POST", "/echo", data={"a": "1", "b": "ü &"})


async def post_text(env):
    return await outcome(env, "POST", "/echo", content="text")


async def put_bytes(env):
    return await outcome(env, "PUT", "/echo", content=bytes(range(256)))


async def delete_with_body(env):
    return await outcome(env, "DELETE", "/echo", content=b"why")


async def patch(env):
    return await outcome(env, "PATCH", "/echo", json=[])


async def empty_post(env):
    return await outcome(env, "POST", "/echo")


async def query(env):
    return await outcome(env, "GET", "/echo?a=1", params={"q": "ü &?", "r": ["1", "2"]})


async def headers(env):
    sent = {"authorization": "Bearer sk", "x-utf8": "ü".encode(), "openai-beta": "assistants=v2"}
    return await outcome(env, "GET", "/echo", headers=sent)


async def multipart(env):
    return await rows.multipart(env)


async def generator(env):
    return await rows.generator_body(env)


async def gzip(env):
    return await outcome(env, "GET", "/gzip")


async def repeated(env):
    return await outcome(env, "GET", "/twice")


async def redirected(env):
    return await outcome(env, "GET", "/redirect?to=/status/200")


async def redirected_303(env):
    return await outcome(env, "POST", "/redirect?to=/echo&code=303", content=b"gone")


async def redirected_307(env):
    return await outcome(env, "POST", "/redirect?to=/echo&code=307", content=b"kept")


async def redirect_kept(env):
    client = env.client(follow_redirects=False)
    response = await client.get("/redirect?to=/status/200")
    await client.close()
    return response.status_code


async def read_timeout(env):
    return await outcome(env, "GET", "/delay?s=3", seconds=0.3)


async def body_timeout(env):
    return await outcome(env, "GET", "/stall?s=3", seconds=0.3)


async def refused(env):
    return await outcome(env, "GET", "http://127.0.0.1:9/")


async def unknown_name(env):
    return await outcome(env, "GET", "http://no-such-name.invalid/")


async def silent(env):
    return await outcome(env, "GET", "/silent")


async def cut_length(env):
    return await outcome(env, "GET", "/cut?how=length")


async def cut_chunked(env):
    return await outcome(env, "GET", "/cut?how=chunked")


async def unknown_scheme(env):
    return await outcome(env, "GET", "ftp://127.0.0.1/")


async def no_scheme(env):
    return await outcome(env, "GET", "//127.0.0.1/")


async def get_with_body(env):
    return await outcome(env, "GET", "/echo", content=b"body")


async def trace(env):
    return await outcome(env, "TRACE", "/echo")


async def streamed(env):
    client = env.client()
    async with client.stream("GET", "/drip?n=3&gap=0.01") as response:
        data = b"".join([chunk async for chunk in client.chunks(response)])
    try:
        async for _ in client.chunks(response):
            pass
    except Exception as error:  # noqa: BLE001
        again = type(error).__name__
    await client.close()
    return [len(data.splitlines()), response.is_closed, again]


async def after_close(env):
    """Read on in a response that was closed."""
    client = env.client()
    response = await client.open("GET", "/endless?life=5")
    chunks = aiter(client.chunks(response))
    await anext(chunks)
    await client.close_response(response)
    try:
        async for _ in client.chunks(response):
            pass
    except Exception as error:  # noqa: BLE001
        return type(error).__name__
    return "nothing"


async def cancelled(env):
    return (await rows.cancel(env, "/delay?s=5"))[0] if env.asynchronous else "sync"


async def own_time_limit(env):
    return await rows.own_timeout(env, "/delay?s=5") if env.asynchronous else "sync"


async def together(env):
    client = env.client()
    replies = await asyncio.gather(*(client.post("/echo", content=str(n)) for n in range(8)))
    await client.close()
    return [reply.json()["body"] for reply in replies]
