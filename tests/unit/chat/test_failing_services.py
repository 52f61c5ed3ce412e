"""Services that fail: what the reader learns, and that the chat goes on."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import openai
import pytest
from playpage.chat.connection import connect
from playpage_site.demo import DEMO_KEY, Service, running_service
from servers.spoil import Spoiler
from starlette.types import ASGIApp
from support.chatting import FAST, HELLO, Talk, quiet, requests

pytestmark = quiet


APIS = ("assistants", "completions", "responses")


def answering(status: int, body: str, media_type: str, **headers: str) -> Callable[[ASGIApp], Any]:
    """A service that answers everything alike."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        given = {"content-type": media_type, **headers}
        pairs = [(name.replace("_", "-").encode(), value.encode()) for name, value in given.items()]
        await send({"type": "http.response.start", "status": status, "headers": pairs})
        await send({"type": "http.response.body", "body": body.encode()})

    return lambda _: app


@pytest.mark.parametrize("api", APIS)
@pytest.mark.parametrize(
    ("key", "sentence"),
    [
        ("", "Type the key you were given"),
        ("鑰匙", "This is not a key"),
        ("two words", "This is not a key"),
        ("sk-1\n", "This is not a key"),
    ],
)
def test_no_usable_key_asks_nothing_of_the_service(
    service: Service, api: str, key: str, sentence: str
) -> None:
    talk = Talk(service.base_url, api, key=key)
    assert sentence in talk.send("hello").problem
    assert service.log == []
    talk.key = DEMO_KEY
    assert talk.send("hello").text == HELLO


@pytest.mark.parametrize(
    "address",
    [
        "",
        "example.org/v1",
        "ftp://example.org",
        "https://",
        "https:///v1",
        "http://[",
        "https://a b/",
    ],
)
def test_no_address_of_a_service(address: str) -> None:
    problem = Talk(address).send("hello").problem
    assert problem.startswith(f"“{address}” is not the address of a service.")


@pytest.mark.parametrize("api", APIS)
@pytest.mark.parametrize("bare", [False, True])
@pytest.mark.parametrize(
    ("status", "sentence"),
    [
        (403, "This key may not use the assistant (Refused with 403.)"),
        (
            404,
            "The service did not find it at http://127.0.0.1:{port}/v1/{path} (Refused with 404.)",
        ),
        (413, "This is more than the service accepts (Refused with 413.)"),
        (400, "The service refused this (400 Refused with 400.)"),
        (422, "The service refused this (422 Refused with 422.)"),
    ],
)
def test_statuses_are_sentences(
    service: Service, api: str, bare: bool, status: int, sentence: str
) -> None:
    talk = Talk(service.base_url, api)
    answer = talk.send(f"{'msg' if bare else 'http'} {status}")
    port = service.url.rpartition(":")[2]
    path = {"completions": "chat/completions", "responses": "responses"}.get(api)
    path = path or requests(service, "POST", "/runs")[0].path.removeprefix("/v1/")
    assert sentence.format(port=port, path=path) in answer.problem
    assert answer.text == ""
    assert talk.conversation.last.question.text.endswith(str(status)), "nothing is lost"
    assert talk.send("hello").text == HELLO, "and it goes on"


@pytest.mark.parametrize("api", APIS)
@pytest.mark.parametrize("bare", [False, True])
def test_a_key_that_is_refused(api: str, bare: bool) -> None:
    with running_service(**FAST, bare_errors=bare) as service:
        talk = Talk(service.base_url, api, key="sk-secret-but-wrong")
        problem = talk.send("hello").problem
    assert "The service does not accept this key." in problem
    assert "sk-secret" not in problem


@pytest.mark.parametrize("api", APIS)
def test_a_service_with_bare_errors_alone(api: str) -> None:
    with running_service(**FAST, bare_errors=True) as service:
        talk = Talk(service.base_url, api)
        assert "(Refused with 403.)" in talk.send("http 403").problem
        assert talk.send("hello").text == HELLO
        service.store.threads.clear()
        service.store.responses.clear()
        assert "turn 2" in talk.send("and on?").text


def test_an_unknown_assistant_is_named(service: Service) -> None:
    answer = Talk(service.base_url, target="asst_gone").send("hello")
    assert "did not find it at" in answer.problem
    assert "No assistant found with id 'asst_gone'" in answer.problem


def test_a_service_that_is_busy_for_a_moment_is_asked_again(service: Service) -> None:
    assert "busy bees" in Talk(service.base_url, "completions").send("busy bees").text


@pytest.mark.parametrize(
    ("status", "body", "headers", "sentence"),
    [
        (429, '{"error": {"message": "Slow down."}}', {"retry_after": "7"},
         "busy at the moment (Slow down.). Wait 7 s,"),
        (429, '{"msg": "Slow down."}', {}, "(Slow down.). Wait a minute,"),
        (429, '{"error": {"message": "You exceeded your current quota."}}', {},
         "The credit of this key is used up (You exceeded your current quota.)"),
        (429, '{"msg": "Check your billing."}', {}, "The credit of this key is used up"),
        (503, '{"error": "No room."}', {}, "The service has a problem (503: No room.)"),
        (500, '{"detail": "Oh."}', {}, "The service has a problem (500: Oh.)"),
        (502, "", {}, "The service has a problem (502: it gave no reason)"),
    ],
)  # fmt: skip
def test_what_the_sdk_tries_again_is_said_in_the_end(
    monkeypatch: pytest.MonkeyPatch, status: int, body: str, headers: dict[str, str], sentence: str
) -> None:
    async def at_once(*_: Any, **__: Any) -> None:
        """The waits are the SDK's, and tested with it."""

    monkeypatch.setattr(openai.AsyncOpenAI, "_sleep_for_retry", at_once)
    with running_service(wrap=answering(status, body, "application/json", **headers)) as service:
        answer = Talk(service.base_url, "completions").send("hello")
    assert sentence in answer.problem


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("<html><h1>Forbidden</h1>", "(it gave no reason)"),
        ("No entry.", "(No entry.)"),
        ("[1, 2]", "(it gave no reason)"),
        ('{"error": {"message": ""}}', "(it gave no reason)"),
        ('{"error": {"code": 3, "detail": "Closed."}}', "(Closed.)"),
        ('{"message": "Closed."}', "(Closed.)"),
    ],
)
def test_the_reason_is_found_in_any_body(body: str, reason: str) -> None:
    kind = "text/html" if body.startswith("<") else "application/json"
    with running_service(wrap=answering(403, body, kind)) as service:
        assert reason in Talk(service.base_url, "completions").send("hello").problem


@pytest.mark.parametrize("api", APIS)
@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("<html>Welcome</html>", "text/html"),
        ("<html>Welcome</html>", "application/json"),
        ("[]", "application/json"),
    ],
)
def test_an_answer_that_is_none_is_said(
    api: str, body: str, kind: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with running_service(wrap=answering(200, body, kind)) as service:
        answer = Talk(service.base_url, api).send("hello")
    assert "in a way that this chat does not understand" in answer.problem
    assert "Traceback" in capsys.readouterr().err, "for the author"


@pytest.mark.parametrize("api", APIS)
def test_a_service_that_is_away(api: str) -> None:
    with running_service() as service:
        address = service.base_url
    answer = Talk(address, api).send("hello")
    assert answer.problem.startswith(f"{service.url} cannot be reached. Check your network")
    assert "CORS" in answer.problem


@pytest.mark.parametrize("api", APIS)
def test_a_service_that_takes_too_long(service: Service, api: str) -> None:
    answer = Talk(service.base_url, api, timeout_s=0.2).send("stall")
    assert "did not answer in time" in answer.problem


def test_the_timeout_is_the_one_that_was_chosen() -> None:
    """Five seconds are httpx's own, which the SDK takes for none and waits ten minutes."""

    async def read() -> float:
        async with connect("https://example.org/v1", "key", 5) as (client, _):
            timeout: Any = client.timeout
            return float(getattr(timeout, "read", timeout))

    assert asyncio.run(read()) == 5


@pytest.mark.parametrize("api", ["completions", "responses"])
def test_a_stream_that_is_cut_keeps_the_half(service: Service, api: str) -> None:
    answer = Talk(service.base_url, api).send("cut it")
    assert answer.text == "You said: “cut"
    assert "What came is above" in answer.problem


def test_a_body_that_is_json_of_another_kind() -> None:
    """An object that has nothing of what was asked for."""
    spoiler = Spoiler.of_json(lambda _: {"msg": "Hello"})
    with running_service(**FAST, streams=False, wrap=spoiler) as other:
        for api in APIS:
            answer = Talk(other.base_url, api).send("hello")
            assert answer.problem
            assert answer.text == ""
