"""The page in another site's page, and what a reader does in it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from typing import Any

from playpage_site.cli.embed import snippet
from playpage_site.dev.serve import Server
from playpage_site.links.program import Program
from playpage_site.links.v2 import encode_program
from playwright.sync_api import FrameLocator, Page, expect
from support.playground import ANSWER_MS, BOOT_MS, PICTURES
from support.watched import watching

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
    with watching(headers=headers) as watched:
        yield watched.url


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
