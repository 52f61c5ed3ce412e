"""Firefox and WebKit: the same page, restored from the snapshot and started normally.

They run where the browsers are installed; `npm test -- --engines` installs them on Debian.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial

import pytest
from browser.engines import Engine, MissingEngineError
from browser.firefox_webkit import Firefox, WebKit
from browser.test_snapshot import CONFORMANCE
from browser.test_sync import HOST as SYNC_HOST
from browser.test_sync import OWN as SYNC
from links import legacy_link
from serve import HOST, Handler, Server
from servers.assistants import ASSISTANT_ID, DEMO_KEY, running_service
from start import demo_program

from build import BUILD, build_if_changed


@dataclass
class Watched:
    """The built site, what was asked of it, and whether its snapshot is missing."""

    url: str = ""
    seen: list[str] = field(default_factory=list)
    snapshot_missing: bool = False

    def asked_for(self, pack: str) -> bool:
        return any(f"/packs/{pack}-" in path for path in self.seen)


class WatchedHandler(Handler):
    def __init__(self, watched: Watched, *args: object, **kwargs: object) -> None:
        self.watched = watched
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]

    def translate_path(self, path: str) -> str:
        self.watched.seen.append(path)
        if self.watched.snapshot_missing and "/packs/heap-" in path:
            path = "/missing"
        return super().translate_path(path)


@contextmanager
def watching(snapshot_missing: bool = False) -> Iterator[Watched]:
    """The site on a port of its own, which no browser has in its cache."""
    build_if_changed()
    watched = Watched(snapshot_missing=snapshot_missing)
    with Server((HOST, 0), partial(WatchedHandler, watched, directory=str(BUILD))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        watched.url = f"http://{HOST}:{server.server_address[1]}/"
        yield watched
        server.shutdown()


@pytest.fixture
def watched() -> Iterator[Watched]:
    with watching() as watched:
        yield watched


@pytest.fixture(params=[Firefox, WebKit], ids=lambda engine: engine.__name__)
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    kind: type[Engine] = request.param
    try:
        engine = kind()
    except MissingEngineError as missing:
        if os.environ.get("PLAYPAGE_ENGINES"):
            raise
        pytest.skip(f"{missing} (Debian: apt-get install {' '.join(kind.packages)})")
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
    with watching(snapshot_missing=True) as without:
        normal = facts(engine, without)
    assert without.asked_for("code-base")
    assert restored.pop("random") != normal.pop("random")
    assert restored == normal
    assert restored["pydantic"] == "int_parsing"
    assert restored["linked"] == "hello 42"


@pytest.mark.parametrize("snapshot_missing", [False, True], ids=["restored", "normal"])
def test_chat_with_the_demo_service(engine: Engine, snapshot_missing: bool) -> None:
    """The template app, streamed answers and a tool call, from another origin."""
    with running_service() as service, watching(snapshot_missing) as watched:
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
