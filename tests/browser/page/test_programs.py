"""Programs in the page: apps, scripts, errors, floods, stopping; and boots that fail."""

from __future__ import annotations

import re

import pytest
from playpage_site.links.legacy import legacy_link
from playwright.sync_api import Page, Playwright, Route, expect
from support import chromium
from support.playground import Playground, Site, Traffic

#: A boot and an import of gradio, on a busy machine with two cores.
BOOT_MS = 90_000


def open_program(page: Page, site: Site, code: str) -> None:
    page.goto(legacy_link(site.url, code))


def expect_message(page: Page, title: str) -> None:
    expect(page.locator("#message-title")).to_have_text(title, timeout=BOOT_MS)
    expect(page.locator("#message-card")).to_be_visible()


def set_program(page: Page, code: str) -> None:
    page.locator(".cm-content").click()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(code)


def test_example_answers_and_runs_again(page: Page, site: Site, traffic: Traffic) -> None:
    """The bare page chats; an edit and the run keys show the new app; Restart runs it anew."""
    page.goto(site.url)
    app = page.frame_locator("#app")
    box = app.get_by_role("textbox").last
    box.wait_for(timeout=BOOT_MS)
    assert page.locator("iframe#app").evaluate("it => it.inert") is False
    box.fill("good morning")
    box.press("Enter")
    expect(app.get_by_text("You said: good morning")).to_be_visible(timeout=20_000)

    set_program(
        page, "import gradio as gr\ngr.Interface(str.upper, 'text', 'text', title='Two').launch()"
    )
    page.keyboard.press("Control+Enter")
    expect(app.get_by_role("heading", name="Two")).to_be_visible(timeout=20_000)

    page.get_by_role("button", name="Restart").click()
    expect(page.get_by_role("progressbar")).to_be_visible()
    expect(page.locator("#app")).to_have_attribute("inert", "")
    expect(app.get_by_role("heading", name="Two")).to_be_visible(timeout=BOOT_MS)
    expect(page.locator("#placard")).to_be_hidden()


def test_app_leaves_the_editor_its_focus(page: Page, site: Site) -> None:
    """An answer that comes while the reader edits must not take what they type."""
    open_program(
        page,
        site,
        "import asyncio\nimport gradio as gr\n"
        "async def slow(m, h):\n    await asyncio.sleep(1.5)\n    return 'slow answer'\n"
        "gr.ChatInterface(slow, type='messages').launch()",
    )
    app = page.frame_locator("#app")
    box = app.get_by_role("textbox").last
    box.wait_for(timeout=BOOT_MS)
    box.fill("go")
    box.press("Enter")
    page.locator(".cm-content").click()
    expect(app.get_by_text("slow answer")).to_be_visible(timeout=20_000)
    page.wait_for_timeout(500)
    page.keyboard.insert_text("# typed while the answer came")
    expect(page.locator(".cm-content")).to_contain_text("# typed while the answer came")


def test_script_and_its_streams(playground: Playground) -> None:
    page = playground.page
    code = """import sys
print("plain\\n\\nlines")
print("50 %", end="\\r")
print("100 %")
print("\\033[31mcareful\\033[0m", file=sys.stderr)
print("no line end", end="")
"""
    playground.show(code)
    expect_message(page, "This program has no app")
    log = playground.console
    expect(log).to_contain_text("no line end")
    assert log.locator(".stderr").all_text_contents() == ["careful\n"]
    rows = log.inner_text().split("\n")
    assert rows[:4] == ["plain", "", "lines", "100 %"]
    page.get_by_role("button", name="Clear").click()
    expect(page.get_by_text("What the program prints appears here.")).to_be_visible()


def test_error_in_the_program(playground: Playground) -> None:
    page = playground.page
    playground.show("def f():\n    return 1 / 0\n\nf()\n")
    expect_message(page, "The program stopped with an error")
    expect(page.get_by_role("tab", name="Errors")).to_have_attribute("aria-selected", "true")
    errors = page.get_by_role("tabpanel", name="Errors")
    expect(errors.locator(".error-summary")).to_contain_text("ZeroDivisionError: division by zero")
    expect(errors.locator("pre")).to_contain_text("Traceback (most recent call last):")
    expect(errors.locator("pre")).to_contain_text(re.compile(r"line 2, in f"))
    # The next run starts clean, and tells that it went well.
    set_program(page, "print('better')")
    page.get_by_role("button", name="Run").click()
    expect_message(page, "This program has no app")
    expect(page.locator("#console-log")).to_contain_text("better")
    expect(page.locator(".error")).to_have_count(0)


def test_endless_program_is_stopped(page: Page, site: Site, traffic: Traffic) -> None:
    open_program(page, site, "print('round', flush=True)\nwhile True: pass\n")
    expect(page.locator("#state")).to_have_text("Running", timeout=BOOT_MS)
    expect(page.locator("#console-log")).to_contain_text("round")
    page.get_by_role("button", name="Stop").click()
    expect_message(page, "Stopped")
    set_program(page, "print('after the stop')")
    page.get_by_role("button", name="Run").click()
    expect(page.locator("#console-log")).to_contain_text("after the stop", timeout=BOOT_MS)


def test_flood_keeps_the_page_alive(page: Page, site: Site, traffic: Traffic) -> None:
    code = """import sys
for i in range(60_000):
    print("line", i)
    if i % 3 == 0:
        print("warning", i, file=sys.stderr)
print("x" * 3_000_000)
print("the end")
"""
    page.add_init_script(
        """globalThis.slowest = 0;
        let last = performance.now();
        requestAnimationFrame(function frame(now) {
            if (document.querySelector("#state")?.textContent === "Running")
                slowest = Math.max(slowest, now - last);
            last = now;
            requestAnimationFrame(frame);
        });"""
    )
    open_program(page, site, code)
    log = page.locator("#console-log")
    expect_message(page, "This program has no app")
    expect(log).to_contain_text("the end")
    kept = log.evaluate("it => [it.textContent.length, it.childElementCount]")
    assert kept[0] < 2_500_000
    assert kept[1] < 5_100
    assert page.evaluate("slowest") < 5_000  # ms between two frames; the flood takes longer
    at_end = page.locator("#console").evaluate(
        "it => it.scrollHeight - it.scrollTop - it.clientHeight"
    )
    assert at_end < 30


def test_boot_is_told_to_assistive_technology(page: Page, site: Site, traffic: Traffic) -> None:
    """Each stage is announced once; the bar has a value in words."""
    page.add_init_script(
        """globalThis.said = [];
        addEventListener("DOMContentLoaded", () => {
            const announcer = document.querySelector("#announcer");
            new MutationObserver(() => said.push(announcer.textContent))
                .observe(announcer, { childList: true });
        });"""
    )
    open_program(page, site, "print(1)")
    expect_message(page, "This program has no app")
    said: list[str] = page.evaluate("said")
    assert 2 <= len(said) <= 12
    assert len(set(said)) == len(said)
    assert said[-1].startswith("This program has no app")


def test_without_webassembly(
    playwright_: Playwright, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    without = [*chromium.CHROMIUM_ARGS, "--js-flags=--jitless"]
    monkeypatch.setattr(chromium, "CHROMIUM_ARGS", without)
    browser = chromium.launch_chromium(playwright_)
    page = browser.new_page()
    page.goto(site.url)
    expect_message(page, "The start failed")
    expect(page.locator("#message-text")).to_contain_text("WebAssembly")
    expect(page.locator("#state")).to_have_text("Failed")
    browser.close()


@pytest.mark.falls_back
def test_worker_that_does_not_arrive_and_trying_again(page: Page, site: Site) -> None:
    failing = True

    def answer(route: Route) -> None:
        if failing:
            route.fulfill(status=404)
        else:
            route.continue_()

    page.route("**/js/worker.js", answer)
    open_program(page, site, "print('recovered')")
    expect_message(page, "The start failed")
    failing = False
    page.get_by_role("button", name="Try again").click()
    expect(page.locator("#console-log")).to_contain_text("recovered", timeout=BOOT_MS)


@pytest.mark.falls_back
@pytest.mark.parametrize("damage", ["other bytes", "missing"])
def test_damaged_pack(page: Page, site: Site, damage: str) -> None:
    def spoil(route: Route) -> None:
        if damage == "missing":
            route.fulfill(status=404)
            return
        body = bytearray(route.fetch().body())
        body[len(body) // 2] ^= 1
        route.fulfill(body=bytes(body))

    page.route("**/packs/start-*.pack", spoil)
    page.goto(site.url)
    expect_message(page, "The start failed")
    expect(page.locator("#message-text")).to_contain_text("packs/start-")
