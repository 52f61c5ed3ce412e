"""Services that lack something: streams, CORS headers, the usual error bodies."""

from __future__ import annotations

import json
from typing import Any

import httpx
import openai
import pytest
from playpage_site.demo import ASSISTANT_ID, DEMO_KEY, running_service
from servers.sdk import FAST, client_of, newest_text, thread_with, tool_outputs

pytestmark = pytest.mark.filterwarnings(
    "ignore:The Assistants API is deprecated:DeprecationWarning"
)

KEY = {"authorization": f"Bearer {DEMO_KEY}", "openai-beta": "assistants=v2"}
CHAT: dict[str, Any] = {"model": "demo", "messages": [{"role": "user", "content": "hello"}]}
RESPONSE: dict[str, Any] = {"model": "demo", "input": "hello"}


def test_streams_can_be_refused() -> None:
    with running_service(**FAST, streams="refused") as service, client_of(service) as client:
        runs = client.beta.threads.runs
        thread_id = thread_with(client, "weather in Paris")
        where: dict[str, Any] = {"thread_id": thread_id}

        def refused(call: Any, **options: Any) -> None:
            with pytest.raises(openai.BadRequestError) as caught:
                call(**options, stream=True)
            assert caught.value.param == "stream"

        refused(runs.create, **where, assistant_id=ASSISTANT_ID)
        refused(client.beta.threads.create_and_run, assistant_id=ASSISTANT_ID)
        refused(client.chat.completions.create, **CHAT)
        refused(client.responses.create, **RESPONSE)
        assert runs.list(thread_id).data == [], "what is refused has begun nothing"
        assert service.open_threads == [thread_id]

        run = runs.create_and_poll(**where, assistant_id=ASSISTANT_ID)
        outputs = tool_outputs(service, thread_id, run)
        refused(runs.submit_tool_outputs, **where, run_id=run.id, tool_outputs=outputs)
        run = runs.submit_tool_outputs_and_poll(**where, run_id=run.id, tool_outputs=outputs)
        assert run.status == "completed"
        assert "In Paris it is" in newest_text(client, thread_id)
        assert client.chat.completions.create(**CHAT).choices[0].finish_reason == "stop"
        assert client.responses.create(**RESPONSE).status == "completed"


@pytest.mark.parametrize(("path", "body"), [("chat/completions", CHAT), ("responses", RESPONSE)])
def test_a_service_without_streams_answers_json(path: str, body: dict[str, Any]) -> None:
    with running_service(**FAST, streams=False) as service:
        response = httpx.post(
            f"{service.base_url}/{path}", json={**body, "stream": True}, headers=KEY
        )
    assert response.headers["content-type"] == "application/json"
    assert "Hello!" in response.text


def test_errors_can_be_bare() -> None:
    with running_service(**FAST, bare_errors=True) as service:

        def asked(path: str, body: Any = None, key: str = DEMO_KEY) -> httpx.Response:
            headers = {**KEY, "authorization": f"Bearer {key}"}
            return httpx.post(f"{service.base_url}/{path}", json=body, headers=headers)

        busy = {**CHAT, "messages": [{"role": "user", "content": "busy"}]}
        failing = {**CHAT, "messages": [{"role": "user", "content": "fail"}]}
        for status, response in (
            (401, asked("threads", {}, "wrong")),
            (400, asked("threads", [])),
            (404, asked("threads/thread_gone/runs", {"assistant_id": ASSISTANT_ID})),
            (404, asked("nothing")),
            (405, asked("files/file-gone")),
            (429, asked("chat/completions", busy)),
            (500, asked("chat/completions", failing)),
        ):
            assert response.status_code == status
            assert list(response.json()) == ["msg"]
            assert response.json()["msg"]
        streamed = asked("chat/completions", {**failing, "stream": True})
        last = streamed.text.strip().splitlines()[-1]
        assert json.loads(last.removeprefix("data: ")) == {"msg": "Sorry, something went wrong."}


def test_a_service_may_forget_cors() -> None:
    origin = {"origin": "https://wiki.example.org"}
    asked = {**origin, "access-control-request-method": "POST"}
    for cors in (True, False):
        with running_service(**FAST, cors=cors) as service:
            url = service.base_url + "/files"
            answers = [
                httpx.get(url, headers={**KEY, **origin}),
                httpx.get(url, headers=origin),
                httpx.options(url, headers=asked),
            ]
        assert [answer.status_code for answer in answers] == [200, 401, 200 if cors else 401]
        for answer in answers:
            found = any(name.startswith("access-control-") for name in answer.headers)
            assert found == cors
