"""What tests of a start need: programs, and what a page asked for while it started."""

from __future__ import annotations

from collections.abc import Callable

from playpage_site.registry.wheels import read_lock
from playwright.sync_api import Page, Route

PAGE_LAYERS = ("base", "gradio", "openai")

CHAT = (
    "import gradio as gr\nimport openai\n"
    "gr.ChatInterface(lambda m, h: m[::-1], type='messages').launch()\n"
)


#: Prints one line a fact; only what is random or the time may differ between two starts.
CONFORMANCE = """\
import asyncio, datetime, json, random, sys, time, uuid
import gradio, jiter, openai, pydantic

class Model(pydantic.BaseModel):
    number: int

try:
    Model(number="x")
except pydantic.ValidationError as error:
    print("pydantic", error.errors()[0]["type"])
print("jiter", jiter.from_json(b'{"a": [1, 2.5, null]}'))
print("versions", gradio.__version__, openai.__version__, sys.version_info[:3])

async def both():
    done = []
    async def one(name, wait_s):
        await asyncio.sleep(wait_s)
        done.append(name)
    await asyncio.gather(one("slow", 0.05), one("fast", 0.01))
    return done
print("asyncio", await both())

client = openai.AsyncOpenAI(api_key="k", base_url="http://127.0.0.1:9/v1", max_retries=0)
try:
    await client.models.list()
except openai.APIConnectionError as error:
    print("openai", type(error).__name__)

import sqlite3, decimal
row = sqlite3.connect(":memory:").execute("select 6 * 7").fetchone()
print("stdlib", row, decimal.Decimal("0.1"))
import ctypes
text = ctypes.pythonapi.PyUnicode_FromFormat
text.restype = ctypes.py_object
print("linked", text(b"hello"), ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_int)(abs)(-42))
import micropip
await micropip.install("tqdm")
import tqdm
print("installed", tqdm.tqdm.__name__)
print("zone", time.timezone, time.altzone, time.localtime().tm_gmtoff)
print("hour", datetime.datetime.now().strftime("%Y-%m-%d %H"))
# An extension that was not there when the snapshot was taken: jiter, by another name.
import io, re, zipfile
from js import URL, location
from pyodide.http import pyfetch
index = URL.new("../index/jiter/", location.href).href
name = re.search('href="([^"#]+)', await (await pyfetch(index + "index.html")).string())[1]
wheel = zipfile.ZipFile(io.BytesIO(await (await pyfetch(index + name)).bytes()))
path = "/tmp/" + name.replace("jiter-", "second-")
with zipfile.ZipFile(path, "w") as second:
    for part in wheel.namelist():
        text = wheel.read(part)
        if part.endswith("/METADATA"):
            text = text.replace(b"Name: jiter", b"Name: second")
        second.writestr(part.replace("jiter/", "second/").replace("jiter-", "second-"), text)
await micropip.install("emfs:" + path)
import second
print("extension", second.from_json is not jiter.from_json, second.from_json(b'[1, "x", 2.5]'))
from pyodide.ffi import can_run_sync
print("jspi", can_run_sync())

import os, secrets, tempfile
from gradio import wasm_utils
with gradio.Blocks() as demo:
    pass
demo.launch()
app = wasm_utils.app_map[None]
print("random", random.random(), uuid.uuid4(), secrets.token_hex(8), os.urandom(8).hex(),
      tempfile.mktemp(), app.cookie_id, app.queue_token)
"""


def locked_version(name: str) -> str:
    """The version of a package that every page has: not one of its index."""
    (version,) = {w.version for w in read_lock() if w.name == name and w.layer in PAGE_LAYERS}
    return version


def flip(route: Route) -> None:
    body = bytearray(route.fetch().body())
    body[len(body) // 2] ^= 0x55
    route.fulfill(body=bytes(body), content_type="application/octet-stream")


def watch(page: Page) -> Callable[[str], bool]:
    """Tells whether a pack of this name was asked for.

    A normal start asks for packs of code; one from the snapshot asks for the heap instead.
    """
    seen: list[str] = []
    page.on("request", lambda request: seen.append(request.url))
    return lambda name: any(f"/packs/{name}-" in url for url in seen)
