"""Runs inside Pyodide, at build time: does once what a page does until a chat can be typed into.

`warm_up()` leaves the app running; `settle()` takes it down again. Called by bytecode.mjs
and by snapshot.mjs, which leaves `visit()` out: how often a background task has run depends on
the machine, and would make each snapshot another.
"""

# mypy: ignore-errors

import asyncio
import gc
import importlib
import sys

importlib.invalidate_caches()

from playpage.runtime import asgi, bridge, gradio_setup, gradio_speed, wake  # noqa: E402
from playpage.runtime.environment import prepare_environment  # noqa: E402
from playpage.runtime.standins import install_standins  # noqa: E402


async def warm_up():
    """Import and call what a chat needs; what is imported lazily is imported too."""
    prepare_environment()
    install_standins()
    gradio_setup.prepare_gradio(print)
    import gradio as gr
    import httpx
    import httpx_pyfetch
    import jiter
    import micropip
    import openai
    from openai.resources import beta, chat, responses

    httpx_pyfetch.install()
    openai.AsyncOpenAI(api_key="none", http_client=httpx.AsyncClient())
    with gr.Blocks() as demo:
        gr.ChatInterface(lambda message, history: message, type="messages")
    demo.launch(quiet=True)
    return bridge, wake, jiter, micropip, beta, chat, responses


async def visit():
    """Ask for what the front end asks for first. It starts gradio's background tasks."""
    statuses = [await status_of(path) for path in ("/config", "/theme.css")]
    assert statuses == [200, 200], statuses


async def status_of(path):
    events = iter([{"type": "http.request", "body": b"", "more_body": False}])
    statuses = []

    async def receive():
        return next(events, {"type": "http.disconnect"})

    request = {"method": "GET", "path": path, "query": "", "headers": []}
    await asgi.call_app(
        request, receive, lambda status, _headers: statuses.append(status), lambda _body: None
    )
    return statuses[0]


async def settle():
    """End the app and all tasks, and forget everything that belongs to it."""
    from gradio import wasm_utils
    from gradio.context import Context

    for app in wasm_utils.app_map.values():
        app.blocks.close(verbose=False)
    wasm_utils.app_map.clear()
    wasm_utils.error_traceback_callback_map.clear()
    Context.root_block = Context.block = None
    Context.id = 0
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
