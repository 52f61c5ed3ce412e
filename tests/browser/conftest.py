"""What every browser test shares: one Chromium, and a fresh profile a test.

A start of Python costs some seconds of CPU on a small machine. So tests that only need a page in
which Python runs take `playground`, which stays open; those that are about a start, or that change
how the page is loaded, take `page`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Playwright,
    expect,
    sync_playwright,
)
from support.chromium import LOOPBACK_ONLY, QUICK_CODE, launch_chromium
from support.playground import Playground, Site, Traffic
from support.watched import watching

# What takes a moment takes several where the machine is shared with others.
expect.set_options(timeout=20_000)

FOLDER = Path(__file__).parent
NOT_RESTORED = "The snapshot was not restored"


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers", "falls_back: the page gives the snapshot up, and says so in the console"
    )


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests that share what a fixture has opened go to one worker, so that it is opened once.

    All others are handed out one by one, if `--dist=loadgroup` is given: those of `runtime` first,
    which take longest, so that no worker is left alone with one of them in the end.
    """
    ours = [index for index, item in enumerate(items) if FOLDER in item.path.parents]
    for item in (items[index] for index in ours):
        info = getattr(item, "_fixtureinfo", None)  # pytest has no public way to a fixture's scope
        fixtures = info.name2fixturedefs.values() if info else ()
        is_shared = any(found[-1].scope == "module" for found in fixtures if found)
        if is_shared and not item.get_closest_marker("xdist_group"):
            item.add_marker(pytest.mark.xdist_group(item.path.name))
    ordered = sorted((items[i] for i in ours), key=lambda item: item.path.parent.name != "runtime")
    for index, item in zip(ours, ordered, strict=True):
        items[index] = item


@pytest.fixture(scope="session")
def playwright_() -> Iterator[Playwright]:
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def fallbacks() -> list[str]:
    """The console's messages of a start that gave the snapshot up, of all pages."""
    return []


@pytest.fixture(scope="session")
def browser(playwright_: Playwright, fallbacks: list[str]) -> Iterator[Browser]:
    browser = launch_chromium(playwright_, QUICK_CODE, *LOOPBACK_ONLY)
    new_context: Callable[..., BrowserContext] = browser.new_context

    def note(message: ConsoleMessage) -> None:
        if message.text.startswith(NOT_RESTORED):
            fallbacks.append(message.text)

    def new_context_that_notes(**options: Any) -> BrowserContext:
        context = new_context(**options)
        context.on("console", note)
        return context

    browser.new_context = new_context_that_notes  # type: ignore[method-assign]
    yield browser
    browser.close()


@pytest.fixture(autouse=True)
def restored(request: pytest.FixtureRequest, fallbacks: list[str]) -> Iterator[None]:
    """Fails a test in which a page gave the snapshot up, which a reader sees only as slowness.

    Tests in which it has to carry the mark `falls_back`, and fail when it does not.
    """
    fallbacks.clear()
    yield
    if request.node.get_closest_marker("falls_back"):
        assert fallbacks, "the snapshot was not given up"
    else:
        assert fallbacks == []


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context()
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()


@pytest.fixture(scope="session")
def site() -> Iterator[Site]:
    """build/, made from the sources as they are now, on a port and a line that looks fast."""
    with watching() as watched:
        yield Site(watched.url)


@pytest.fixture
def traffic(context: BrowserContext) -> Iterator[Traffic]:
    """Records every request, a worker's too.

    A test that uses it fails when something was asked of a foreign host and the test has not
    cleared the record. The browser reaches none of them: it resolves no name but localhost.
    """
    record = Traffic()
    context.on("request", lambda request: record.note(request.url))
    yield record
    assert record.foreign == []


@pytest.fixture(scope="module")
def kept() -> Iterator[list[tuple[Playground, Traffic]]]:
    """The page that the last test left in order, if it did."""
    left: list[tuple[Playground, Traffic]] = []
    yield left
    for playground, _ in left:
        playground.page.context.close()


@pytest.fixture
def playground(
    browser: Browser,
    site: Site,
    kept: list[tuple[Playground, Traffic]],
    request: pytest.FixtureRequest,
) -> Iterator[Playground]:
    """A page in which gradio is imported: `show` a program. Other tests of the module use it, too.

    A test that ends Python marks the page with `is_spent`; after a failure it is spent, too.
    """
    if kept:
        playground, record = kept.pop()
        record.clear()
    else:
        context = browser.new_context()
        record = Traffic()
        context.on("request", lambda request: record.note(request.url))
        playground = Playground(context.new_page(), record)
        playground.open_code(site, "import gradio\nprint('up')")
    failed_before = request.session.testsfailed
    yield playground
    try:
        assert record.foreign == []
    finally:
        if playground.is_spent or record.foreign or request.session.testsfailed > failed_before:
            playground.page.context.close()
        else:
            kept.append((playground, record))
