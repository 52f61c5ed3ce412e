"""Links in the page: the program arrives whole, and a broken link says what is broken."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from playpage_site.common import ROOT
from playpage_site.dev.legacy import LEGACY
from playwright.sync_api import Page, expect
from support.playground import Site

OWN_LINKS: list[dict[str, Any]] = json.loads((ROOT / "tests/golden/links.json").read_text("utf-8"))[
    "links"
]


@pytest.mark.parametrize("link", OWN_LINKS, ids=lambda link: link["encoding"])
def test_own_links(plain: Page, site: Site, link: dict[str, Any]) -> None:
    plain.goto(site.url + link["query"])
    expect(plain.locator("#code")).to_have_value(link["code"])
    expect(plain.get_by_text("Code from the link")).to_be_visible()
    expect(plain.get_by_role("alert")).to_have_count(0)
    packages = plain.get_by_text("Packages from the link: openai==1.39.0")
    expect(packages).to_have_count(len(link["requirements"]))


@pytest.mark.skipif(not LEGACY.is_dir(), reason="the wiki's own links are not here")
@pytest.mark.parametrize("number", [1, 2])
def test_links_of_the_wiki(plain: Page, site: Site, number: int) -> None:
    link = (LEGACY / f"link-{number}.txt").read_text("utf-8").strip()
    plain.goto(site.url + link[link.index("?") :])
    code = (LEGACY / f"link-{number}.py").read_text("utf-8")
    expect(plain.locator("#code")).to_have_value(code)


def test_broken_code(plain: Page, site: Site) -> None:
    plain.goto(site.url + "?demo=x&code=cHJpbn%3CQoJ2hpJyk")
    notice = plain.get_by_role("alert")
    expect(notice).to_contain_text("The link’s code (“code”) cannot be read: character 7 is “<”")
    notice.get_by_text("Show what arrived").click()
    expect(notice.get_by_role("textbox")).to_have_value("cHJpbn%3CQoJ2hpJyk")
    expect(plain.get_by_text("Example program", exact=True)).to_be_visible()
    expect(plain.locator("#code")).to_have_value(re.compile(r"gr\.ChatInterface"))
    notice.get_by_role("button", name="Dismiss").click()
    expect(notice).to_have_count(0)


def test_broken_requirements(plain: Page, site: Site) -> None:
    plain.goto(site.url + "?code=eCA9IDE&reqs=YWIxx")
    notice = plain.get_by_role("alert")
    expect(notice).to_contain_text("requirements (“reqs”) cannot be read: it has 5 base64")
    expect(plain.locator("#code")).to_have_value("x = 1")
    expect(plain.get_by_text("Code from the link")).to_be_visible()


def test_raw_text_can_be_copied_without_a_clipboard(plain: Page, site: Site) -> None:
    """On plain http that is not this machine, browsers offer no clipboard to scripts."""
    plain.add_init_script("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    plain.add_init_script(
        """document.addEventListener("copy", () => {
            globalThis.copied = document.activeElement.value;
        });"""
    )
    plain.goto(site.url + "?code=no%20!")
    notice = plain.get_by_role("alert")
    notice.get_by_text("Show what arrived").click()
    notice.get_by_role("button", name="Copy").click()
    expect(notice.get_by_role("button", name="Copied")).to_be_visible()
    assert plain.evaluate("copied") == "no%20!"


def test_junk_as_long_as_a_link_can_be(plain: Page, site: Site) -> None:
    """Chromium takes 2 MB. The page still opens, and shows a bounded part of it."""
    # The test server takes no line that long, so it is asked for the page alone.
    link = site.url + "?code="
    plain.route(
        lambda url: url.startswith(link),
        lambda route: route.fulfill(response=route.fetch(url=site.url)),
    )
    plain.goto(link + "A" * 1_000_000 + "<" + "A" * 900_000)
    notice = plain.get_by_role("alert")
    expect(notice).to_contain_text("character 1000001 is “<”")
    notice.get_by_text("Show what arrived").click()
    shown = notice.get_by_role("textbox").evaluate("box => box.value.length")
    assert shown == 20_000
    expect(plain.get_by_role("button", name="Run")).to_be_enabled()
