"""AssistantChat as its author chooses it: language, history, address, looks."""

from __future__ import annotations

import json

import pytest
from playpage_site.demo import ASSISTANT_ID, DEMO_KEY, Service
from playpage_site.links.legacy import legacy_link
from playwright.sync_api import Browser, Page, expect
from support.chats import Chat, open_chat, program, stored
from support.playground import ANSWER_MS, BOOT_MS, Playground, Site

ASSISTANT = f"assistant_id={ASSISTANT_ID!r}"


def test_traditional_chinese(site: Site, browser: Browser, service: Service) -> None:
    """By the browser's language; the author's choice wins."""
    with browser.new_context(locale="zh-TW") as context:
        chat = open_chat(context.new_page(), site, service, ASSISTANT, key="wrong")
        expect(chat.button("新對話")).to_be_visible()
        chat.say("hello")
        expect(chat.bots().last).to_contain_text("服務不接受這把金鑰", timeout=ANSWER_MS)
        expect(chat.button("重新傳送")).to_be_visible()
        expect(chat.button("傳送")).to_be_visible()
        chat.playground.screenshot("chat-zh-hant-wrong-key")
        page = chat.playground.page
        page.set_viewport_size({"width": 390, "height": 800})
        page.emulate_media(color_scheme="dark")
        page.wait_for_timeout(300)  # it scrolls
        chat.playground.screenshot("chat-zh-hant-390-dark-wrong-key")
        english = open_chat(context.new_page(), site, service, f"{ASSISTANT}, lang='en'")
        expect(english.button("New conversation")).to_be_visible()
        expect(english.button("Send")).to_be_visible()


def test_language_of_an_address(site: Site, page: Page, service: Service) -> None:
    """The chat's words and Gradio's own."""
    chat = Chat(Playground(page), service)
    link = legacy_link(site.url, program(service, ASSISTANT))
    chat.playground.open(f"{link}&lang=zh-Hant")
    expect(chat.button("新對話")).to_be_visible(timeout=BOOT_MS)
    chat.app.locator("input[type=password]").fill(DEMO_KEY)
    chat.say("hello")
    expect(chat.bots().last).to_contain_text("demo assistant", timeout=ANSWER_MS)
    expect(chat.button("傳送")).to_be_visible(timeout=ANSWER_MS)
    expect(chat.button("重試")).to_be_visible()


@pytest.mark.parametrize("history", ["off", "session", "local"])
def test_history_is_kept_where_the_author_says(
    history: str, site: Site, page: Page, service: Service
) -> None:
    keywords = f"{ASSISTANT}, history={history!r}"
    chat = open_chat(page, site, service, keywords)
    chat.say("my name is Ada")
    chat.answered("turn 1")

    def kept() -> list[str]:
        return [text for text in stored(page).values() if "my name is Ada" in text]

    if history == "off":
        page.wait_for_timeout(1000)
        assert kept() == []
    else:
        chat.wait_until(kept)
        assert len(kept()) == 1
    assert DEMO_KEY not in json.dumps(stored(page))

    page.reload()
    expect(chat.box).to_be_enabled(timeout=BOOT_MS)
    if history == "off":
        page.wait_for_timeout(1000)
        expect(chat.bots()).to_have_count(0)
        return
    expect(chat.bots()).to_have_count(1)
    chat.app.locator("input[type=password]").fill(DEMO_KEY)
    chat.say("and what is my name?")
    chat.answered("my name is Ada")  # the whole conversation is sent
    chat.start_anew()
    chat.wait_until(lambda: "Ada" not in json.dumps(stored(page)))


def test_reader_names_the_service(site: Site, page: Page, service: Service) -> None:
    chat = open_chat(page, site, service, "editable=True")
    fields = chat.app.locator("input[type=text]:visible, textarea:visible")
    expect(fields.first).to_be_visible()
    chat.app.get_by_label("Assistant", exact=True).fill(ASSISTANT_ID)
    chat.say("hello")
    chat.answered("demo assistant")


def test_looks(site: Site, browser: Browser, service: Service) -> None:
    """Nothing is wider than the page. The pictures are to be looked at."""
    keywords = f"{ASSISTANT}, description='Ask about the weather.'"
    with browser.new_context(viewport={"width": 1100, "height": 800}) as context:
        page = context.new_page()
        chat = open_chat(page, site, service, keywords)
        frame = page.frame(url=lambda url: "preview" in url)
        assert frame

        def picture(state: str) -> None:
            for width in (390, 1100):
                page.set_viewport_size({"width": width, "height": 800})
                for theme in ("light", "dark"):
                    page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
                    page.wait_for_timeout(300)  # it scrolls
                    chat.playground.screenshot(f"chat-{theme}-{width}-{state}")
                assert frame.evaluate("document.documentElement.scrollWidth <= innerWidth + 1")

        picture("empty")
        chat.say("weather in Paris and Rome")
        chat.answered("In Rome it is")
        picture("tools")
        chat.say("http 503")
        chat.answered("has a problem")
        picture("error")
