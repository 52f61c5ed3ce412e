"""The benchmark's host: caching, what it notes, and how it is made slow or to lack a file."""

from __future__ import annotations

import gzip
import time
from collections.abc import Iterator
from email.message import Message
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from bench.host import Conditions, Host, Line, gzip_bytes, hosting

TEXT = b"the same again, " * 4096


@pytest.fixture
def host(tmp_path: Path) -> Iterator[Host]:
    (tmp_path / "packs").mkdir()
    (tmp_path / "packs" / "heap-0123456789ab.pack").write_bytes(TEXT)
    (tmp_path / "main.js").write_bytes(TEXT)
    with hosting(tmp_path) as host:
        host.conditions = Conditions()
        yield host


def get(host: Host, path: str, **headers: str) -> tuple[int, Message, bytes]:
    request = Request(host.url + path, headers={k.replace("_", "-"): v for k, v in headers.items()})
    try:
        with urlopen(request) as response:
            return response.status, response.headers, response.read()
    except HTTPError as error:
        with error:
            return error.code, error.headers, error.read()


def test_hashed_names_are_kept_and_others_are_asked_for_again(host: Host) -> None:
    _, pack, _ = get(host, "packs/heap-0123456789ab.pack")
    assert pack["Cache-Control"] == "public, max-age=31536000, immutable"
    _, script, body = get(host, "main.js?v=1")
    assert script.get_all("Cache-Control") == ["no-cache"]
    assert body == TEXT
    status, _, body = get(host, "main.js", If_Modified_Since=script["Last-Modified"])
    assert (status, body) == (304, b"")
    assert [(s.path, s.status, s.body_bytes) for s in host.conditions.sent] == [
        ("/packs/heap-0123456789ab.pack", 200, len(TEXT)),
        ("/main.js", 200, len(TEXT)),
        ("/main.js", 304, 0),
    ]


def test_gzip_is_for_text_and_not_for_packs(host: Host) -> None:
    get(host, "main.js")
    get(host, "packs/heap-0123456789ab.pack")
    script, pack = (one.file for one in host.conditions.sent)
    assert script is not None
    assert pack is not None
    assert gzip_bytes(script) == len(gzip.compress(TEXT, 6))
    assert gzip_bytes(pack) == len(TEXT)


def test_slow_line_and_latency_take_their_time(host: Host) -> None:
    bits_per_s = len(TEXT) * 8 / 0.5
    host.conditions = Conditions(Line(bits_per_s), latency_s=0.1)
    began = time.monotonic()
    assert get(host, "main.js")[2] == TEXT
    # 0.1 s before the answer, and 0.5 s of line less what it had in hand from before.
    assert time.monotonic() - began >= 0.45
