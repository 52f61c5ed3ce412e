"""AssistantChat by keyboard, and as assistive technology finds it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect
from support.chats import Chat
from support.playground import ANSWER_MS

AXE = Path(__file__).resolve().parents[3] / "node_modules" / "axe-core" / "axe.min.js"


def test_answers_are_read_out_when_they_are_there(chat: Chat) -> None:
    log = chat.app.get_by_role("log")
    chat.say("long 60")
    expect(chat.bots().last).to_contain_text("word5", timeout=ANSWER_MS)
    expect(log).to_have_attribute("aria-busy", "true")
    chat.answered("word60")
    expect(log).not_to_have_attribute("aria-busy", "true")
    expect(log).to_have_attribute("aria-live", "polite")


def focused(chat: Chat) -> str:
    """The name of what has the keyboard, in the app or around it."""
    frame = chat.playground.page.frame(url=re.compile("preview"))
    assert frame
    if not frame.evaluate("document.hasFocus()"):
        return "(page)"
    name: str = frame.evaluate(
        "(it => (it?.getAttribute('aria-label') || it?.innerText || it?.tagName || '').trim())"
        "(document.activeElement)"
    )
    return name


def reach(chat: Chat, name: str, key: str = "Tab") -> None:
    """Press Tab until this has the keyboard."""
    reached: list[str] = []
    for _ in range(40):
        chat.playground.page.keyboard.press(key)
        reached.append(focused(chat))
        if reached[-1].startswith(name):
            return
    pytest.fail(f"{name} is not among {reached}")


def test_by_keyboard_alone(chat: Chat) -> None:
    keyboard = chat.playground.page.keyboard
    key = chat.app.locator("input[type=password]")
    key.focus()
    for name in ("TEXTAREA", "New conversation", "Save as Markdown", "Save as JSON"):
        reach(chat, name)
    reach(chat, "Add files", "Shift+Tab")
    reach(chat, "TEXTAREA")
    keyboard.type("long 900")
    reach(chat, "Send")
    keyboard.press("Enter")
    expect(chat.bots().last).to_contain_text("word5", timeout=ANSWER_MS)
    key.focus()
    reach(chat, "Stop")
    keyboard.press("Enter")
    chat.answered("Stopped.")
    reach(chat, "Edit", "Shift+Tab")
    keyboard.press("Enter")
    expect(chat.button("Submit")).to_be_visible()
    key.focus()
    reach(chat, "TEXTAREA")
    keyboard.press("ControlOrMeta+a")
    keyboard.type("say one")
    reach(chat, "Submit")
    keyboard.press("Enter")
    chat.answered("one")
    key.focus()
    reach(chat, "Retry")
    keyboard.press("Enter")
    expect(chat.button("Stop")).to_be_visible()
    chat.answered("one")
    key.focus()
    reach(chat, "say more")
    keyboard.press("Enter")
    chat.answered("more")
    key.focus()
    reach(chat, "New conversation")
    keyboard.press("Enter")
    expect(chat.bots()).to_have_count(0)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_serious(chat: Chat, theme: str) -> None:
    page = chat.playground.page
    page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
    chat.say("weather in Paris")
    chat.answered("In Paris it is")
    app = page.frame(url=re.compile("preview"))
    assert app
    serious = {}
    for frame in (page.main_frame, app):
        frame.evaluate(AXE.read_text("utf-8"))
        found = frame.evaluate("axe.run({resultTypes: ['violations'], iframes: false})")
        for violation in found["violations"]:
            if violation["impact"] in ("serious", "critical"):
                where = [node["target"] for node in violation["nodes"]]
                serious[violation["id"], frame is app] = where[:3]
    page.emulate_media(color_scheme="light")
    assert serious == {}
