"""What is typed before the app is up: sent, kept or handed over, and never lost."""

from __future__ import annotations

from playpage_site.links.legacy import legacy_link
from playwright.sync_api import Locator, Page, expect
from support.playground import BOOT_MS, Playground, Site

CHAT = (
    "import gradio as gr\n"
    "TITLE = 'Talk <b>to</b> me'\n"
    "gr.ChatInterface(lambda m, h: m[::-1], type='messages', title=TITLE).launch()\n"
)


def open_early(page: Page, site: Site, code: str) -> tuple[Playground, Locator]:
    playground = Playground(page)
    page.goto(legacy_link(site.url, code), wait_until="commit")
    return playground, page.locator("#composer-text")


def test_message_sent_before_the_app_is_up(page: Page, site: Site) -> None:
    playground, composer = open_early(page, site, CHAT)
    expect(page.locator("#composer-title")).to_have_text("Talk <b>to</b> me")
    composer.fill("first\nsecond")
    composer.press("Enter")
    expect(page.locator("#composer-note")).to_contain_text("as soon as the app is ready")
    composer.fill("changed")
    playground.expect_answer("degnahc")
    expect(composer).to_be_hidden()


def test_unsent_text_goes_into_the_apps_box(page: Page, site: Site) -> None:
    playground, composer = open_early(page, site, CHAT)
    composer.fill("half a mess")
    composer.press("ArrowLeft")
    box = playground.app.locator("textarea").last
    expect(box).to_have_value("half a mess", timeout=BOOT_MS)
    expect(box).to_be_focused()
    page.keyboard.type("X")
    expect(box).to_have_value("half a mesXs")
    expect(playground.app.locator(".message")).to_have_count(0)


def test_half_typed_word_is_waited_for(page: Page, site: Site) -> None:
    """An input method that is putting a word together, as in Chinese, is not interrupted."""
    playground, composer = open_early(page, site, CHAT)
    composer.focus()
    session = page.context.new_cdp_session(page)
    session.send("Input.imeSetComposition", {"text": "你", "selectionStart": 1, "selectionEnd": 1})
    expect(page.locator("#state")).to_have_text("Ready", timeout=BOOT_MS)
    box = playground.app.locator("textarea").last
    box.wait_for(timeout=BOOT_MS)
    page.wait_for_timeout(500)
    expect(composer).to_be_visible()
    session.send("Input.insertText", {"text": "你好"})
    expect(composer).to_be_hidden()
    expect(box).to_have_value("你好")


def test_app_without_a_message_box_gives_the_text_back(page: Page, site: Site) -> None:
    code = "import gradio as gr\nwith gr.Blocks() as demo:\n    gr.Chatbot()\ndemo.launch()\n"
    _, composer = open_early(page, site, code)
    composer.fill("not lost")
    expect(page.locator("#notices")).to_contain_text("not lost", timeout=BOOT_MS)


def test_no_box_where_there_is_no_chat(page: Page, site: Site) -> None:
    playground, composer = open_early(page, site, "print('up')")
    expect(playground.console).to_contain_text("up", timeout=BOOT_MS)
    expect(composer).to_be_hidden()
