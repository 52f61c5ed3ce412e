"""Each failure has a sentence of its own, in the reader's language."""

from __future__ import annotations

from typing import Any

import httpx
import openai
import pytest
from playpage.chat.connection import ConnectedService
from playpage.chat.failures import ChatError, explain
from playpage.chat.languages import words
from playpage_site.demo import Service
from support.chatting import Talk, quiet

pytestmark = quiet


def test_a_failure_shows_before_the_service_has_been_asked_to_forget(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    talk = Talk(service.base_url)
    talk.send("hello")
    seen: list[str] = []

    async def forget(_: ConnectedService, remote_id: str) -> None:
        seen.append(talk.conversation.last.answer.problem if talk.shown else "")
        seen.append(str(len(talk.shown)))

    monkeypatch.setattr(ConnectedService, "forget", forget)
    talk.send("fail")
    problem, shown = seen
    assert "could not answer" in problem
    assert int(shown) == len(talk.shown), "nothing more is shown afterwards"


def test_every_failure_of_the_sdk_and_of_httpx_has_a_sentence() -> None:
    request = httpx.Request("POST", "https://example.org/v1/threads?key=1")
    sdks: Any = request
    english = words("en")
    sentences = {
        "timeout": explain(openai.APITimeoutError(sdks), english),
        "timeout too": explain(httpx.ReadTimeout(""), english),
        "away": explain(openai.APIConnectionError(request=sdks), english),
        "away too": explain(httpx.ConnectError("", request=request), english),
        "of nobody": explain(httpx.ConnectError(""), english),
        "closed": explain(httpx.StreamClosed(), english),
        "cut at once": explain(httpx.RemoteProtocolError(""), english),
        "cut": explain(httpx.ReadError("", request=request), english, has_text=True),
        "in a stream": explain(openai.APIError("x", sdks, body={"message": "No."}), english),
    }
    assert sentences["timeout"] == sentences["timeout too"] == english["timeout"]
    assert sentences["away"] == sentences["away too"]
    assert sentences["away"].startswith("https://example.org cannot be reached.")
    assert sentences["of nobody"].startswith("The service cannot be reached.")
    assert sentences["cut"] == sentences["cut at once"] == sentences["closed"] == english["cut"]
    assert "No." in sentences["in a stream"]
    chinese = explain(httpx.ConnectError(""), words("zh-TW"))
    assert "The service" not in chinese


def test_an_unforeseen_error_is_shown_and_printed(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert "This did not work (ZeroDivisionError)" in explain(ZeroDivisionError("x"), words("en"))
    assert "ZeroDivisionError: x" in capsys.readouterr().err


def test_all_sentences_differ() -> None:
    blanks = {
        "address": "A", "reason": "R", "status": 1, "wait": "W", "kind": "K", "count": 1,
        "name": "N", "host": "H",
    }  # fmt: skip
    for tag in ("en", "zh-Hant"):
        known = words(tag)
        sentences = {key: known.sentence(key, **blanks) for key in known}
        failures = {key: said for key, said in sentences.items() if said.endswith((".", "。"))}
        assert len(failures) > 20
        assert len(set(failures.values())) == len(failures)


def test_in_the_readers_language(service: Service) -> None:
    talk = Talk(service.base_url, lang="zh-TW")
    assert (
        talk.send("http 403").problem
        == "這把金鑰無權使用此助理（Refused with 403.）。請擁有者將助理分享給您。"
    )
    assert ChatError("no_key").key == "no_key"
