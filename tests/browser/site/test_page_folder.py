"""A folder that runs just one program, on a file server, at its root and below a path."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from playpage_site.cli import main as build
from playpage_site.dev.serve import serving
from playwright.sync_api import Page, expect
from support.playground import Playground, Traffic
from support.watched import stop_clock

CODE = "import gradio as gr\ngr.ChatInterface(lambda m, h: m[::-1], title='Turner').launch()\n"


@pytest.mark.parametrize("path", ["", "tools/turner/"])
def test_folder(tmp_path: Path, page: Page, traffic: Traffic, path: str) -> None:
    app = tmp_path / "turn.py"
    app.write_text(CODE, "utf-8")
    out = tmp_path / "www" / path
    assert build.main(["page", str(app), "-o", str(out), "--title", "Turner"]) == 0
    stop_clock(out / "js" / "unpacker.js")
    with serving(tmp_path / "www") as url:
        page.goto(url + path)
        playground = Playground(page)
        playground.chat()
        expect(page).to_have_title("Turner")
        expect(page.locator("#code-pane")).to_be_hidden()
        # A link opens nothing else here: the page is for this program.
        page.goto(f"{url}{path}?demo=x&code=cHJpbnQoMSk=")
        expect(playground.app.get_by_role("heading", name="Turner")).to_be_visible()


def test_with_the_editor(tmp_path: Path, page: Page, traffic: Traffic) -> None:
    app = tmp_path / "turn.py"
    app.write_text("print('größer <b> & </script>')\n", "utf-8")
    out = tmp_path / "www"
    assert build.main(["page", str(app), "-o", str(out), "--editor"]) == 0
    with serving(out) as url:
        page.goto(url)
        expect(page.locator("#console-log")).to_have_text("größer <b> & </script>")
        expect(page.locator("#code-pane")).to_contain_text("größer <b> & </script>")


def test_pythons_own_server(tmp_path: Path, page: Page, traffic: Traffic) -> None:
    """`python3 -m http.server`, which the guide names for a try."""
    app = tmp_path / "turn.py"
    app.write_text(CODE, "utf-8")
    out = tmp_path / "www"
    assert build.main(["page", str(app), "-o", str(out)]) == 0
    stop_clock(out / "js" / "unpacker.js")
    command = [sys.executable, "-u", "-m", "http.server", "0", "--bind", "127.0.0.1"]
    process = subprocess.Popen(
        command, cwd=out, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    try:
        assert process.stdout
        found = re.search(r"port (\d+)", process.stdout.readline())
        assert found
        page.goto(f"http://127.0.0.1:{found[1]}/")
        playground = Playground(page)
        playground.chat()
    finally:
        process.terminate()
        process.communicate()
