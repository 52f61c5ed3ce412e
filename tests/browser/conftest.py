"""What every browser test shares: one Chromium, and a fresh profile a test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Page,
    Playwright,
    Route,
    expect,
    sync_playwright,
)
from support.chromium import QUICK_CODE, launch_chromium
from support.playground import Site, Traffic
from support.watched import watching

# What takes a moment takes several where the machine is shared with others.
expect.set_options(timeout=20_000)


@pytest.fixture(scope="session")
def playwright_() -> Iterator[Playwright]:
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def browser(playwright_: Playwright) -> Iterator[Browser]:
    browser = launch_chromium(playwright_, QUICK_CODE)
    yield browser
    browser.close()


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
    """Blocks and records every request, a worker's too, to anything but loopback.

    A test that uses it fails when something foreign was asked for and the test has not
    cleared the record.
    """
    record = Traffic()

    def decide(route: Route) -> None:
        url = route.request.url
        record.seen.append(url)
        if url.startswith(("http://127.0.0.1:", "http://localhost:")):
            route.fallback()
        else:
            record.foreign.append(url)
            route.abort()

    context.route(lambda url: url.startswith(("http:", "https:", "ws:", "wss:")), decide)
    yield record
    assert record.foreign == []
