"""How long until a chat can be typed into, beside a bare `loadPyodide()` in the same run.

`npm run bench`, or `python tests/bench/boot.py --rounds 5`. Every round starts a fresh
browser profile, on loopback, and measures both one after the other; the medians of the
rounds and their ratios are printed. Absolute times say little on another machine.
"""

from __future__ import annotations

import argparse
import statistics
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "scripts"), str(ROOT / "tests")]

from browser.conftest import launch_chromium  # noqa: E402
from links import legacy_link  # noqa: E402
from npm import tarball_files  # noqa: E402
from playwright.sync_api import Browser, Page, Response, sync_playwright  # noqa: E402
from serve import serving  # noqa: E402

from build import BUILD, build_if_changed  # noqa: E402

CHAT = """\
import gradio as gr
from openai import AsyncOpenAI

gr.ChatInterface(lambda message, history: message, type="messages").launch()
"""

BARE = """<!doctype html><title>bare</title><script type="module">
import { loadPyodide } from "./pyodide/pyodide.mjs";
await loadPyodide();
document.title = "ready";
</script>"""


@dataclass
class Start:
    """One start: milliseconds since navigation began, by name, and what was transferred."""

    ms: dict[str, float] = field(default_factory=dict)
    requests: int = 0
    size_bytes: int = 0


def measure(browser: Browser, url: str, until: Callable[[Page, Start], None]) -> Start:
    """Open `url` in a fresh profile; `until` returns when it is ready and notes the times."""
    start = Start()
    context = browser.new_context()
    page = context.new_page()

    def count(response: Response) -> None:
        start.requests += 1
        start.size_bytes += int(response.headers.get("content-length", 0))

    context.on("response", count)
    page.goto(url, wait_until="commit")
    until(page, start)
    context.close()
    return start


def until_bare(page: Page, start: Start) -> None:
    page.wait_for_function("document.title === 'ready'", timeout=120_000)
    start.ms["ready"] = page.evaluate("performance.now()")


def until_chat(page: Page, start: Start) -> None:
    page.wait_for_function("performance.getEntriesByName('first-contentful-paint').length")
    paint = "performance.getEntriesByName('first-contentful-paint')[0].startTime"
    start.ms["first paint"] = page.evaluate(paint)
    page.wait_for_function("document.title && state.dataset.state !== 'booting'", timeout=120_000)
    start.ms["Python ready"] = page.evaluate("performance.now()")
    page.frame_locator("#app").locator("textarea").last.wait_for(timeout=120_000)
    start.ms["ready"] = page.evaluate("performance.now()")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    build_if_changed()
    with (
        TemporaryDirectory() as folder,
        serving(Path(folder)) as url,
        sync_playwright() as playwright,
    ):
        (Path(folder) / "site").symlink_to(BUILD)
        # Pyodide as it is published, not the site's with its compiled standard library.
        (Path(folder) / "pyodide").mkdir()
        for name, content in tarball_files("pyodide", "").items():
            if "/" not in name:
                (Path(folder) / "pyodide" / name).write_bytes(content)
        (Path(folder) / "bare.html").write_text(BARE, "utf-8")
        bare: list[Start] = []
        chat: list[Start] = []
        for number in range(options.rounds):
            print(f"round {number + 1} of {options.rounds}", file=sys.stderr, flush=True)
            for url_of, until, results in (
                (f"{url}bare.html", until_bare, bare),
                (legacy_link(f"{url}site/", CHAT), until_chat, chat),
            ):
                # A browser of its own for each, so that no compiled code is left over.
                browser = launch_chromium(playwright)
                results.append(measure(browser, url_of, until))
                browser.close()
    report(bare, chat)
    return 0


def report(bare: list[Start], chat: list[Start]) -> None:
    base = statistics.median(start.ms["ready"] for start in bare)

    def row(name: str, key: str, starts: list[Start]) -> str:
        ms = statistics.median(start.ms[key] for start in starts)
        return f"| {name} | {ms:,.0f} | {ms / base:.2f} |"

    print(f"Start, medians of {len(bare)} interleaved rounds, cold profile, loopback\n")
    print("| | ms | ratio |\n| --- | ---: | ---: |")
    print(row("bare `loadPyodide()`", "ready", bare))
    print(row("first paint", "first paint", chat))
    print(row("Python and the runtime ready", "Python ready", chat))
    print(row("chat box accepts input", "ready", chat))
    print(f"\n| | requests | MB |\n| --- | ---: | ---: |\n{traffic('bare', bare)}")
    print(traffic("chat", chat))


def traffic(name: str, starts: list[Start]) -> str:
    requests = statistics.median(start.requests for start in starts)
    megabytes = statistics.median(start.size_bytes for start in starts) / 1e6
    return f"| {name} | {requests:.0f} | {megabytes:.1f} |"


if __name__ == "__main__":
    sys.exit(main())
