"""Drives the playground as a reader does: by its buttons, editor, panes and the app."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from playpage_site.links.legacy import legacy_link
from playwright.sync_api import BrowserContext, FrameLocator, Locator, Page, Route, expect

#: A start compiles some 1,900 Python files on whatever machine this is.
BOOT_MS = 120_000
ANSWER_MS = 60_000

PICTURES = Path(__file__).resolve().parents[2] / "test-results"


@dataclass
class Site:
    """The built site as served. `url` ends in `/`."""

    url: str


@dataclass
class Traffic:
    """The addresses that pages asked for.

    foreign: those that are not of this machine. answered: beginnings of addresses that the test
    answers itself, in the name of a host that cannot be reached.
    """

    foreign: list[str] = field(default_factory=list)
    seen: list[str] = field(default_factory=list)
    answered: list[str] = field(default_factory=list)

    def note(self, url: str) -> None:
        if url.startswith(("http:", "https:", "ws:", "wss:")):
            self.seen.append(url)
            ours = ("http://127.0.0.1:", "http://localhost:", *self.answered)
            if not url.startswith(ours):
                self.foreign.append(url)

    def clear(self) -> None:
        self.foreign.clear()
        self.seen.clear()


@dataclass
class Playground:
    """One open playground page.

    traffic: what the page has asked for, where it is recorded. is_spent: no other test can use
    the page.
    """

    page: Page
    traffic: Traffic = field(default_factory=Traffic)
    is_spent: bool = False

    @property
    def app(self) -> FrameLocator:
        return self.page.frame_locator("#app")

    @property
    def console(self) -> Locator:
        return self.page.locator("#console-log")

    @property
    def errors(self) -> Locator:
        return self.page.locator("#error-list")

    def open(self, url: str) -> None:
        self.page.goto(url)

    def open_code(self, site: Site, code: str, requirements: Sequence[str] = ()) -> None:
        """Open a link to a program, and wait until it has ended."""
        self.open(legacy_link(site.url, code, requirements))
        self.wait_until_ended()

    def show(self, code: str) -> None:
        """Put a program into the editor, and run it to its end."""
        self.set_code(code)
        self.run()

    def wait_until_ended(self) -> None:
        """Until the program of the last Run has come to its end."""
        expect(self.page.locator("#state")).to_have_text("Ready", timeout=BOOT_MS)

    def set_code(self, code: str) -> None:
        """Replace what is in the editor, as select-all and paste do."""
        self.page.locator(".cm-content").click()
        self.page.keyboard.press("ControlOrMeta+a")
        self.page.keyboard.insert_text(code)
        # The editor draws only the lines around the cursor, which is now at the end.
        drawn = self.page.locator(".cm-line").all_inner_texts()
        assert code.rstrip("\n").rpartition("\n")[2] in drawn[-2:], "typed somewhere else"

    def run(self) -> None:
        """Press Run and wait until the program has ended."""
        # A short program's "Running" is over before it can be seen; so the last "Ready" goes.
        self.page.locator("#state").evaluate("it => { it.textContent = '' }")
        self.page.get_by_role("button", name="Run").click()
        self.wait_until_ended()

    def say(self, words: str) -> None:
        """Type into the chat's message box and press Enter."""
        box = self.app.locator("textarea").last
        expect(box).to_be_enabled(timeout=BOOT_MS)
        box.fill(words)
        box.press("Enter")

    def expect_answer(self, pattern: str | re.Pattern[str], turn: int = 1) -> None:
        """The assistant's `turn`-th message says this."""
        message = self.app.locator(".message.bot").nth(turn - 1)
        expect(message).to_contain_text(pattern, timeout=ANSWER_MS)

    def chat(self) -> None:
        """Have an answer of an app that turns what is said round."""
        self.say("stressed")
        self.expect_answer("desserts")

    def screenshot(self, name: str) -> None:
        """Keep a picture under test-results/, to be looked at."""
        PICTURES.mkdir(exist_ok=True)
        self.page.screenshot(path=PICTURES / f"{name}.png")


def lead_to(context: BrowserContext, traffic: Traffic, host: str, service_url: str) -> None:
    """Answer requests for https://`host` from the test service, which has no such name."""

    def fetch(route: Route) -> None:
        path = route.request.url.partition(host)[2]
        route.fulfill(response=route.fetch(url=service_url + path))

    traffic.answered.append(f"https://{host}/")
    context.route(f"https://{host}/**", fetch)


def without_jspi(route: Route) -> None:
    """The worker as in an engine that has no JavaScript Promise Integration."""
    response = route.fetch()
    remove = "delete WebAssembly.Suspending; delete WebAssembly.promising;\n"
    route.fulfill(response=response, body=remove + response.text())


def without_python(page: Page) -> None:
    """The worker is asked for and does not arrive, as long as the page is open."""
    page.route("**/js/worker.js", lambda _route: None)
    page.route("**/lite/**", lambda route: route.abort())
