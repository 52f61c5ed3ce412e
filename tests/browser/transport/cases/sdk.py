"""What a program does with the openai SDK, unchanged but for its client's name.

Clients are plain ones: install() is all that the browser adds.
"""

# mypy: ignore-errors
# One program for two libraries and many versions, chosen as it runs.

import asyncio
import gc
import importlib
import inspect
import logging
import sys
import time
from contextlib import contextmanager

from .versions import use

HELLO = [{"role": "user", "content": "hello"}]


class Sdk:
    """client: a plain OpenAI or AsyncOpenAI. get() awaits what either answers."""

    def __init__(self, version, asynchronous, base, marker, **options):
        if sys.platform == "emscripten":
            use(f"openai-{version}", "httpx-0.28.1")
            importlib.import_module("httpx_pyfetch").install()
        self.openai = importlib.import_module("openai")
        cls = self.openai.AsyncOpenAI if asynchronous else self.openai.OpenAI
        self.client = cls(api_key="sk-test", base_url=base or f"/v1/{marker}", **options)
        self.asynchronous = asynchronous

    async def get(self, answer):
        return await answer if inspect.isawaitable(answer) else answer

    async def chat(self, model="plain", **options):
        options = {"model": model, "messages": HELLO, **options}
        return await self.get(self.client.chat.completions.create(**options))

    async def each(self, stream):
        if self.asynchronous:
            async for item in stream:
                yield item
        else:
            for item in stream:
                yield item


async def chat(sdk):
    return (await sdk.chat()).choices[0].message.content


async def chat_streamed(sdk):
    stream = await sdk.chat(stream=True)
    return [chunk.choices[0].delta.content async for chunk in sdk.each(stream)]


async def run_polled(sdk):
    beta = sdk.client.beta
    thread = await sdk.get(beta.threads.create())
    polled = await sdk.get(
        beta.threads.runs.create_and_poll(
            thread_id=thread.id, assistant_id="asst_1", poll_interval_ms=50
        )
    )
    deleted = await sdk.get(beta.threads.delete(thread.id))
    return [polled.status, deleted.deleted]


async def run_streamed(sdk):
    runs = sdk.client.beta.threads.runs
    stream = await sdk.get(runs.create(thread_id="thread_1", assistant_id="asst_1", stream=True))
    return [event.event async for event in sdk.each(stream)]


async def upload(sdk):
    file = ("up.txt", b"\x00\xff" * 1000, "text/plain")
    made = await sdk.get(sdk.client.files.create(file=file, purpose="assistants"))
    return [made.filename, made.bytes > 2000]


async def slow(sdk):
    return (await sdk.chat("slow")).choices[0].message.content


async def busy(sdk):
    return (await sdk.chat("busy")).choices[0].message.content


async def empty(sdk):
    """A 204, as it came, because what the SDK makes of no content differs by version."""
    raw = await sdk.get(
        sdk.client.chat.completions.with_raw_response.create(model="empty", messages=HELLO)
    )
    return raw.http_response.status_code


async def leave(sdk, how):
    """Break out of an endless stream; answers the Unix time of that."""

    async def read():
        stream = await sdk.chat("endless", stream=True)
        if sdk.asynchronous:
            async for _ in stream:
                break
        else:
            for _ in stream:
                break
        if how == "close":
            await sdk.get(stream.close())

    await read()
    if how == "lose":
        # The SDK's stream and its own generator refer to each other, once its iterator,
        # which the loop closes at its next turn, has let go of both.
        await asyncio.sleep(0.05)
        gc.collect()
        await asyncio.sleep(0)
    return time.time()


async def cancel(sdk, model):
    """Cancel a chat: before its headers (slow) or in its body (endless)."""

    async def read():
        async for _ in await sdk.chat(model, stream=True):
            pass

    _ = sdk.client.chat.completions  # imports a good deal, in the newer versions
    task = asyncio.ensure_future(read())
    await asyncio.sleep(0.6)
    task.cancel()
    try:
        await task
    except BaseException as error:  # noqa: BLE001
        return [type(error).__name__, time.time()]
    return ["nothing", time.time()]


async def cut(sdk, streamed):
    """A reply that breaks off; tell the exceptions, from what the SDK raises to the cause."""
    sdk.client.max_retries = 0
    try:
        answer = await sdk.chat("cut", stream=streamed)
        if streamed:
            async for _ in sdk.each(answer):
                pass
    except Exception as error:  # noqa: BLE001
        return causes(error)
    return []


async def fails(sdk):
    """A chat that gets no reply; tell the exceptions, their texts, and how often it was retried."""
    with retries() as logged:
        try:
            await sdk.chat()
        except Exception as error:  # noqa: BLE001
            return [causes(error), texts(error), len(logged)]
    return []


async def body_with_head(sdk):
    """The same mistake as a body with GET, which the newer versions cannot make."""
    models = importlib.import_module("openai._models")
    options = models.FinalRequestOptions.construct(method="head", url="/x", json_data={"a": 1})
    with retries() as logged:
        try:
            await sdk.get(sdk.client.request(cast_to=object, options=options))
        except Exception as error:  # noqa: BLE001
            return [causes(error), texts(error), len(logged)]
    return []


@contextmanager
def retries():
    """Collect what the SDK logs when it tries again; every version says "Retrying request"."""
    logged = []
    handler = logging.Handler()
    handler.emit = lambda record: logged.append(record) if "Retrying" in record.msg else None
    logger = logging.getLogger("openai._base_client")
    level = logger.level
    logger.setLevel(logging.INFO)
    logger.addHandler(handler)
    try:
        yield logged
    finally:
        logger.removeHandler(handler)
        logger.setLevel(level)


def chain(error):
    while error is not None:
        yield error
        error = error.__cause__


def causes(error):
    return [type(e).__name__ for e in chain(error)]


def texts(error):
    return [str(e) for e in chain(error)]


async def main(name, version, asynchronous, url, arguments):
    options = arguments.pop("client", {})
    marker = arguments.pop("marker", "m")
    base = options.pop("base_url", f"{url}/v1/{marker}")
    sdk = Sdk(version, asynchronous, base, marker, **options)
    return await globals()[name](sdk, **arguments)
