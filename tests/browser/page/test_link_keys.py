"""A key that comes with a link goes to the program, and to no other place."""

from __future__ import annotations

import json

import pytest
from playpage_site.links.key_seal import seal_key
from playpage_site.links.program import Program
from playpage_site.links.v2 import encode_program
from playwright.sync_api import BrowserContext, Locator, Page, expect
from support.playground import PICTURES, Playground, Site, Traffic, without_python

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


def assert_key_is_nowhere(
    page: Page, site: Site, traffic: Traffic, sealed: str, fragment: str = FRAGMENT
) -> None:
    stored = page.evaluate(STORED)
    for secret in (KEY, sealed, "key="):
        assert secret not in page.url
        assert secret not in stored
        assert secret not in json.dumps(traffic.seen)
        assert secret not in page.content()
    assert page.url == site.url + fragment
    page.goto("about:blank")
    page.go_back()
    assert page.url == site.url + fragment


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
    dialog = page.get_by_role("dialog", name="This link contains a key")
    box = dialog.get_by_label("Passphrase")
    box.fill("wrong")
    box.press("Enter")
    expect(dialog.get_by_role("alert")).to_contain_text("passphrase is wrong")
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
    page.get_by_role("button", name="Continue without the key").click()
    playground.wait_until_ended()
    expect(playground.console).to_contain_text("0")


def test_key_beside_an_old_link(page: Page, site: Site, traffic: Traffic) -> None:
    without_python(page)
    page.goto(f"{site.url}?code=eCA9IDE#key={seal_key(KEY, None)}")
    expect(page.get_by_text("Code from the link")).to_be_visible()
    assert page.url == f"{site.url}?code=eCA9IDE"


@pytest.mark.parametrize(
    "sealed", ["", "plain", "plain.<", "locked.1.AAAA", "locked.999999999.AAAA", "locked.600000.AA"]
)
def test_broken_key(page: Page, site: Site, traffic: Traffic, sealed: str) -> None:
    without_python(page)
    page.goto(f"{site.url}{FRAGMENT}&key={sealed}")
    if sealed.startswith("locked."):
        page.get_by_label("Passphrase").fill("x")
        page.get_by_role("button", name="Unlock").click()
    notice = page.get_by_role("alert").filter(has_text="key")
    expect(notice).to_contain_text("cannot be read: it was cut short or changed on the way")
    assert "key=" not in page.url


def share_dialog(page: Page, site: Site) -> Locator:
    """The Share dialog, its fields for a key unfolded, as by the keyboard."""
    page.goto(site.url + FRAGMENT)
    page.get_by_role("button", name="Share").click()
    dialog = page.get_by_role("dialog", name="A link to this program")
    expect(dialog.get_by_label("Key", exact=True)).to_be_hidden()
    dialog.get_by_text("Include a key").focus()
    page.keyboard.press("Enter")
    expect(dialog).to_contain_text("Hand out only a key that you can revoke")
    return dialog


def shared_link(dialog: Locator) -> str:
    return dialog.get_by_role("textbox", name="Link to this program").input_value()


def fill_by_keyboard(page: Page, passphrase: str) -> None:
    for words in (KEY, passphrase):
        page.keyboard.press("Tab")
        page.keyboard.insert_text(words)
    page.keyboard.press("Tab")
    page.keyboard.press("Space")  # the box to tick
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")


@pytest.mark.parametrize("passphrase", ["größe & horse", ""])
def test_share_a_key_and_open_it(
    page: Page, context: BrowserContext, site: Site, traffic: Traffic, passphrase: str
) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    without_python(page)
    dialog = share_dialog(page, site)
    plain = shared_link(dialog)
    fill_by_keyboard(page, passphrase)
    says = "locked by the passphrase" if passphrase else "whoever sees the link can read it"
    expect(dialog.get_by_role("status")).to_contain_text(says)
    link = shared_link(dialog)
    assert link.startswith(f"{plain}&key={'locked.600000.' if passphrase else 'plain.'}")
    assert KEY not in link
    expect(dialog.get_by_label("Key", exact=True)).to_have_value("")
    expect(dialog.get_by_label("Passphrase")).to_have_value("")
    assert page.evaluate("navigator.clipboard.readText()") == plain, "copied unasked"
    dialog.get_by_role("button", name="Copy").click()
    expect(dialog.get_by_role("button", name="Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == link
    sealed = link.removeprefix(f"{plain}&key=")
    assert_key_is_nowhere(page, site, traffic, sealed)
    reader = context.new_page()
    playground = Playground(reader)
    playground.open(link)
    if passphrase:
        reader.get_by_label("Passphrase").fill(passphrase)
        reader.get_by_role("button", name="Unlock").click()
    playground.wait_until_ended()
    expect(playground.console).to_contain_text("28 revo")
    fragment = "#" + plain.partition("#")[2]
    assert_key_is_nowhere(reader, site, traffic, sealed, fragment)


def test_a_key_is_shared_knowingly(page: Page, site: Site, traffic: Traffic) -> None:
    without_python(page)
    dialog = share_dialog(page, site)
    plain = shared_link(dialog)
    key, add = dialog.get_by_label("Key", exact=True), dialog.get_by_text("Put the key into")
    for field in (key, dialog.get_by_label("Passphrase")):
        expect(field).to_have_attribute("type", "password")
        assert field.evaluate(
            "it => document.getElementById(it.getAttribute('aria-describedby')).textContent"
        )
    key.fill(KEY)
    add.click()
    assert shared_link(dialog) == plain, "not said that it can be revoked"
    dialog.get_by_label("I can revoke this key").check()
    for wrong, says in ((" ", "Type the key"), ("x" * 1001, "too long for a key")):
        key.fill(wrong)
        add.click()
        expect(dialog.get_by_role("alert")).to_contain_text(says)
        assert shared_link(dialog) == plain
    key.fill(KEY)
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(page.get_by_role("button", name="Share")).to_be_focused()
    page.keyboard.press("Enter")
    assert shared_link(page.get_by_role("dialog")) == plain
    page.get_by_text("Include a key").click()
    expect(key).to_have_value("")


def test_without_cryptography_no_key_is_locked(page: Page, site: Site, traffic: Traffic) -> None:
    """As on plain http, where copying goes another way, too."""
    page.add_init_script(
        "Object.defineProperty(Crypto.prototype, 'subtle', { value: undefined });"
        "Object.defineProperty(Navigator.prototype, 'clipboard', { value: undefined });"
    )
    without_python(page)
    dialog = share_dialog(page, site)
    expect(dialog.get_by_role("button", name="Copied")).to_be_visible()
    expect(dialog.get_by_label("Passphrase")).to_be_disabled()
    expect(dialog).to_contain_text("only in a page loaded over https")
    dialog.get_by_label("Key", exact=True).fill(KEY)
    dialog.get_by_label("I can revoke this key").check()
    dialog.get_by_text("Put the key into").click()
    expect(dialog.get_by_role("status")).to_contain_text("whoever sees the link can read it")
    assert "&key=plain." in shared_link(dialog)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 360])
def test_share_dialog_fits(
    page: Page, site: Site, traffic: Traffic, theme: str, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 640})
    without_python(page)
    page.goto(f"{site.url}?theme={theme}{FRAGMENT}")
    if width < 500:
        page.get_by_role("tab", name="Code").click()
    page.get_by_role("button", name="Share").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_text("Include a key").click()
    box = dialog.bounding_box()
    assert box
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width
    assert dialog.evaluate("it => it.scrollWidth <= it.clientWidth")
    expect(dialog.get_by_role("button", name="Copy", exact=True)).to_be_visible()
    PICTURES.mkdir(exist_ok=True)
    page.screenshot(path=PICTURES / f"share-{theme}-{width}.png")
    dialog.get_by_text("Put the key into").scroll_into_view_if_needed()
    page.screenshot(path=PICTURES / f"share-{theme}-{width}-end.png")
