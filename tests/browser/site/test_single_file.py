"""A page that is one HTML file, opened from the disk with no network but the test service."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playpage_site.cli import main as build
from playpage_site.demo import ASSISTANT_ID, DEMO_KEY, running_service
from playpage_site.dev.start import demo_program
from playwright.sync_api import Page, expect
from support.playground import BOOT_MS, Playground, Traffic


def write(folder: Path, code: str, *options: str) -> str:
    """Make a single file of a program; its address."""
    app = folder / "my_app.py"
    app.write_text(code, "utf-8")
    out = folder / "page #1 ü.html"  # as people name files
    assert build.main(["page", str(app), "--single-file", "-o", str(out), *options]) == 0
    return out.as_uri()


@pytest.fixture
def closed(traffic: Traffic) -> Iterator[Traffic]:
    """No request that is not to the test service: `traffic` holds one to any other host."""
    yield traffic
    assert not [url for url in traffic.seen if "/v1" not in url]


def test_chat_from_the_disk(tmp_path: Path, page: Page, closed: Traffic) -> None:
    with running_service() as service:
        code = demo_program(service.base_url, ASSISTANT_ID, DEMO_KEY)
        page.goto(write(tmp_path, code, "--title", 'Help & "desk"'))
        playground = Playground(page)
        playground.say("hello")
        playground.expect_answer("demo assistant")
        playground.say("weather in Lima")  # a tool call
        playground.expect_answer("Lima", turn=2)
    assert len(closed.seen) > 5
    expect(page).to_have_title('Help & "desk"')
    expect(page.get_by_role("heading", name='Help & "desk"')).to_be_visible()
    expect(page.locator("#code-pane")).to_be_hidden()
    playground.screenshot("single-file")

    page.get_by_role("button", name="Restart").click()
    expect(page.locator("#state")).to_have_text("Starting")
    playground.wait_until_ended()
    expect(playground.app.locator("textarea").last).to_be_enabled(timeout=BOOT_MS)
    expect(playground.app.locator(".message.bot")).to_have_count(0)


EVERYTHING = """
import gradio as gr
dollars = [{"left": "$", "right": "$", "display": False}]
with gr.Blocks() as demo:
    with gr.Tab("First"):
        slider = gr.Slider(0, 10, 3, label="Size")
        out = gr.Textbox(label="Out")
        slider.release(lambda n: f"is {n}", slider, out)
        gr.Button("Fail").click(lambda: 1 / 0)
    gr.Code("print(1)", language="python", label="Listing")
    said = [{"role": "assistant", "content": "Math: $x^2$"}]
    gr.Chatbot(said, type="messages", latex_delimiters=dollars)
    gr.HTML('<a href="#far">Down</a><div style="height: 3000px"></div><p id="far">Far away</p>')
demo.launch()
"""


def test_components_that_no_chat_has(tmp_path: Path, page: Page, closed: Traffic) -> None:
    """Their scripts, style sheets and fonts are in the file too, and load when they are shown."""
    page.goto(write(tmp_path, EVERYTHING))
    app = Playground(page).app
    expect(app.get_by_label("Size").first).to_be_visible(timeout=BOOT_MS)
    expect(app.locator(".cm-content")).to_contain_text("print(1)")
    formula = app.locator(".katex").last
    expect(formula).to_contain_text("x")
    assert "KaTeX" in formula.evaluate("it => getComputedStyle(it).fontFamily")
    # The font came out of the file: a browser that lacks it would load nothing.
    loaded = formula.evaluate(
        "it => it.ownerDocument.fonts.ready.then(fonts => "
        "[...fonts].filter(f => f.status === 'loaded').map(f => f.family).join())"
    )
    assert "KaTeX_Math" in loaded
    page.screenshot(path="test-results/single-components.png")
    app.get_by_text("Down", exact=True).click()
    expect(app.get_by_text("Far away")).to_be_in_viewport()


def test_error_is_one_step_away(tmp_path: Path, page: Page, closed: Traffic) -> None:
    page.goto(write(tmp_path, "import gradio\nprint('before')\n1 / 0\n"))
    page.get_by_role("button", name="Show the error").click(timeout=BOOT_MS)
    expect(page.locator("#error-list")).to_contain_text("ZeroDivisionError")
    page.get_by_role("tab", name="Console").click()
    expect(page.locator("#console-log")).to_contain_text("before")
    page.get_by_role("tab", name="App").click()
    expect(page.get_by_role("button", name="Show the error")).to_be_visible()


def test_pinned_sdk_from_the_file(tmp_path: Path, page: Page, closed: Traffic) -> None:
    code = "import openai\nprint('runs', openai.__version__)\n"
    page.goto(write(tmp_path, code, "--requirement", "openai==1.109.1", "--editor"))
    expect(page.locator("#console-log")).to_contain_text("runs 1.109.1", timeout=BOOT_MS)
    expect(page.get_by_role("button", name="Run")).to_be_visible()
    expect(page.locator("#code-pane")).to_contain_text("openai==1.109.1")


def test_small_file_starts_without_the_snapshot(
    tmp_path: Path, page: Page, closed: Traffic
) -> None:
    code = "import gradio as gr\ngr.ChatInterface(lambda m, h: m[::-1]).launch()\n"
    page.goto(write(tmp_path, code, "--small"))
    playground = Playground(page)
    playground.chat()
    marks = page.evaluate("performance.getEntriesByType('mark').map((mark) => mark.name)")
    assert "playpage:module" not in marks, "restored"


def test_more_files(tmp_path: Path, page: Page, closed: Traffic) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "b.bin").write_bytes(bytes(range(256)))
    (tmp_path / "helper.py").write_text("WORD = 'größe'\n", "utf-8")
    app = tmp_path / "main.py"
    app.write_text(
        "import helper\nprint(helper.WORD, open('data/b.bin', 'rb').read() == bytes(range(256)))\n"
    )
    out = tmp_path / "out.html"
    files = [str(tmp_path / name) for name in ("helper.py", "data")]
    command = ["page", str(app), *files, "--single-file", "--small", "--editor", "-o", str(out)]
    assert build.main(command) == 0
    page.goto(out.as_uri())
    expect(page.locator("#console-log")).to_have_text("größe True", timeout=BOOT_MS)
