"""The page around the app. Nothing here waits for Python: the worker is kept from loading."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playpage_site.cli.main import BUILD
from playpage_site.dev.serve import serving
from playpage_site.links.legacy import legacy_link
from playwright.sync_api import Browser, BrowserContext, Dialog, Page, Route, expect
from support.playground import Site


def editor_text(page: Page) -> str:
    return "\n".join(page.locator(".cm-line").all_inner_texts())


def test_first_paint_is_complete(still: Page, site: Site) -> None:
    still.goto(site.url)
    expect(still).to_have_title("playpage")
    expect(still.get_by_role("button", name="Run")).to_be_enabled()
    expect(still.get_by_text("Example program")).to_be_visible()
    expect(still.get_by_role("progressbar")).to_have_attribute("aria-valuetext", re.compile(r"\w"))
    expect(still.locator(".cm-content")).to_contain_text("gr.ChatInterface")


def test_nothing_shifts_while_the_page_loads(still: Page, site: Site) -> None:
    still.add_init_script(
        """globalThis.shift = 0;
        new PerformanceObserver((list) => {
            for (const entry of list.getEntries()) shift += entry.value;
        }).observe({ type: "layout-shift", buffered: true });"""
    )
    still.goto(site.url)
    still.locator(".cm-editor").wait_for()
    still.wait_for_timeout(300)
    assert still.evaluate("shift") < 0.005


def test_typed_text_is_carried_into_the_editor(still: Page, site: Site) -> None:
    held: list[Route] = []
    still.route("**/js/chunk-*.js", lambda route: held.append(route))
    still.goto(site.url)
    box = still.get_by_role("textbox", name="Python code")
    box.fill("first = 1\n")
    box.press("Control+End")
    still.keyboard.type("second = 2")
    held[0].continue_()
    still.locator(".cm-editor").wait_for()
    still.keyboard.type("22")
    assert editor_text(still) == "first = 1\nsecond = 222"
    expect(still.get_by_text("Example program, edited")).to_be_visible()


def test_without_the_editor_the_text_box_serves(plain: Page, site: Site) -> None:
    plain.goto(legacy_link(site.url, "print('hi')"))
    box = plain.get_by_role("textbox", name="Python code")
    expect(box).to_have_value("print('hi')")
    box.fill("x = 1")
    expect(plain.get_by_text("Code from the link, edited")).to_be_visible()


def test_run_keys_do_not_type_into_the_editor(still: Page, site: Site) -> None:
    still.goto(legacy_link(site.url, "x = 1"))
    still.locator(".cm-content").click()
    still.keyboard.press("Control+End")
    still.keyboard.press("Control+Enter")
    still.keyboard.press("Meta+Enter")
    assert editor_text(still) == "x = 1"


def test_escape_then_tab_leaves_the_editor(still: Page, site: Site) -> None:
    still.goto(site.url)
    still.locator(".cm-content").click()
    still.keyboard.press("Tab")
    expect(still.locator(".cm-content")).to_be_focused()
    still.keyboard.press("Escape")
    still.keyboard.press("Tab")
    expect(still.locator(".cm-content")).not_to_be_focused()


@pytest.mark.parametrize("edit", [False, True])
def test_only_an_edited_page_asks_before_it_closes(still: Page, site: Site, edit: bool) -> None:
    asked: list[str] = []

    def note(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    still.on("dialog", note)
    still.goto(site.url)
    still.locator(".cm-content").click()
    if edit:
        still.keyboard.type("x")
    still.goto("about:blank")
    assert asked == (["beforeunload"] if edit else [])


def test_nothing_is_stored(still: Page, site: Site) -> None:
    still.goto(legacy_link(site.url, "API_KEY = 'secret'"))
    still.locator(".cm-content").click()
    still.keyboard.type("x")
    still.get_by_role("button", name="Theme").click()
    stored = still.evaluate(
        """async () => [localStorage.length, sessionStorage.length, document.cookie,
            (await indexedDB.databases()).length, (await caches.keys()).length]"""
    )
    assert stored == [0, 0, "", 0, 0]


@pytest.mark.parametrize(("name", "key"), [("Width", "ArrowRight"), ("Height", "ArrowDown")])
def test_splitters_by_keyboard(still: Page, site: Site, name: str, key: str) -> None:
    still.goto(site.url)
    handle = still.get_by_role("separator", name=name)
    pane = still.locator("#code-pane")
    side = "width" if name == "Width" else "height"
    before = pane.bounding_box()
    handle.focus()
    handle.press(key)
    handle.press("Shift+" + key)
    after = pane.bounding_box()
    assert before
    assert after
    assert after[side] > before[side] * 1.1  # type: ignore[literal-required]
    handle.press("Home")
    assert handle.get_attribute("aria-valuenow") == handle.get_attribute("aria-valuemin")
    handle.press("End")
    assert handle.get_attribute("aria-valuenow") == handle.get_attribute("aria-valuemax")
    expect(pane).to_be_visible()


def test_splitter_by_mouse_goes_where_the_mouse_goes(still: Page, site: Site) -> None:
    still.goto(site.url)
    handle = still.get_by_role("separator", name="Width")
    box = handle.bounding_box()
    assert box
    still.mouse.move(box["x"] + 6, box["y"] + 200)
    still.mouse.down()
    still.mouse.move(900, 300, steps=5)  # over the app's frame
    moved = handle.bounding_box()
    still.mouse.up()
    still.mouse.move(400, 300)
    assert moved
    assert abs(moved["x"] + 6 - 900) < 3
    assert handle.bounding_box() == moved


def test_sub_path(still: Page, site_under: Callable[[str], str]) -> None:
    """Every address is relative: the page comes up in a folder below the server's root."""
    url = site_under("some/where")
    still.goto(legacy_link(url, "x = 1"))
    still.locator(".cm-editor").wait_for()
    expect(still.locator("iframe#app")).to_have_attribute("src", url + "preview.html")


@pytest.fixture
def site_under(site: Site, tmp_path: Path) -> Iterator[Callable[[str], str]]:
    def place(path: str) -> str:
        folder = tmp_path / path
        folder.parent.mkdir(parents=True)
        folder.symlink_to(BUILD, target_is_directory=True)
        return f"{url}{path}/"

    with serving(tmp_path) as url:
        yield place


def test_opened_from_the_disk(browser: Browser, site: Site) -> None:
    context: BrowserContext = browser.new_context()
    page = context.new_page()
    page.goto((BUILD / "index.html").as_uri())
    expect(page.get_by_text("This page needs a web server")).to_be_visible()
    expect(page.get_by_text("python3 -m http.server 8000")).to_be_visible()
    context.close()


def test_scripts_that_do_not_arrive(page: Page, site: Site) -> None:
    page.route("**/js/main.js", lambda route: route.fulfill(status=404))
    page.goto(site.url)
    expect(page.get_by_text("This page could not be loaded")).to_be_visible()
