"""An open `AssistantChat`, and what a reader does in it."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from playpage_site.demo import ASSISTANT_ID, DEMO_KEY, Service
from playpage_site.links.legacy import legacy_link
from playwright.sync_api import Locator, Page, expect
from support.playground import ANSWER_MS, BOOT_MS, Playground, Site


@dataclass
class Chat:
    """One open chat."""

    playground: Playground
    service: Service

    @property
    def app(self) -> Any:
        return self.playground.app

    @property
    def box(self) -> Locator:
        return self.app.locator("textarea").last  # type: ignore[no-any-return]

    def bots(self) -> Locator:
        return self.app.locator(".message.bot")  # type: ignore[no-any-return]

    def button(self, name: str) -> Locator:
        return self.app.get_by_role("button", name=name, exact=True)  # type: ignore[no-any-return]

    def say(self, words: str) -> None:
        self.playground.say(words)

    def answered(self, text: str | re.Pattern[str]) -> None:
        """The last answer says this, and the next message can be sent."""
        expect(self.bots().last).to_contain_text(text, timeout=ANSWER_MS)
        expect(self.button("Send")).to_be_visible(timeout=ANSWER_MS)

    def start_anew(self) -> None:
        """Start a new conversation."""
        self.button("New conversation").click()
        expect(self.bots()).to_have_count(0)
        expect(self.button("Send")).to_be_visible()

    def wait_until(self, condition: Callable[[], object]) -> None:
        """Wait for something that the page does not show. Raises AssertionError after 20 s."""
        ends_s = time.monotonic() + 20
        while not condition():
            assert time.monotonic() < ends_s, "it has not come about"
            self.playground.page.wait_for_timeout(50)

    def asked(self, method: str, ending: str) -> list[Any]:
        return [r for r in self.service.log if r.method == method and r.path.endswith(ending)]

    def runs(self) -> list[str]:
        threads = self.service.store.threads.values()
        return [run.obj["status"] for thread in threads for run in thread.runs.values()]


def program(service: Service, keywords: str = f"assistant_id={ASSISTANT_ID!r}") -> str:
    return (
        "from playpage import AssistantChat\n"
        f"AssistantChat({service.base_url!r}, title='Ask', {keywords}).launch()\n"
    )


def open_chat(page: Page, site: Site, service: Service, keywords: str, key: str = DEMO_KEY) -> Chat:
    chat = Chat(Playground(page), service)
    chat.playground.open(legacy_link(site.url, program(service, keywords)))
    expect(chat.box).to_be_enabled(timeout=BOOT_MS)
    chat.app.locator("input[type=password]").fill(key)
    return chat


def stored(page: Page) -> dict[str, str]:
    """What the page keeps in the browser."""
    found: dict[str, str] = page.evaluate("({...localStorage, ...sessionStorage})")
    return found
