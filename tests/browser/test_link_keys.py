"""A key that comes with a link goes to the program, and to no other place."""

from __future__ import annotations

import json

import pytest
from browser.playground import Playground, Site, Traffic
from key_seal import seal_key
from link_v2 import encode_program
from playwright.sync_api import BrowserContext, Page, expect
from program import Program

KEY = "sk-revocable-key-of-the-test"
CODE = "import os\nkey = os.environ.get('OPENAI_API_KEY', '')\nprint(len(key), key[3:7])\n"
PROGRAM = Program({"app.py": CODE.encode()})
FRAGMENT = "#" + encode_program(PROGRAM)
STORED = """async () => JSON.stringify([
    { ...localStorage }, { ...sessionStorage }, document.cookie, history.state, name,
    await indexedDB.databases(),
    await Promise.all((await caches.keys()).map(async (name) =>
        (await (await caches.open(name)).keys()).map((request) => request.url))),
])"""


def assert_key_is_nowhere(page: Page, site: Site, traffic: Traffic, sealed: str) -> None:
    stored = page.evaluate(STORED)
    for secret in (KEY, sealed, "key="):
        assert secret not in page.url
        assert secret not in stored
        assert secret not in json.dumps(traffic.seen)
        assert secret not in page.content()
    assert page.url == site.url + FRAGMENT
    page.goto("about:blank")
    page.go_back()
    assert page.url == site.url + FRAGMENT


def test_plain_key(page: Page, site: Site, traffic: Traffic) -> None:
    sealed = seal_key(KEY, None)
    playground = Playground(page)
    playground.open(f"{site.url}{FRAGMENT}&key={sealed}")
    playground.wait_until_ended()
    expect(playground.console).to_contain_text("28 revo")
    assert_key_is_nowhere(page, site, traffic, sealed)


def test_locked_key(page: Page, site: Site, traffic: Traffic) -> None:
    sealed = seal_key(KEY, "größe & horse")
    assert seal_key(KEY, "größe & horse") != sealed, "the same salt twice"
    playground = Playground(page)
    playground.open(f"{site.url}{FRAGMENT}&key={sealed}")
    dialog = page.get_by_role("dialog", name="This link brings a key")
    box = dialog.get_by_label("Passphrase")
    box.fill("wrong")
    box.press("Enter")
    expect(dialog.get_by_role("alert")).to_contain_text("not the passphrase")
    assert "key=" not in page.url
    box.fill("größe & horse")
    dialog.get_by_role("button", name="Unlock").click()
    expect(dialog).to_have_count(0)
    playground.wait_until_ended()
    expect(playground.console).to_contain_text("28 revo")
    assert_key_is_nowhere(page, site, traffic, sealed)


def test_going_on_without(page: Page, site: Site, traffic: Traffic) -> None:
    playground = Playground(page)
    playground.open(f"{site.url}{FRAGMENT}&key={seal_key(KEY, 'x')}")
    page.get_by_role("button", name="Go on without the key").click()
    playground.wait_until_ended()
    expect(playground.console).to_contain_text("0")


def test_key_beside_an_old_link(page: Page, site: Site, traffic: Traffic) -> None:
    page.goto(f"{site.url}?code=eCA9IDE#key={seal_key(KEY, None)}")
    expect(page.get_by_text("Code from the link")).to_be_visible()
    assert page.url == f"{site.url}?code=eCA9IDE"


@pytest.mark.parametrize(
    "sealed", ["", "plain", "plain.<", "locked.1.AAAA", "locked.999999999.AAAA", "locked.600000.AA"]
)
def test_broken_key(
    page: Page, context: BrowserContext, site: Site, traffic: Traffic, sealed: str
) -> None:
    page.goto(f"{site.url}{FRAGMENT}&key={sealed}")
    if sealed.startswith("locked."):
        page.get_by_label("Passphrase").fill("x")
        page.get_by_role("button", name="Unlock").click()
    notice = page.get_by_role("alert").filter(has_text="key")
    expect(notice).to_contain_text("cannot be read: it was cut short or changed on the way")
    assert "key=" not in page.url
