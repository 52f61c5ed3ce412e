"""The Assistants API: files and pictures of the reader and of the assistant; the key."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path
from typing import Any

import pytest
from playpage_site.demo import DEMO_KEY, Service, running_service
from servers.spoil import Spoiler
from support.chatting import FAST, Talk, files, quiet, requests

pytestmark = quiet


def png(path: Path) -> Path:
    """A picture of one pixel."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0))
    data = chunk(b"IDAT", zlib.compress(b"\0\xff\0\0"))
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + head + data + chunk(b"IEND", b""))
    return path


def test_pictures_and_files_are_uploaded(talk: Talk, service: Service, tmp_path: Path) -> None:
    notes = tmp_path / "notes.txt"
    notes.write_text("tea")
    answer = talk.send("look", png(tmp_path / "dot.png"), notes)
    assert answer.problem == ""
    assert "1 picture: dot.png" in answer.text
    assert "1 file: notes.txt (3 bytes)" in answer.text
    purposes = {one.obj["filename"]: one.obj["purpose"] for one in service.store.files.values()}
    assert purposes == {"dot.png": "vision", "notes.txt": "assistants"}


def test_a_file_without_words(talk: Talk, tmp_path: Path) -> None:
    notes = tmp_path / "notes.txt"
    notes.write_text("tea")
    answer = talk.send("", notes)
    assert answer.problem == ""
    assert "1 file: notes.txt" in answer.text
    assert "1 picture: dot.png" in talk.send("", png(tmp_path / "dot.png")).text


def test_a_file_is_uploaded_once(talk: Talk, service: Service, tmp_path: Path) -> None:
    talk.send("look", png(tmp_path / "dot.png"))
    service.store.threads.clear()
    assert talk.send("hello").problem == ""
    assert len(requests(service, "POST", "/files")) == 1


def test_a_picture_by_its_address(talk: Talk, service: Service) -> None:
    answer = talk.send("What is on https://example.org/cat.png?size=2 and on nothing else?")
    assert "1 picture: https://example.org/cat.png?size=2." in answer.text


def test_plain_words_are_sent_as_plain_words(talk: Talk, service: Service) -> None:
    talk.send("hello")
    (thread,) = requests(service, "POST", "/threads")
    assert thread.body["messages"] == [{"role": "user", "content": "hello"}]


def test_pictures_of_the_assistant_are_fetched(any_service: Service) -> None:
    answer = Talk(any_service.base_url).send("draw a house")
    assert answer.problem == ""
    assert "picture that you asked for" in answer.text
    (picture,) = files(answer)
    assert Path(picture.path).read_bytes()[:4] == b"\x89PNG"
    assert picture.path.endswith(".png")
    assert picture.is_image


def test_a_picture_that_is_gone_leaves_the_words() -> None:
    def wrap(app: Any) -> Any:
        async def gone(scope: Any, receive: Any, send: Any) -> None:
            missing = scope["type"] == "http" and scope["path"].endswith("/content")
            await (Spoiler(app, statuses={200: 404}) if missing else app)(scope, receive, send)

        return gone

    with running_service(**FAST, wrap=wrap) as service:
        answer = Talk(service.base_url).send("draw a house")
    assert answer.problem == ""
    assert "picture that you asked for" in answer.text


def test_the_key_is_in_no_url_no_body_and_no_log(
    talk: Talk,
    service: Service,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level("DEBUG")
    talk.send("weather in Paris")
    talk.send("call broken_plugin")
    talk.send("http 403")
    assert service.log
    assert all(DEMO_KEY not in f"{r.path}?{r.query} {r.headers} {r.body}" for r in service.log)
    assert caplog.text
    assert DEMO_KEY not in caplog.text + "".join(capfd.readouterr())
    shown = str(talk.conversation)
    assert DEMO_KEY not in shown
