"""The page in another site's page: two at once, blocked storage, heights, a host that refuses."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect
from support.embedding import CHAT, FORM, chat, embedding, height, lines, picture, wiki_page
from support.playground import ANSWER_MS, BOOT_MS


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
        expect(page.locator("iframe")).to_have_attribute("style", re.compile(r"height: [1-3]\d{3}"))
        page.wait_for_timeout(500)
        tall = height(page)
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
