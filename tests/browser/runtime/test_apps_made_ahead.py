"""Apps that gradio makes otherwise than a plain chat, in a page where one is made ahead of time.

One page runs them all: they ask their own app over ASGI for what its front end would.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playpage_site.links.legacy import legacy_link
from playwright.sync_api import Browser, expect
from support.playground import Playground, Site
from support.starts import watch

ASK = """\
import gradio as gr, httpx, openai
from gradio import wasm_utils

def browser(cookies=None):
    app = wasm_utils.app_map[None]
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://app", cookies=cookies
    )

async def labels(path="/config"):
    async with browser() as client:
        config = (await client.get(path)).json()
    return sorted(c["props"]["label"] for c in config["components"] if c["type"] == "textbox")

async def call(name, *data):
    async with browser() as client:
        joined = await client.post(f"/gradio_api/call/{name}", json={"data": data})
        answer = await client.get(f"/gradio_api/call/{name}/{joined.json()['event_id']}")
    return answer.text.split("data: ")[-1].strip()
"""

TWO_LAUNCHES = """
for n in ("one", "two"):
    with gr.Blocks() as demo:
        box = gr.Textbox(label=n)
        box.submit(lambda text, n=n: f"{n} {text}", box, box, api_name="say")
    demo.launch()
    print(n, await labels(), await call("say", "hi"))
demo.launch()
print("again", await labels(), await call("say", "hi"))
"""

NESTED = """
with gr.Blocks() as inner:
    box = gr.Textbox(label="inner")
    box.submit(lambda text: text.upper(), box, box, api_name="shout")
with gr.Blocks() as demo:
    gr.Textbox(label="outer")
    inner.render()
    chat = gr.ChatInterface(lambda m, h: m[::-1], type="messages")
demo.launch()
print("nested", await labels(), await call("shout", "abc"))
"""

TABS = """
one = gr.Interface(lambda text: text * 2, gr.Textbox(label="in1"), gr.Textbox(label="out1"))
two = gr.Interface(lambda text: text[::-1], gr.Textbox(label="in2"), gr.Textbox(label="out2"))
demo = gr.TabbedInterface([one, two], ["first", "second"])
demo.launch()
print("tabs", await labels(), await call("predict", "ab"), await call("predict_1", "ab"))
"""

PAGES = """
with gr.Blocks() as demo:
    gr.Textbox(label="home")
with demo.route("Up"):
    box = gr.Textbox(label="up")
    box.submit(lambda text: text.upper(), box, box, api_name="shout")
demo.launch()
async with browser() as client:
    config = (await client.get("/config")).json()
routes = {route.path for route in wasm_utils.app_map[None].routes}
print("pages", config["pages"], sorted(config["page"]), await call("shout", "ab"), "/up" in routes)
"""

DELETE_CACHE = """
with gr.Blocks(delete_cache=(3600, 3600)) as demo:
    box = gr.Textbox(label="kept")
    box.submit(lambda text: text.upper(), box, box, api_name="shout")
demo.launch()
print("delete_cache", await labels(), await call("shout", "ab"), demo.delete_cache)
"""

AUTH = """
with gr.Blocks() as demo:
    box = gr.Textbox(label="secret")
demo.launch(auth=("ann", "pass"))
async with browser() as client:
    before = (await client.get("/config")).status_code
    wrong = await client.post("/login", data={"username": "ann", "password": "x"})
    right = await client.post("/login", data={"username": "ann", "password": "pass"})
    cookies = {n.replace("token-", "token-unsecure-", 1): v for n, v in right.cookies.items()
               if "unsecure" not in n} | dict(right.cookies)
async with browser(cookies) as client:
    after = (await client.get("/config")).status_code
print("auth", before, wrong.status_code, right.status_code, after)

with gr.Blocks() as demo:
    gr.Textbox(label="open")
demo.launch()
print("no auth", await labels())
"""

APP_KWARGS = """
with gr.Blocks() as demo:
    gr.Textbox(label="docs")
demo.launch(app_kwargs={"docs_url": "/own-docs"})
async with browser() as client:
    own = (await client.get("/own-docs")).status_code
demo.close()
with gr.Blocks() as demo:
    gr.Textbox(label="plain")
demo.launch()
async with browser() as client:
    plain = (await client.get("/own-docs")).status_code
print("app_kwargs", own, plain, await labels())
"""

SECRETS = """
seen = set()
for n in range(3):
    with gr.Blocks() as demo:
        pass
    demo.launch()
    app = wasm_utils.app_map[None]
    seen |= {app.cookie_id, app.queue_token, app.analytics_key}
print("secrets", len(seen))
"""

LOGIN_BUTTON = """
try:
    with gr.Blocks() as demo:
        gr.LoginButton()
except ImportError as error:
    print("login", "gradio[oauth]" in str(error))
"""

CHAT = """
gr.ChatInterface(lambda m, h: m[::-1], type="messages").launch()
"""

PROGRAMS = {
    "two launches": (
        TWO_LAUNCHES,
        [
            """one ['one'] ["one hi"]""",
            """two ['two'] ["two hi"]""",
            """again ['two'] ["two hi"]""",
        ],
    ),
    "nested": (NESTED, ["""nested ['', 'inner', 'outer'] ["ABC"]"""]),
    "tabs": (TABS, ["""tabs ['in1', 'in2', 'out1', 'out2'] ["abab"] ["ba"]"""]),
    "pages": (PAGES, ["""pages [['', 'Home'], ['up', 'Up']] ['', 'up'] ["AB"] True"""]),
    "delete_cache": (DELETE_CACHE, ["""delete_cache ['kept'] ["AB"] (3600, 3600)"""]),
    "auth": (AUTH, ["auth 401 400 200 200", "no auth ['open']"]),
    "app_kwargs": (APP_KWARGS, ["app_kwargs 200 404 ['plain']"]),
    "secrets": (SECRETS, ["secrets 9"]),
    "login button": (LOGIN_BUTTON, ["login True"]),
}


@pytest.fixture(scope="module")
def playground(browser: Browser, site: Site) -> Iterator[Playground]:
    """A chat that was restored."""
    context = browser.new_context()
    page = context.new_page()
    asked_for = watch(page)
    playground = Playground(page)
    playground.open(legacy_link(site.url, ASK + CHAT))
    playground.wait_until_ended()
    assert not asked_for("code-base"), "not restored"
    yield playground
    context.close()


@pytest.mark.parametrize("name", PROGRAMS)
def test_app_of_another_kind(name: str, playground: Playground) -> None:
    code, lines = PROGRAMS[name]
    playground.set_code(ASK + code)
    playground.run()
    expect(playground.errors).to_have_text("")
    for line in lines:
        expect(playground.console).to_contain_text(line)


def test_chat_after_all_of_them(playground: Playground) -> None:
    playground.set_code(ASK + CHAT)
    playground.run()
    playground.chat()
