"""The template apps that use AssistantChat, each opened by a link."""

from __future__ import annotations

import pytest
from golden.app_links import APPS, ROOT
from playpage_site.demo import DEMO_KEY, Service
from playpage_site.links.legacy import legacy_link
from playwright.sync_api import Page, expect
from support.chats import Chat
from support.playground import BOOT_MS, Playground, Site


@pytest.mark.parametrize("name", list(APPS))
def test_template_app_chats(name: str, site: Site, page: Page, service: Service) -> None:
    code = (ROOT / "py" / "apps" / f"{name}.py").read_text("utf-8")
    code = code.replace("http://127.0.0.1:8001/v1", service.base_url)
    chat = Chat(Playground(page), service)
    chat.playground.open(legacy_link(site.url, code))
    expect(chat.box).to_be_enabled(timeout=BOOT_MS)
    chat.app.locator("input[type=password]").fill(DEMO_KEY)
    chat.say("hello")
    chat.answered("demo assistant")
    if name in ("assistant", "own_tools"):
        chat.say("weather in Paris and Rome")
        chat.answered("In Rome it is")
        expect(chat.app.get_by_text("Tool: get_weather")).to_have_count(2)
    if name == "own_tools":
        chat.say('call days_until {"day": "2000-01-01"}')
        chat.answered("days_until answered")
    expect(chat.playground.errors.locator("> *")).to_have_count(0)
