"""What every browser test shares: one Chromium, and a fresh profile a test."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from browser.playground import Site, Traffic
from browser.watched import watching
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Page,
    Playwright,
    Route,
    expect,
    sync_playwright,
)

# What takes a moment takes several where the machine is shared with others.
expect.set_options(timeout=20_000)

#: A closed network makes Chromium's own background calls fail many at a time.
CHROMIUM_ARGS = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

#: Optimising Python's machine code takes a good part of the time of pages that are as short as a
#: test's. Benchmarks leave it to the browser, as readers' browsers do.
QUICK_CODE = "--js-flags=--liftoff-only"


def launch_chromium(playwright: Playwright, *more_args: str) -> Browser:
    """Start headless Chromium: the one named by PLAYPAGE_CHROMIUM, Debian's, or Playwright's."""
    return playwright.chromium.launch(executable_path=_executable(), args=_args(*more_args))


def launch_profile(playwright: Playwright, folder: Path) -> BrowserContext:
    """Start it with a profile on disk: its cache has the size that a reader's has."""
    return playwright.chromium.launch_persistent_context(
        folder, executable_path=_executable(), args=_args()
    )


def _executable() -> str | None:
    return os.environ.get("PLAYPAGE_CHROMIUM") or shutil.which("chromium")


def _args(*more: str) -> list[str]:
    is_root = hasattr(os, "geteuid") and os.geteuid() == 0
    return [*CHROMIUM_ARGS, *more, *(["--no-sandbox"] if is_root else [])]


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
