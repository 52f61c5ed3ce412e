"""A browser of its own for each start, with a profile on disk, and what it takes of memory."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import BrowserContext, Page, Playwright
from support.chromium import CHROMIUM_ARGS

CLOSING_MS = 1000

PROBE = Path(__file__).with_name("probe.js")


@dataclass
class Profile:
    """A fresh browser. `main_pid` is its first process, which leads the group of all its others."""

    context: BrowserContext
    main_pid: int | None

    def page(self) -> Page:
        """A new tab; the tabs before it are closed."""
        page = self.context.new_page()
        for other in self.context.pages:
            if other != page:
                other.close()
        # What ends with a tab, and the writing of caches, must not slow the next one down.
        page.wait_for_timeout(CLOSING_MS)
        return page

    def tab_pss_bytes(self) -> int | None:
        """Proportional set size of the tab's renderer process: its pages of memory that are in
        use, those shared with other processes divided among them. It holds the page, its
        frames, its workers and all their WebAssembly memory; not the processes that a browser
        has once for all its tabs. None where there is no Linux /proc to tell.

        The tab's renderer is taken to be the largest; the others stand idle.
        """
        if self.main_pid is None:
            return None
        sizes = []
        for process in Path("/proc").glob("[0-9]*"):
            try:
                if os.getpgid(int(process.name)) != self.main_pid:
                    continue
                if b"--type=renderer" in (process / "cmdline").read_bytes():
                    rollup = (process / "smaps_rollup").read_text("ascii")
                    [pss] = [line for line in rollup.splitlines() if line.startswith("Pss:")]
                    sizes.append(int(pss.split()[1]) * 1024)
            except (OSError, ValueError):  # gone in the meantime, or not ours to read
                continue
        return max(sizes, default=None)


@contextmanager
def fresh_profile(playwright: Playwright) -> Iterator[Profile]:
    """A browser on an empty profile folder. Not an incognito one as Playwright's contexts are:
    their cache is in memory and takes no file of more than a few megabytes."""
    args = list(CHROMIUM_ARGS)
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        args.append("--no-sandbox")
    executable = os.environ.get("PLAYPAGE_CHROMIUM") or shutil.which("chromium")
    with TemporaryDirectory(prefix="playpage-bench-", ignore_cleanup_errors=True) as folder:
        context = playwright.chromium.launch_persistent_context(
            folder,
            executable_path=executable,
            args=args,
            viewport={"width": 1280, "height": 800},
        )
        try:
            context.add_init_script(path=PROBE)
            yield Profile(context, _leader(folder))
        finally:
            context.close()


def _leader(profile_folder: str) -> int | None:
    """The process group of the browser that was started on this folder."""
    argument = f"--user-data-dir={profile_folder}".encode()
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if argument in (process / "cmdline").read_bytes().split(b"\0"):
                return os.getpgid(int(process.name))
        except OSError:
            continue
    return None
