"""What every browser test shares: one Chromium, and a fresh profile a test."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator

import pytest
from browser.playground import Site, Traffic
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Page,
    Playwright,
    Route,
    sync_playwright,
)
from serve import serving

from build import BUILD, build_if_changed

#: A closed network makes Chromium's own background calls fail many at a time.
CHROMIUM_ARGS = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def launch_chromium(playwright: Playwright) -> Browser:
    """Start headless Chromium: the one named by PLAYPAGE_CHROMIUM, Debian's, or Playwright's."""
    args = list(CHROMIUM_ARGS)
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        args.append("--no-sandbox")
    executable = os.environ.get("PLAYPAGE_CHROMIUM") or shutil.which("chromium")
    return playwright.chromium.launch(executable_path=executable, args=args)


@pytest.fixture(scope="session")
def playwright_() -> Iterator[Playwright]:
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def browser(playwright_: Playwright) -> Iterator[Browser]:
    browser = launch_chromium(playwright_)
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
    """build/, made from the sources as they are now, on a port of its own."""
    build_if_changed()
    with serving(BUILD) as url:
        yield Site(url)


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
