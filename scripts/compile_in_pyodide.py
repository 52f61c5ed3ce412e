"""Runs inside Pyodide, at build time: starts a chat once and compiles what it imported.

Called by bytecode.mjs with `SITE_PACKAGES` and `STDLIB_ZIP` in its globals; the last
expression gives the compiled files. Only what a start imports is compiled: byte code for
everything would double the download for modules that nobody loads.
"""

# ruff: noqa: F821 - the two names come from bytecode.mjs
# mypy: ignore-errors

import base64
import importlib._bootstrap_external
import importlib.util
import json
import sys
import zipfile

from playpage.runtime import asgi, gradio_setup
from playpage.runtime.environment import prepare_environment
from playpage.runtime.standins import install_standins


async def start_a_chat():
    """Import and call what the page does until a chat can be typed into."""
    prepare_environment()
    install_standins()
    import httpx_pyfetch

    httpx_pyfetch.install()
    gradio_setup.prepare_gradio(print)
    import gradio as gr
    import httpx
    import micropip
    import openai
    from openai.resources import beta, chat, responses

    openai.AsyncOpenAI(api_key="none", http_client=httpx.AsyncClient())
    with gr.Blocks() as demo:
        gr.ChatInterface(lambda message, history: message, type="messages")
    demo.launch()
    answered = []
    events = iter([{"type": "http.request", "body": b"", "more_body": False}])

    async def receive():
        return next(events, {"type": "http.disconnect"})

    for path in ("/config", "/theme.css"):
        events = iter([{"type": "http.request", "body": b"", "more_body": False}])
        request = {"method": "GET", "path": path, "query": "", "headers": []}
        await asgi.call_app(
            request, receive, lambda status, headers: answered.append(status), lambda body: None
        )
    assert answered == [200, 200], answered
    return micropip, beta, chat, responses


def compiled(source, name):
    """A .pyc that is never checked against its source (PEP 552, unchecked hash)."""
    code = compile(source, name, "exec", dont_inherit=True)
    digest = importlib.util.source_hash(source)
    return bytes(importlib._bootstrap_external._code_to_hash_pyc(code, digest, checked=False))


def imported_files():
    return sorted(
        {
            file
            for module in list(sys.modules.values())
            if (file := getattr(module, "__file__", None)) and file.endswith(".py")
        }
    )


async def main():
    await start_a_chat()
    packages, stdlib = {}, {}
    with zipfile.ZipFile(STDLIB_ZIP) as archive:
        for file in imported_files():
            if file.startswith(SITE_PACKAGES + "/"):
                source = open(file, "rb").read()
                target = importlib.util.cache_from_source(file)
                packages[target.removeprefix(SITE_PACKAGES + "/")] = compiled(source, file)
            elif file.startswith(STDLIB_ZIP + "/"):
                name = file.removeprefix(STDLIB_ZIP + "/")
                stdlib[name + "c"] = compiled(archive.read(name), file)
    return json.dumps({"packages": as_text(packages), "stdlib": as_text(stdlib)})


def as_text(files):
    return {path: base64.b64encode(content).decode("ascii") for path, content in files.items()}


await main()
