"""Firefox and WebKit: the same page, restored from the snapshot and started normally.

They run where the browsers are installed; `npm test -- --engines` installs them on Debian.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playpage_site.cli import main as build
from playpage_site.demo import ASSISTANT_ID, DEMO_KEY, running_service
from playpage_site.dev.start import demo_program
from playpage_site.links.legacy import legacy_link
from support.engines import Engine
from support.firefox_webkit import Firefox, WebKit
from support.starts import CONFORMANCE
from support.sync_program import HOST as SYNC_HOST
from support.sync_program import OWN as SYNC
from support.watched import Watched, watching


@pytest.fixture
def watched() -> Iterator[Watched]:
    with watching() as watched:
        yield watched


@pytest.fixture(params=[Firefox, WebKit], ids=lambda engine: engine.__name__)
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    if not os.environ.get("PLAYPAGE_ENGINES"):
        pytest.skip("these take minutes and need two more browsers: npm test -- --engines")
    kind: type[Engine] = request.param
    engine = kind()
    yield engine
    engine.close()


def facts(engine: Engine, watched: Watched) -> dict[str, str]:
    engine.open(legacy_link(watched.url, CONFORMANCE))
    lines = engine.expect_output("random").splitlines()
    return dict(line.split(" ", 1) for line in lines if " " in line)


def test_same_answers_restored_and_not(engine: Engine, watched: Watched) -> None:
    restored = facts(engine, watched)
    assert watched.asked_for("heap")
    assert not watched.asked_for("code-base"), "not restored"
    with watching(missing=["heap"]) as without:
        normal = facts(engine, without)
    assert without.asked_for("code-base")
    assert restored.pop("random") != normal.pop("random")
    assert restored == normal
    assert restored["pydantic"] == "int_parsing"
    assert restored["linked"] == "hello 42"


@pytest.mark.parametrize("snapshot_missing", [False, True], ids=["restored", "normal"])
def test_chat_with_the_demo_service(engine: Engine, snapshot_missing: bool) -> None:
    """The template app, streamed answers and a tool call, from another origin."""
    with running_service() as service, watching(["heap"] if snapshot_missing else []) as watched:
        code = demo_program(service.base_url, ASSISTANT_ID, DEMO_KEY)
        engine.open(legacy_link(watched.url, code))
        engine.say("hello")
        engine.expect_answer("demo assistant")
        engine.say("weather in Oslo")
        engine.expect_answer("Oslo", turn=2)
        engine.screenshot(f"{type(engine).__name__}-chat")
    assert watched.asked_for("code-base") is snapshot_missing


def test_synchronous_client_edited_and_run(engine: Engine, watched: Watched) -> None:
    """In WebKit without JavaScript Promise Integration, which it has not yet."""
    with running_service() as service:
        code = SYNC.replace(f"https://{SYNC_HOST}", service.url)
        engine.open(legacy_link(watched.url, code))
        engine.wait_for("return /401|key/i.test(document.querySelector('#error-list').innerText)")
        code = code.replace("API_KEY = ''", f"API_KEY = '{DEMO_KEY}'")
        code = code.replace("ASSISTANT_ID = ''", f"ASSISTANT_ID = '{ASSISTANT_ID}'")
        engine.set_code(code)
        engine.press("Run")
        engine.expect_output("In Rome it is")
    assert not watched.asked_for("code-base")


def test_single_file_from_the_disk(engine: Engine, tmp_path: Path) -> None:
    """A page that is one file, from the snapshot in it."""
    app = tmp_path / "turn.py"
    app.write_text("import gradio as gr\ngr.ChatInterface(lambda m, h: m[::-1]).launch()\n")
    out = tmp_path / "turn.html"
    assert build.main(["page", str(app), "--single-file", "-o", str(out)]) == 0
    engine.open(out.as_uri())
    engine.say("stressed")
    engine.expect_answer("desserts")
    assert engine.script("return performance.getEntriesByName('playpage:module').length") == 1
