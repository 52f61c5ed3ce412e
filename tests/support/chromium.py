"""Chromium for tests and benchmarks, the same for both."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Error, Playwright
from playwright.sync_api._generated import mapping  # type: ignore[attr-defined]

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

#: Nothing outside this machine is reached: no other name has an address.
LOOPBACK_ONLY = (
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
    "--no-proxy-server",
)


def launch_chromium(playwright: Playwright, *more_args: str) -> Browser:
    """Start headless Chromium: the one named by PLAYPAGE_CHROMIUM, Debian's, or Playwright's."""
    return playwright.chromium.launch(executable_path=_executable(), args=_args(*more_args))


def launch_profile(playwright: Playwright, folder: Path) -> BrowserContext:
    """Start it with a profile on disk: its cache has the size that a reader's has."""
    return playwright.chromium.launch_persistent_context(
        folder, executable_path=_executable(), args=_args()
    )


@contextmanager
def reused_context(browser: Browser) -> Iterator[BrowserContext]:
    """The one profile and page of tests that ask for nothing special, emptied for each test.

    What Playwright's own test runner does with `reuseContext`, by the same two functions, which
    its Python library has and does not show: the page goes blank; storage, routes, init scripts,
    listeners, the clock and emulation are reset; further pages are closed. A start in a page whose
    process has seen the same scripts before takes a quarter less of the CPU.
    """
    library: Any = browser
    own = library._impl_obj
    context: BrowserContext = mapping.from_impl(library._sync(own._new_context_for_reuse({})))
    try:
        yield context
    finally:
        context.clear_permissions()
        context.set_offline(False)
        for page in context.pages:
            with suppress(Error):  # it has crashed; the next test gets another
                page.goto("about:blank")
        library._sync(own._disconnect_from_reused_context("The test has ended"))


def _executable() -> str | None:
    return os.environ.get("PLAYPAGE_CHROMIUM") or shutil.which("chromium")


def _args(*more: str) -> list[str]:
    is_root = hasattr(os, "geteuid") and os.geteuid() == 0
    return [*CHROMIUM_ARGS, *more, *(["--no-sandbox"] if is_root else [])]
