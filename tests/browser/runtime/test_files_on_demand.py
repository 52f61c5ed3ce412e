"""Files that a page fetches late: asked for before they are there, and when they cannot be had."""

from __future__ import annotations

import re

import pytest
from playpage_site.links.legacy import legacy_link
from playwright.sync_api import Browser, Page, expect
from support.playground import BOOT_MS, Playground, Site
from support.starts import locked_version, watch
from support.watched import watching

#: Runs at a restored Python's first moment; what it imports has to be absent until then.
AT_ONCE = """\
import sys
LATE = ("statistics", "sqlite3", "gradio.ipython_ext", "openai.resources.beta",
        "openai.resources.evals")
print("absent", [name for name in LATE if name not in sys.modules])

import statistics
print("zip", statistics.mean([1, 2, 6]), hasattr(sys.modules["statistics"], "__cached__"))
import sqlite3
print("sqlite", sqlite3.connect(":memory:").execute("select 6 * 7").fetchone())
print("call", type(openai.AsyncOpenAI(api_key="k").beta).__name__)
import openai.resources.evals
print("openai", openai.resources.evals.Evals.__name__)
import gradio.ipython_ext
print("gradio", hasattr(gradio.ipython_ext, "load_ipython_extension"))

from importlib import import_module, metadata
print("versions", metadata.version("openai"), metadata.version("gradio"), metadata.version("httpx"))
print("requires", any(line.startswith("pydantic") for line in metadata.requires("openai")))
for name in ("gradio.no_such_part", "no_such_module"):
    try:
        import_module(name)
    except ModuleNotFoundError as error:
        print("none", error)
"""

#: Runs later, in the same Python.
LATER = """\
import inspect, traceback
import gradio as gr, openai
print("source", inspect.getsource(gr.Blocks).count("def launch("))
print("method", inspect.getsource(openai.AsyncOpenAI.__init__).lstrip().splitlines()[0])
try:
    gr.Textbox(nonsense=1)
except TypeError:
    text = traceback.format_exc()
print("frame", "component_meta.py" in text, "return fn(self, **kwargs)" in text)
import json
print("stdlib", "def dumps" in inspect.getsource(json))
gr.ChatInterface(lambda m, h: m[::-1], type='messages').launch()
"""


def printed(playground: Playground) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for line in playground.console.inner_text().splitlines():
        name, _, value = line.partition(" ")
        found.setdefault(name, []).append(value)
    return found


def test_modules_that_were_not_in_memory_are_there_at_once(site: Site, page: Page) -> None:
    asked_for = watch(page)
    playground = Playground(page)
    playground.open(legacy_link(site.url, f"import gradio, openai\n{AT_ONCE}"))
    playground.wait_until_ended()
    expect(playground.errors.locator("> *")).to_have_count(0)
    assert not asked_for("code-base"), "not restored"
    found = printed(playground)
    absent = ["statistics", "sqlite3", "gradio.ipython_ext"]
    absent += ["openai.resources.beta", "openai.resources.evals"]
    assert found["absent"] == [str(absent)]
    assert found["zip"] == ["3 True"]
    assert found["sqlite"] == ["(42,)"]
    assert found["call"] == ["AsyncBeta"]
    assert found["openai"] == ["Evals"]
    assert found["gradio"] == ["True"]
    assert found["versions"] == [" ".join(map(locked_version, ("openai", "gradio", "httpx")))]
    assert found["requires"] == ["True"]
    assert found["none"] == [
        "No module named 'gradio.no_such_part'",
        "No module named 'no_such_module'",
    ]

    playground.set_code(LATER)
    playground.run()
    found = printed(playground)
    assert found["source"] == ["1"]
    assert found["method"] == ["def __init__("]
    assert found["frame"] == ["True True"]
    assert found["stdlib"] == ["True"]
    playground.chat()


def test_late_files_that_cannot_be_had_leave_a_working_app(browser: Browser) -> None:
    """The import says why. It asks again when it is tried again."""
    missing = ["stdlib", "sources-base", "sources-gradio", "sources-openai"]
    attempt = (
        "import importlib\n"
        "for name in ('statistics', 'gradio.ipython_ext'):\n"
        "    try:\n"
        "        importlib.import_module(name)\n"
        "        print('got', name)\n"
        "    except (ImportError, OSError) as error:\n"
        "        print(name, type(error).__name__, error)\n"
    )
    chat = "import gradio as gr, openai\ngr.ChatInterface(lambda m, h: m[::-1], type='messages')"
    with watching(missing) as watched, browser.new_context() as context:
        playground = Playground(context.new_page())
        playground.open(legacy_link(watched.url, f"{attempt}{chat}.launch()\n"))
        playground.chat()
        expect(playground.errors.locator("> *")).to_have_count(0)
        assert not watched.asked_for("code-base"), "not restored"
        said = playground.console.inner_text()
        assert "statistics" in said
        assert "gradio.ipython_ext" in said
        assert "could not be fetched" in said
        assert "got" not in said

        watched.missing = ()
        playground.set_code(attempt)
        playground.run()
        expect(playground.console).to_contain_text("got statistics")
        expect(playground.console).to_contain_text("got gradio.ipython_ext")


def test_what_a_later_program_needs_is_fetched_when_all_else_has_come(
    site: Site, page: Page
) -> None:
    playground = Playground(page)
    playground.open(legacy_link(site.url, "print('plain')"))
    playground.wait_until_ended()
    page.wait_for_timeout(3000)
    playground.set_code(
        "import gradio as gr, openai.resources.evals\n"
        "gr.ChatInterface(lambda m, h: m[::-1], type='messages').launch()"
    )
    playground.run()
    playground.chat()


@pytest.mark.parametrize("version", ["1.39.0", "1.109.1"])
def test_pin_of_a_link_wins_over_what_is_in_memory(version: str, site: Site, page: Page) -> None:
    """Also when the late files have come: they are of another version."""
    asked_for = watch(page)
    code = (
        "import gradio as gr, openai, asyncio\n"
        "print('version', openai.__version__, openai.__file__)\n"
        "def answer(message, history):\n"
        "    import importlib.metadata, openai.resources.fine_tuning as lazy, inspect\n"
        "    own = 'FineTuning' in inspect.getsource(lazy.fine_tuning)\n"
        "    return f'{importlib.metadata.version(\"openai\")} {own} {openai.__version__}'\n"
        "gr.ChatInterface(answer, type='messages').launch()\n"
    )
    playground = Playground(page)
    playground.open(legacy_link(site.url, code, [f"openai=={version}"]))
    expect(playground.console).to_contain_text(f"version {version}", timeout=BOOT_MS)
    assert not asked_for("code-base"), "not restored"
    page.wait_for_timeout(3000)
    playground.say("x")
    playground.expect_answer(f"{version} True {version}")


def test_version_that_a_program_installs_is_not_mixed_with_the_late_files(
    site: Site, page: Page
) -> None:
    """Here the pin cannot be read from the program: the page's own version was there first."""
    code = (
        "import micropip, gradio as gr\n"
        "await micropip.install('open' + 'ai==1.39.0')\n"
        "import openai\n"
        "print('version', openai.__version__)\n"
        "def answer(message, history):\n"
        "    import pathlib\n"
        "    folder = pathlib.Path(openai.__file__).parent\n"
        "    newer = (folder / 'resources' / 'evals' / 'evals.py').exists()\n"
        "    return f'newer: {newer}, ' + (folder / '_version.py').read_text()\n"
        "gr.ChatInterface(answer, type='messages').launch()\n"
    )
    playground = Playground(page)
    with page.expect_response(re.compile("/packs/sources-openai"), timeout=BOOT_MS):
        playground.open(legacy_link(site.url, code))
    expect(playground.console).to_contain_text("version 1.39.0", timeout=BOOT_MS)
    page.wait_for_timeout(2500)
    playground.say("x")
    playground.expect_answer(re.compile("newer: False,.*1.39.0", re.DOTALL))
