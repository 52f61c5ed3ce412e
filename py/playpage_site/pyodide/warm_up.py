"""Runs inside Pyodide, at build time: does once what a page does until a chat can be typed into.

`warm_up()` leaves the app running; `settle()` takes it down again. Called by bytecode.mjs
and by snapshot.mjs, which leaves `visit()` out: how often a background task has run depends on
the machine, and would make each snapshot another. `check_seams()` stops the build when a seam has
moved.
"""

# mypy: ignore-errors

import asyncio
import gc
import importlib
import importlib.metadata
import json
import os
import pkgutil
import sys
import warnings
import zipfile
from pathlib import Path

importlib.invalidate_caches()

from playpage.runtime import asgi, gradio_setup, gradio_speed, on_demand, start  # noqa: E402
from playpage.runtime.detect import read_needs  # noqa: E402


async def warm_up():
    """Import and call what a chat needs; what is imported lazily is imported too."""
    start.prepare_interpreter()
    gradio_setup.prepare_gradio(print)
    start.import_modules()
    import gradio as gr
    import httpx
    import openai

    # What the runtime asks before it runs a program.
    importlib.metadata.version("openai")
    list(importlib.metadata.files("openai"))
    read_needs("import gradio, openai\nfrom datetime import datetime")
    openai.AsyncOpenAI(api_key="none", http_client=httpx.AsyncClient())
    from playpage import AssistantChat, chat

    for module in pkgutil.walk_packages(chat.__path__, f"{chat.__name__}."):
        importlib.import_module(module.name)
    AssistantChat(assistant_id="none").build()
    with gr.Blocks() as demo:
        gr.ChatInterface(lambda message, history: message, type="messages")
    demo.launch(quiet=True)


async def call_service():
    """The calls of a chat, in the Assistants API and in Chat Completions. Nothing goes out."""
    import httpx
    import openai

    transport = httpx.MockTransport(lambda request: httpx.Response(200, json={"data": []}))
    client = httpx.AsyncClient(transport=transport)
    service = openai.AsyncOpenAI(api_key="none", http_client=client)
    with warnings.catch_warnings(action="ignore"):
        threads = service.beta.threads
        await threads.create()
        await threads.messages.create("thread", role="user", content="hello")
        await threads.runs.create("thread", assistant_id="assistant")
        await threads.runs.retrieve("run", thread_id="thread")
        await threads.runs.submit_tool_outputs("run", thread_id="thread", tool_outputs=[])
        await threads.messages.list("thread")
        stream = await threads.runs.create("thread", assistant_id="assistant", stream=True)
        await stream.close()
    await service.chat.completions.create(model="model", messages=[])


async def visit():
    """Do what a reader's first message does. Starts gradio's background tasks."""
    await call_service()
    config = json.loads(await answer("GET", "/config"))
    for path in ("/gradio_api/info", "/theme.css", "/gradio_api/heartbeat/warm"):
        await answer("GET", path)
    chat = next(d for d in config["dependencies"] if d["api_name"] == "chat")
    data = ["hello", *[None] * (len(chat["inputs"]) - 1)]
    message = {"data": data, "fn_index": chat["id"], "session_hash": "warm"}
    await answer("POST", "/gradio_api/queue/join", json.dumps(message).encode())
    events = await answer("GET", "/gradio_api/queue/data", query="session_hash=warm")
    assert b'"process_completed"' in events, events
    assert b'"success":true' in events, events


async def answer(method, path, body=b"", query=""):
    """The body of an answer; of one that does not end, its first part."""
    events = iter([{"type": "http.request", "body": body, "more_body": False}])
    statuses, parts = [], []

    async def receive():
        if event := next(events, None):
            return event
        # Nothing tells when a part was appended.
        while "heartbeat" not in path or not parts:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        return {"type": "http.disconnect"}

    request = {"method": method, "path": path, "query": query}
    request["headers"] = [("content-type", "application/json")]
    await asgi.call_app(request, receive, lambda status, _: statuses.append(status), parts.append)
    assert statuses == [200], (path, statuses, parts)
    return b"".join(parts)


def check_seams():
    """Start a runtime as a page does, with the app launched, and check every seam in it."""
    from types import SimpleNamespace

    from playpage.patches.check import check_all
    from playpage.runtime.bridge import Bridge

    host = SimpleNamespace(loadOnDemand=lambda: False)
    bundle = {name: {} for name in ("layers", "modules", "distribution")}
    Bridge(host, json.dumps({**bundle, "absent": [], "index": [], "index_url": "./"}))
    check_all()


def import_compiled():
    """Import all that has byte code: what warm_up() and visit() have imported at another time.

    But what the SDK imports at its first calls: it would make the snapshot a sixth larger, and
    a page has the time for it while its reader types.
    """
    names = set()
    for folder in filter(os.path.isdir, sys.path):
        for path in Path(folder).rglob("__pycache__/*.pyc"):
            names.add(path.parent.parent.relative_to(folder) / path.name.partition(".")[0])
    for archive in filter(os.path.isfile, sys.path):
        with zipfile.ZipFile(archive) as files:
            names |= {Path(n).with_suffix("") for n in files.namelist() if n.endswith(".pyc")}
    for name in sorted(".".join(path.parts).removesuffix(".__init__") for path in names):
        if not name.startswith("openai."):
            importlib.import_module(name)


async def settle():
    """End the app and all tasks, and forget everything that belongs to it."""
    import_compiled()
    # Half a megabyte of samples that only an old form of gradio's API shows.
    on_demand.forget_until_used("gradio_client.media_data", "gradio_client.serializing")
    from playpage.patches.gradio import forget_apps

    forget_apps()
    current = asyncio.current_task()
    others = [task for task in asyncio.all_tasks() if task is not current]
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
    gradio_speed.prepare_app()
    sys.path_importer_cache.clear()
    importlib.invalidate_caches()
    for _ in range(3):
        gc.collect()
    # What is here stays: the collector need never look at it again.
    gc.freeze()
