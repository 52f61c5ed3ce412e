"""Chromium for tests and benchmarks, the same for both."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Playwright

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


def _executable() -> str | None:
    return os.environ.get("PLAYPAGE_CHROMIUM") or shutil.which("chromium")


def _args(*more: str) -> list[str]:
    is_root = hasattr(os, "geteuid") and os.geteuid() == 0
    return [*CHROMIUM_ARGS, *more, *(["--no-sandbox"] if is_root else [])]
