"""What apps do beyond a chat: files, links, errors in handlers; and what programs leave behind."""

from __future__ import annotations

import subprocess
from pathlib import Path

from playpage_site.common import ROOT
from playpage_site.registry.npm import tool
from playwright.sync_api import Page, expect
from support.playground import BOOT_MS, Playground, Site

FILES = """import gradio as gr

def copy(path):
    text = open(path).read()
    with open("the copy.txt", "w") as file:
        file.write("copied: " + text)
    return text, "the copy.txt"

with gr.Blocks() as demo:
    given = gr.File(label="given")
    text = gr.Textbox(label="text")
    made = gr.File(label="made")
    given.upload(copy, given, [text, made])
    gr.DownloadButton("Get the program", value=__file__)
demo.launch()
"""


def test_files_go_in_and_come_out(playground: Playground, tmp_path: Path) -> None:
    """Uploads reach the handler; what it makes can be downloaded, and the app stays."""
    playground.show(FILES)
    app = playground.app
    file = {"name": "ä b.txt", "mimeType": "text/plain", "buffer": "grüße".encode()}
    app.locator("input[type=file]").first.set_input_files(file)  # type: ignore[arg-type]
    expect(app.get_by_label("text")).to_have_value("grüße", timeout=20_000)
    for click, text in (
        (app.locator("a[href$='the copy.txt']").click, "copied: grüße"),
        (app.get_by_text("Get the program").click, FILES),
    ):
        with playground.page.expect_download(timeout=20_000) as download:
            click()
        download.value.save_as(tmp_path / "file")
        assert (tmp_path / "file").read_text("utf-8") == text
    expect(app.get_by_label("text")).to_have_value("grüße")


def test_link_does_not_take_the_apps_place(playground: Playground, site: Site) -> None:
    away = f"{site.url.replace('127.0.0.1', 'localhost')}licenses.txt"
    playground.show(
        "import gradio as gr\nwith gr.Blocks() as demo:\n"
        f"    gr.HTML('<a href={away}>more</a>')\n"
        f"    gr.Button('Leave').click(None, js='() => {{ location.href = \"{away}\" }}')\n"
        "demo.launch()"
    )
    with playground.page.context.expect_page() as opened:
        playground.app.get_by_text("more").click()
    opened.value.wait_for_url("**/licenses.txt")
    opened.value.close()
    # A script can still lead the frame away; the next run brings it back.
    playground.app.get_by_text("Leave").click()
    expect(playground.app.get_by_text("Leave")).to_have_count(0)
    playground.show(
        "import gradio as gr\ngr.Interface(str.upper, 'text', 'text', title='Back').launch()"
    )
    expect(playground.app.get_by_role("heading", name="Back")).to_be_visible()


def test_handlers_errors_are_told_at_the_programs_lines(playground: Playground) -> None:
    playground.show(
        "import sys\nimport gradio as gr\n\ndef fail(x):\n    raise ValueError('bad\\nthing')\n\n"
        "def refuse():\n    raise gr.Error('for the reader', print_exception=False)\n\n"
        "with gr.Blocks() as demo:\n    out = gr.Textbox()\n"
        "    gr.Button('Fail').click(fail, out, out)\n"
        "    gr.Button('Leave').click(lambda: sys.exit(3), None, out)\n"
        "    gr.Button('Tell').click(refuse, None, out)\n"
        "    gr.Button('Work').click(lambda: 'works', None, out)\n"
        "demo.launch()"
    )
    app = playground.app
    app.get_by_role("button", name="Fail").click()
    expect(playground.errors).to_contain_text("ValueError: bad\nthing (line 5)", timeout=20_000)
    expect(playground.errors).to_contain_text("line 5, in fail")
    expect(playground.errors).not_to_contain_text("queueing.py")
    app.get_by_role("button", name="Leave").click()
    expect(playground.errors).to_contain_text("A handler called sys.exit()", timeout=20_000)
    count = playground.errors.locator("> *").count()
    app.get_by_role("button", name="Tell").click()
    expect(app.get_by_text("for the reader")).to_be_visible(timeout=20_000)
    app.get_by_role("button", name="Work").click()
    expect(app.locator("textarea").first).to_have_value("works", timeout=20_000)
    expect(playground.errors.locator("> *")).to_have_count(count)


def test_next_launch_does_not_tell_of_the_last_ones_port(playground: Playground) -> None:
    app = "import gradio as gr\ngr.Interface(str.upper, 'text', 'text', title='{}').launch()"
    playground.show(app.format("One"))
    playground.show(app.format("Two"))
    expect(playground.app.get_by_role("heading", name="Two")).to_be_visible()
    expect(playground.console).not_to_contain_text("Closing server")


def test_program_leaves_nothing_to_the_next(playground: Playground) -> None:
    playground.show(
        "import asyncio, io, sys\nassert sys.argv[0].endswith('app.py'), sys.argv\n"
        "async def tick():\n    while True:\n        await asyncio.sleep(.05)\n"
        "        print('tick', file=sys.__stdout__)\n"
        "async def fail():\n    raise KeyError('nobody awaits me')\n"
        "tasks = [asyncio.create_task(tick()), asyncio.create_task(fail())]\n"
        "sys.stdout = io.StringIO()\n"
    )
    expect(playground.console).to_contain_text("tick")
    expect(playground.errors).to_contain_text("KeyError: 'nobody awaits me' (line 8)")
    playground.show("import asyncio\nawait asyncio.sleep(.5)\nprint('second')")
    assert playground.console.text_content() == "second\n"


def test_restart_overtakes_a_start_from_the_snapshot(page: Page, site: Site) -> None:
    """The overtaken start neither fails aloud nor ends the worker of the later one."""
    page.context.route("**/packs/heap-*", lambda route: None)  # so that the first does not end

    # The page has no way to press Restart that early, so this has the runtime by itself.
    script = ROOT / "js" / "runtime" / "runtime.js"
    bundle = [tool("esbuild"), str(script), "--bundle", "--format=esm", "--target=es2022"]
    runtime = subprocess.run(bundle, capture_output=True, check=True, text=True).stdout
    page.context.route(
        "**/js/runtime.js",
        lambda route: route.fulfill(body=runtime, content_type="text/javascript"),
    )
    warnings: list[str] = []
    page.on("console", lambda message: warnings.append(message.text))
    page.goto(f"{site.url}licenses.txt")
    result = page.evaluate(
        """async () => {
            const { Runtime } = await import("/js/runtime.js");
            const runtime = new Runtime();
            const phases = [], failures = [], output = [];
            runtime.on("phase", (phase) => phases.push(phase));
            runtime.on("failed", (failure) => failures.push(failure));
            runtime.on("output", ({ text }) => output.push(text));
            const ended = new Promise((resolve) => runtime.on("end", resolve));
            runtime.start("import gradio");
            await new Promise((resolve) => setTimeout(resolve, 300));
            runtime.start("print('up')"); // another hint: this start needs no snapshot
            runtime.restart();
            runtime.run(() => ({ code: "print('up')" }));
            const kind = await ended;
            return { kind, phases, failures, output: output.join("") };
        }"""
    )
    assert result == {
        "kind": "script",
        "phases": ["booting", "booting", "idle", "running", "idle"],
        "failures": [],
        "output": "up\n",
    }
    assert not [text for text in warnings if "not restored" in text]


def test_death_of_python_is_told_and_survived(playground: Playground) -> None:
    playground.is_spent = True
    page = playground.page
    playground.set_code("import os\nos._exit(3)")
    page.get_by_role("button", name="Run").click()
    expect(page.locator("#message-title")).to_have_text("Python has stopped", timeout=20_000)
    expect(page.locator("#message-text")).to_contain_text("exit code 3")
    playground.set_code(
        "import json\nnested = []\nfor _ in range(200_000):\n    nested = [nested]\n"
        "print('deep')\njson.dumps(nested)"
    )
    page.locator("#message-actions").get_by_role("button", name="Restart").click()
    expect(playground.console).to_contain_text("deep", timeout=BOOT_MS)
    expect(page.locator("#state")).to_have_text("Failed", timeout=60_000)
    expect(page.locator("#message-text")).to_contain_text("Python crashed")
