"""A program's packages: pins, stand-ins, plain scripts, what cannot be had and what is said."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playpage_site.cli.main import BUILD, build_if_changed
from playpage_site.dev.serve import serving
from playpage_site.links.legacy import legacy_link
from playpage_site.pyodide import distribution
from playpage_site.site.assemble import assemble
from playwright.sync_api import BrowserContext, Page, expect
from support.distribution_mirror import make_mirror
from support.playground import BOOT_MS, Playground, Site, Traffic
from support.starts import locked_version
from support.watched import stop_clock


def test_plain_script_prints_and_needs_no_gradio(page: Page, site: Site, traffic: Traffic) -> None:
    playground = Playground(page)
    code = (
        "import sys\nprint('out', 6 * 7)\nprint('err', file=sys.stderr)\n"
        "print('no newline', end='')"
    )
    playground.open_code(site, code)
    expect(playground.console).to_contain_text("out 42")
    expect(playground.console).to_contain_text("no newline")
    expect(playground.console.get_by_text("err")).to_be_visible()
    assert not any(re.search("/packs/(heap|code-gradio)-", url) for url in traffic.seen)


def test_error_shows_the_line_and_the_traceback_of_the_program_alone(
    playground: Playground,
) -> None:
    playground.show("def f():\n    return 1 / 0\n\nf()\n")
    expect(playground.errors).to_contain_text("ZeroDivisionError")
    expect(playground.errors).to_contain_text("line 2")
    expect(playground.errors).to_contain_text("return 1 / 0")
    expect(playground.errors).not_to_contain_text("runner.py")


def test_openai_versions_of_the_index_replace_one_another(
    page: Page, site: Site, traffic: Traffic
) -> None:
    """A pin wins over what is loaded, and over what an earlier run imported."""
    playground = Playground(page)
    playground.open_code(site, "import openai\nprint('version', openai.__version__)")
    expect(playground.console).to_contain_text(f"version {locked_version('openai')}")
    for version in ("1.39.0", "1.109.1", "2.54.0"):
        # The name is put together, so that it can only be found by running the program.
        playground.set_code(
            "import micropip\n"
            f"await micropip.install('open' + 'ai==' + '{version}')\n"
            "import openai\nprint('version', openai.__version__)"
        )
        playground.run()
        expect(playground.console).to_contain_text(f"version {version}")


def test_requirements_of_a_link_are_installed(page: Page, site: Site, traffic: Traffic) -> None:
    playground = Playground(page)
    code = "import openai\nprint(openai.__version__)"
    playground.open_code(site, code, ["openai==1.109.1"])
    expect(playground.console).to_contain_text("1.109.1")


def test_package_that_cannot_be_had_names_itself_and_the_remedy(playground: Playground) -> None:
    playground.show("import micropip\nawait micropip.install('no-such-thing')")
    expect(playground.errors).to_contain_text("no-such-thing is not in this page's files")
    expect(playground.errors).to_contain_text("py/packages.toml")
    assert playground.traffic.foreign  # It was tried on the public index.
    playground.traffic.foreign.clear()


@pytest.mark.parametrize(
    ("code", "packages"),
    [
        ("import numpy as np\nprint(np.arange(3))", "numpy"),
        ("import gradio as gr\ngr.Interface(lambda x: x, 'image', 'label').launch()", "pillow"),
        ("import gradio as gr\nwith gr.Blocks() as d:\n    gr.Dataframe()\nd.launch()", "pandas"),
    ],
    ids=["import", "shortcut", "component"],
)
def test_package_of_the_distribution_out_of_reach_says_how_to_include_it(
    code: str, packages: str, playground: Playground
) -> None:
    playground.show(code)
    expect(playground.errors).to_contain_text(re.compile(f"--with [a-z,]*{packages}"))
    assert any(f"/{packages}-" in url for url in playground.traffic.foreign)
    playground.traffic.foreign.clear()


def test_standin_used_in_a_handler_says_what_is_missing(playground: Playground) -> None:
    """A use that cannot be read from the source is told when it happens."""
    code = (
        "import gradio as gr\nimport importlib\n"
        "def f(message, history):\n"
        "    return str(importlib.import_module('num' + 'py').arange(3))\n"
        "gr.ChatInterface(f, type='messages').launch()"
    )
    playground.show(code)
    playground.say("go")
    expect(playground.errors).to_contain_text("numpy.arange() uses numpy")


def test_app_uses_no_threads_fonts_or_analytics(playground: Playground) -> None:
    """Sync handlers, generators, launch(debug=True) and a font host's theme all work."""
    code = (
        "import gradio as gr\nimport time\n"
        "def f(message, history):\n"
        "    for n in range(3):\n        time.sleep(0.05)\n        yield f'part {n}'\n"
        "theme = gr.themes.Soft(font=gr.themes.GoogleFont('Inconsolata'))\n"
        "gr.ChatInterface(f, type='messages', theme=theme).launch(debug=True)"
    )
    playground.show(code)
    playground.say("go")
    playground.expect_answer("part 2")


def test_second_run_replaces_the_app(playground: Playground) -> None:
    program = (
        "import gradio as gr\ngr.ChatInterface(lambda m, h: '{} ' + m, type='messages').launch()"
    )
    playground.show(program.format("first"))
    playground.say("x")
    playground.expect_answer("first x")
    playground.set_code(program.format("second"))
    playground.run()
    playground.say("y")
    playground.expect_answer("second y")


def test_under_a_sub_path(
    page: Page, context: BrowserContext, traffic: Traffic, tmp_path_factory: pytest.TempPathFactory
) -> None:
    build_if_changed()
    root = tmp_path_factory.mktemp("root")
    (root / "wiki").mkdir()
    (root / "wiki" / "tools").symlink_to(BUILD)
    playground = Playground(page)
    with serving(root) as url:
        code = (
            "import gradio as gr\ngr.ChatInterface(lambda m, h: m[::-1], type='messages').launch()"
        )
        playground.open(legacy_link(f"{url}wiki/tools/", code))
        playground.chat()
        assert all("/wiki/tools/" in seen for seen in traffic.seen)


def test_package_included_in_the_build_is_loaded_from_it(
    page: Page, traffic: Traffic, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a mirror's tiny `numpy`, as the real one may be out of reach of the tests."""
    monkeypatch.setattr(distribution, "CACHE", tmp_path / "cache")
    out = tmp_path / "site"
    with serving(make_mirror(tmp_path / "mirror")) as mirror:
        monkeypatch.setenv(distribution.MIRROR, mirror)
        assemble(out, ["numpy"])
    stop_clock(out / "js" / "unpacker.js")
    playground = Playground(page)
    with serving(out) as url:
        code = "import numpy\nprint(numpy.__version__, numpy.arange(3))"
        playground.open(legacy_link(url, code))
        expect(playground.console).to_contain_text("9.9.9 [0, 1, 2]", timeout=BOOT_MS)

        # gradio has bound the stand-in by now: a program that needs the real one gets it.
        playground.set_code("import gradio as gr\ngr.ChatInterface(print).launch()")
        playground.page.get_by_role("button", name="Restart").click()
        playground.wait_until_ended()
        playground.run()
        playground.set_code(f"import gradio\n{code}")
        playground.run()
        expect(playground.console).to_contain_text("9.9.9 [0, 1, 2]")
