"""The page in another site's page: heights, themes, sandboxes, policies, blocked storage."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest
from playpage_site.cli.embed import snippet
from playpage_site.cli.main import BUILD, build_if_changed
from playpage_site.dev.serve import Handler, Server
from playpage_site.links.program import Program
from playpage_site.links.v2 import encode_program
from playwright.sync_api import Browser, FrameLocator, Page, expect
from support.playground import ANSWER_MS, BOOT_MS, PICTURES

CHAT = """\
import gradio as gr

def answer(message, history):
    return message[::-1]

gr.ChatInterface(answer).launch()
"""
FORM = """\
import gradio as gr

with gr.Blocks() as demo:
    more = gr.Button("More")
    text = gr.Markdown("short", elem_id="text")
    more.click(lambda: "long\\n\\n" * 40, None, text)
demo.launch()
"""

CORS = {"Access-Control-Allow-Origin": "*"}
#: All that the page needs of a content-security policy.
STRICT = {
    "script-src": "'self' 'unsafe-inline' 'wasm-unsafe-eval'",
    "worker-src": "'self'",
    "connect-src": "'self' data:",
    "frame-src": "'self'",
    "style-src": "'self' 'unsafe-inline'",
    "img-src": "'self' data:",
    "default-src": "'none'",
}


class Headed(Handler):
    """The site with headers of the test's choice."""

    more: dict[str, str]

    def end_headers(self) -> None:
        for name, value in self.more.items():
            self.send_header(name, value)
        super().end_headers()


class Wiki(BaseHTTPRequestHandler):
    """One page, of another site."""

    html: str
    more: dict[str, str]

    def do_GET(self) -> None:
        body = f"<!doctype html><title>Wiki</title><h1>Wiki</h1>{self.html}".encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        for name, value in self.more.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Quiet."""


@contextmanager
def running(handler: Any, host: str) -> Iterator[str]:
    server = Server(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://{host}:{server.server_address[1]}/"
    finally:
        server.shutdown()
        server.server_close()


@contextmanager
def embedding(headers: dict[str, str] | None = None) -> Iterator[str]:
    """The site on 127.0.0.1; gives its address. The wiki is on localhost: another site."""
    build_if_changed()
    handler = type("Site", (Headed,), {"more": headers or {}})
    with running(partial(handler, directory=str(BUILD)), "127.0.0.1") as url:
        yield url


@contextmanager
def wiki_page(page: Page, html: str, headers: dict[str, str] | None = None) -> Iterator[Page]:
    with running(type("Page", (Wiki,), {"html": html, "more": headers or {}}), "localhost") as url:
        page.goto(url, wait_until="commit")
        yield page


def lines(site: str, code: str, query: str = "?editor=0", sandbox: str | None = None) -> str:
    """The snippet, as the command prints it."""
    fragment = encode_program(Program({"app.py": code.encode()}))
    html = snippet(f"{site}{query}#{fragment}", site, "Chat", 300)
    return html if sandbox is None else html.replace("<iframe", f'<iframe sandbox="{sandbox}"', 1)


def chat(frame: FrameLocator, words: str = "abc") -> None:
    box = frame.frame_locator("#app").locator("textarea").last
    expect(box).to_be_enabled(timeout=BOOT_MS)
    box.fill(words)
    box.press("Enter")
    answer = frame.frame_locator("#app").locator(".message.bot").first
    expect(answer).to_contain_text(words[::-1], timeout=ANSWER_MS)


def picture(page: Page, name: str) -> None:
    PICTURES.mkdir(exist_ok=True)
    page.screenshot(path=PICTURES / f"embed-{name}.png")


def height(page: Page) -> float:
    box = page.locator("iframe").first.bounding_box()
    assert box
    return box["height"]


def test_two_embeds_chat_where_storage_is_blocked(page: Page) -> None:
    with embedding() as site:
        html = lines(site, CHAT, "?editor=0&theme=dark") + lines(
            site, CHAT, "?editor=0&theme=light"
        )
        # Of the first frame only: Chromium alone decides, as it does for a reader.
        with wiki_page(page, html):
            first, second = page.frame_locator("iframe").nth(0), page.frame_locator("iframe").nth(1)
            chat(first)
            page.locator("iframe").nth(1).scroll_into_view_if_needed()
            chat(second)
            expect(first.locator(".bar")).to_be_hidden()
            dark = first.frame_locator("#app").locator("body.dark")
            expect(dark).to_have_count(1)
            expect(second.frame_locator("#app").locator("body.dark")).to_have_count(0)
            picture(page, "two")


def test_storage_is_blocked_in_the_frame_and_it_chats(browser: Browser) -> None:
    """As Chromium does where third-party storage is off: the getter throws."""
    context = browser.new_context()
    context.add_init_script(
        """for (const name of ["localStorage", "sessionStorage"])
          if (parent !== self)
            Object.defineProperty(Window.prototype, name, { configurable: true, get() {
              throw new DOMException("denied", "SecurityError") } }),
            delete window[name];"""
    )
    page = context.new_page()
    with embedding() as site, wiki_page(page, lines(site, CHAT)):
        frame = page.frame_locator("iframe").first
        chat(frame)
        app = frame.frame_locator("#app").locator("body")
        assert (
            app.evaluate("() => { localStorage.setItem('a', 1); return localStorage.getItem('a') }")
            == "1"
        )
    context.close()


def test_height_follows_the_app(page: Page) -> None:
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    with embedding() as site, wiki_page(page, lines(site, FORM)):
        app = page.frame_locator("iframe").first.frame_locator("#app")
        expect(app.locator("#text")).to_contain_text("short", timeout=BOOT_MS)
        wrong = f"target origin provided ('{site.rstrip('/')}')"
        assert not [it for it in said if wrong in it], "greeted before it was there"
        page.wait_for_timeout(500)
        assert height(page) < 400
        app.get_by_role("button", name="More").click()
        expect(app.locator("#text")).to_contain_text("long", timeout=ANSWER_MS)
        page.wait_for_timeout(1000)
        tall = height(page)
        assert 1000 < tall < 4000
        page.wait_for_timeout(1000)
        assert height(page) == tall, "it goes on growing"
        picture(page, "tall")


def test_script_that_comes_late(page: Page) -> None:
    """The frame has said that it is there, and nobody has heard it."""
    with embedding() as site:
        frame, _ = lines(site, FORM).split("\n")
        with wiki_page(page, frame):
            app = page.frame_locator("iframe").first.frame_locator("#app")
            app.get_by_role("button", name="More").click(timeout=BOOT_MS)
            expect(app.locator("#text")).to_contain_text("long", timeout=ANSWER_MS)
            page.wait_for_timeout(500)
            assert height(page) == 300
            page.add_script_tag(url=f"{site}embed.js")
            expect(page.locator("iframe")).to_have_attribute("style", re.compile("height: 1"))


@pytest.mark.parametrize("is_late", [False, True])
def test_host_that_refuses_the_frame(page: Page, is_late: bool) -> None:
    with embedding() as site:
        html = lines(site, FORM)
        frame, _ = html.split("\n")
        policy = {"Content-Security-Policy": "frame-src 'none'"}
        with wiki_page(page, frame if is_late else html, policy):
            if is_late:  # the browser has said that it refuses, before the script could hear it
                page.wait_for_timeout(500)
                page.add_script_tag(url=f"{site}embed.js")
            text = page.get_by_text("content-security policy refuses the frame")
            expect(text).to_contain_text(f"frame-src {site.rstrip('/')}")
            page.wait_for_timeout(200)
            expect(text).to_have_count(1)
            picture(page, "refused")


def test_messages_of_others_are_ignored(page: Page) -> None:
    with embedding() as site:
        html = lines(site, FORM, "?editor=0&host=https://wiki.example")
        with wiki_page(page, html):
            app = page.frame_locator("iframe").first.frame_locator("#app")
            expect(app.locator("#text")).to_contain_text("short", timeout=BOOT_MS)
            app.get_by_role("button", name="More").click()
            expect(app.locator("#text")).to_contain_text("long", timeout=ANSWER_MS)
            page.wait_for_timeout(1000)
            assert height(page) == 300, "told to a page that is not the named one"
            # Not from the frame: from the wiki's own window, and one with a foreign origin.
            page.evaluate("postMessage({ playpage: 'height', height: 900 }, '*')")
            page.evaluate(
                """() => dispatchEvent(new MessageEvent("message", {
                  data: { playpage: "height", height: 900 }, origin: "https://evil.example",
                  source: document.querySelector("iframe").contentWindow }))"""
            )
            page.wait_for_timeout(300)
            assert height(page) == 300
            page.evaluate(
                """site => dispatchEvent(new MessageEvent("message", {
                  data: { playpage: "height", height: 900 }, origin: new URL(site).origin,
                  source: document.querySelector("iframe").contentWindow }))""",
                site,
            )
            assert height(page) == 900


@pytest.mark.parametrize("sandbox", ["allow-scripts", "allow-scripts allow-same-origin"])
def test_sandboxed(page: Page, sandbox: str) -> None:
    headers = {} if "same-origin" in sandbox else CORS
    with embedding(headers) as site, wiki_page(page, lines(site, CHAT, sandbox=sandbox)):
        chat(page.frame_locator("iframe").first)
        picture(page, f"sandbox-{len(sandbox)}")


def test_sandbox_without_scripts(page: Page) -> None:
    with embedding() as site, wiki_page(page, lines(site, CHAT, sandbox="allow-same-origin")):
        notice = page.frame_locator("iframe").first.locator("noscript .notice")
        expect(notice).to_be_visible()
        expect(notice).to_contain_text("allow-scripts")
        picture(page, "no-scripts")


def test_sandbox_without_cors(page: Page) -> None:
    with embedding() as site, wiki_page(page, lines(site, CHAT, sandbox="allow-scripts")):
        message = page.frame_locator("iframe").first.locator("#message-text")
        expect(message).to_contain_text("allow-same-origin", timeout=BOOT_MS)
        expect(message).to_contain_text("Access-Control-Allow-Origin: *")
        picture(page, "no-cors")


def test_strict_policy_with_all_that_is_needed(page: Page) -> None:
    policy = "; ".join(f"{name} {value}" for name, value in STRICT.items())
    with embedding({"Content-Security-Policy": policy}) as site, wiki_page(page, lines(site, CHAT)):
        chat(page.frame_locator("iframe").first)


@pytest.mark.parametrize(
    ("name", "value", "asked"),
    [
        ("script-src", "'self'", "script-src 'wasm-unsafe-eval'"),
        ("script-src", "'self' 'unsafe-inline'", "script-src 'wasm-unsafe-eval'"),
        ("worker-src", "'none'", "worker-src 'self'"),
        ("connect-src", "'none'", "connect-src 'self' data:"),
        ("frame-src", "'none'", "frame-src 'self'"),
        ("script-src", "'none'", "script-src 'self' 'wasm-unsafe-eval'"),
    ],
)
def test_policy_that_lacks_something_is_named(
    page: Page, name: str, value: str, asked: str
) -> None:
    policy = "; ".join(f"{n} {v}" for n, v in {**STRICT, name: value}.items())
    with embedding({"Content-Security-Policy": policy}) as site, wiki_page(page, lines(site, CHAT)):
        frame = page.frame_locator("iframe").first
        shown = frame.locator("#message-text:visible, #stuck:visible, #error-list:visible")
        expect(shown).to_contain_text(re.compile(re.escape(asked)), timeout=BOOT_MS)
        picture(page, f"policy-{name}-{len(value)}")
