"""The rest of the assistants service: keys, bodies, lists, CORS, the log."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import openai
import pytest
from openai import OpenAI
from playpage_site.demo import DEMO_KEY, Service, Settings, running_service
from support.waiting import until

pytestmark = [
    pytest.mark.filterwarnings("ignore:The Assistants API is deprecated:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:deprecated:DeprecationWarning"),
]

ROOT = Path(__file__).parents[3]
BETA = {"authorization": f"Bearer {DEMO_KEY}", "openai-beta": "assistants=v2"}


@pytest.fixture
def service(new_service: Service) -> Service:
    return new_service


def test_a_wrong_key_is_401_and_is_not_repeated(service: Service) -> None:
    with (
        OpenAI(base_url=service.base_url, api_key="sk-secret") as client,
        pytest.raises(openai.AuthenticationError) as caught,
    ):
        client.beta.threads.create()
    assert caught.value.code == "invalid_api_key"
    assert "sk-secret" not in str(caught.value)


def test_no_key_is_401(service: Service) -> None:
    response = httpx.get(service.base_url + "/files")
    assert response.status_code == 401
    assert "didn't provide" in response.json()["error"]["message"]


def test_several_keys(client: OpenAI) -> None:
    with running_service(keys=frozenset({"one", "two"})) as service:
        for key in ("one", "two"):
            client.with_options(base_url=service.base_url, api_key=key).files.list()
        with pytest.raises(openai.AuthenticationError):
            client.with_options(base_url=service.base_url).files.list()


@pytest.mark.parametrize(
    "options", [{"keys": frozenset()}, {"keys": {""}}, {"prefixes": ()}, {"prefixes": ("v1/",)}]
)
def test_bad_settings_are_told(options: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"must hold at least|a prefix starts"):
        Settings(**options)


def test_the_beta_header_is_demanded(service: Service) -> None:
    headers = {"authorization": f"Bearer {DEMO_KEY}"}
    response = httpx.post(service.base_url + "/threads", json={}, headers=headers)
    assert response.status_code == 400
    assert "OpenAI-Beta" in response.json()["error"]["message"]


def test_both_prefixes_are_one_service(client: OpenAI, service: Service) -> None:
    thread = client.beta.threads.create()
    other = client.with_options(base_url=service.url + "/api/assts/v1")
    assert other.beta.threads.retrieve(thread.id).id == thread.id


def test_what_is_not_there_is_404(client: OpenAI) -> None:
    threads = client.beta.threads
    thread = threads.create()
    calls: list[Callable[[], object]] = [
        lambda: threads.retrieve("thread_gone"),
        lambda: threads.messages.retrieve("msg_gone", thread_id=thread.id),
        lambda: threads.runs.retrieve("run_gone", thread_id=thread.id),
        lambda: threads.runs.create(thread_id=thread.id, assistant_id="asst_gone"),
        lambda: client.beta.assistants.retrieve("asst_gone"),
        lambda: client.files.retrieve("file-gone"),
        lambda: client.get("/nothing", cast_to=object),
    ]
    for call in calls:
        with pytest.raises(openai.NotFoundError):
            call()


@pytest.mark.parametrize(
    "body",
    [
        "{",
        "[]",
        '{"messages": [{"role": "system", "content": "x"}]}',
        '{"messages": [{"role": "user", "content": ""}]}',
        '{"messages": [{"role": "user", "content": []}]}',
        '{"messages": [{"role": "user", "content": [{"type": "sound"}]}]}',
        '{"messages": [{"role": "user"}]}',
        '{"messages": ["hello"]}',
        '{"messages": "hello"}',
        '{"metadata": {"a": 1}}',
    ],
)
def test_bad_bodies_are_400(service: Service, body: str) -> None:
    response = httpx.post(service.base_url + "/threads", content=body, headers=BETA)
    assert response.status_code == 400, response.text
    assert response.json()["error"]["message"]
    assert service.open_threads == []


def test_pages_of_a_list(client: OpenAI) -> None:
    messages: list[Any] = [{"role": "user", "content": str(number)} for number in range(25)]
    thread_id = client.beta.threads.create(messages=messages).id

    def listed(**query: Any) -> list[str]:
        page = client.beta.threads.messages.list(thread_id, **query)
        return [part.text.value for message in page.data for part in message.content]  # type: ignore[union-attr]

    assert listed() == [str(number) for number in range(24, 4, -1)]
    assert listed(order="asc", limit=2) == ["0", "1"]
    asc = client.beta.threads.messages.list(thread_id, order="asc", limit=100).data
    assert listed(order="asc", after=asc[3].id, limit=2) == ["4", "5"]
    assert listed(order="asc", before=asc[3].id, limit=2) == ["1", "2"]
    assert listed(order="desc", after=asc[2].id) == ["1", "0"]
    everything = list(client.beta.threads.messages.list(thread_id, order="asc", limit=7))
    assert [message.id for message in everything] == [message.id for message in asc]
    for query in ({"limit": 0}, {"limit": 101}, {"order": "up"}, {"after": "msg_gone"}):
        with pytest.raises(openai.BadRequestError):
            listed(**query)


PREFLIGHT = {
    "origin": "https://wiki.example.org",
    "access-control-request-method": "POST",
    "access-control-request-headers": "authorization,content-type,openai-beta,x-stainless-lang",
}


def test_preflights_allow_what_is_asked(service: Service) -> None:
    response = httpx.options(service.base_url + "/threads", headers=PREFLIGHT)
    assert response.status_code == 200
    assert response.headers["access-control-allow-origin"] == "*"
    assert "x-stainless-lang" in response.headers["access-control-allow-headers"]
    assert int(response.headers["access-control-max-age"]) > 0


def test_preflights_can_refuse_stainless_headers() -> None:
    with running_service(stainless=False) as service:
        response = httpx.options(service.base_url + "/threads", headers=PREFLIGHT)
        allowed = response.headers["access-control-allow-headers"].lower()
        assert response.status_code == 400
        assert "x-stainless" not in allowed
        assert all(name in allowed for name in ("authorization", "content-type", "openai-beta"))
        plain = PREFLIGHT | {
            "access-control-request-headers": "authorization,content-type,openai-beta"
        }
        assert httpx.options(service.base_url + "/threads", headers=plain).status_code == 200


@pytest.mark.parametrize("key", [DEMO_KEY, "wrong"])
def test_answers_and_errors_can_be_read_by_a_page(service: Service, key: str) -> None:
    headers = {"origin": "https://wiki.example.org", "authorization": f"Bearer {key}"}
    response = httpx.get(service.base_url + "/files", headers=headers)
    assert response.headers["access-control-allow-origin"] == "*"
    assert "retry-after" in response.headers["access-control-expose-headers"]


def test_the_log_has_all_but_the_key(client: OpenAI, service: Service) -> None:
    thread = client.beta.threads.create(metadata={"a": "b"})
    client.beta.threads.delete(thread.id)
    httpx.options(service.base_url + "/threads", headers=PREFLIGHT)
    assert [str(record) for record in service.log] == [
        "POST /v1/threads -> 200",
        f"DELETE /v1/threads/{thread.id} -> 200",
        "OPTIONS /v1/threads -> 200",
    ]
    assert service.log[0].body == {"metadata": {"a": "b"}}
    assert service.log[0].headers["authorization"].startswith("sha256:")
    assert DEMO_KEY not in repr(service.log)
    assert service.deleted_threads == [thread.id]
    # The reader has the last byte a moment before the service's own line after it runs.
    until(lambda: all(record.finished for record in service.log))


def test_a_taken_port_is_an_error(service: Service) -> None:
    port = int(service.url.rpartition(":")[2])
    with pytest.raises(OSError, match="in use"), running_service(port=port):
        pass


def test_the_command_line(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "playpage_site.demo", "--port", "0", "--key", "abc"],
        cwd=ROOT / "py",
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout
        url = re.search(r"http://127\.0\.0\.1:\d+/v1", process.stdout.readline())
        assert url
        headers = {"authorization": "Bearer abc"}
        assert httpx.get(url.group() + "/files", headers=headers).status_code == 200
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=10) == 0
        assert "abc" not in process.stdout.read()
    finally:
        process.kill()
        process.communicate()
