"""Files, pictures and plugins of the assistants service."""

from __future__ import annotations

import json
from typing import Any

import httpx
import openai
import pytest
from openai import OpenAI
from playpage_site.demo import ASSISTANT_ID, DEMO_KEY, Service

pytestmark = [
    pytest.mark.filterwarnings("ignore:The Assistants API is deprecated:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:deprecated:DeprecationWarning"),
]

BETA = {"authorization": f"Bearer {DEMO_KEY}", "openai-beta": "assistants=v2"}


@pytest.fixture
def service(new_service: Service) -> Service:
    return new_service


def test_files_and_pictures(client: OpenAI) -> None:
    content = bytes(range(256)) * 40
    uploaded = client.files.create(file=("cat.png", content, "image/png"), purpose="vision")
    assert (uploaded.bytes, uploaded.filename) == (len(content), "cat.png")
    assert client.files.content(uploaded.id).content == content
    assert [one.id for one in client.files.list(purpose="vision")] == [uploaded.id]
    thread = client.beta.threads.create()
    parts: list[Any] = [
        {"type": "text", "text": "what is it?"},
        {"type": "image_file", "image_file": {"file_id": uploaded.id}},
        {"type": "image_url", "image_url": {"url": "https://example.org/dog.png"}},
    ]
    for part in parts:
        client.beta.threads.messages.create(thread.id, role="user", content=[part])
    client.beta.threads.runs.create_and_poll(thread_id=thread.id, assistant_id=ASSISTANT_ID)
    answer: Any = client.beta.threads.messages.list(thread.id).data[0].content[0]
    assert "I received 2 pictures: cat.png (10240 bytes); https://example.org/dog.png" in (
        answer.text.value
    )
    assert "what is it?" in answer.text.value
    client.files.delete(uploaded.id)
    with pytest.raises(openai.NotFoundError):
        client.files.content(uploaded.id)


def plugin(service: Service, name: str, body: str, **query: str) -> httpx.Response:
    thread = httpx.post(service.base_url + "/threads", json={}, headers=BETA).json()
    params = {"tid": thread["id"], "aid": ASSISTANT_ID, "pid": name, **query}
    headers = {"authorization": f"Bearer {DEMO_KEY}", "content-type": "application/json"}
    url = service.base_url + "/pluginapi"
    return httpx.post(url, params=params, content=body, headers=headers)


def test_pluginapi(service: Service) -> None:
    once = plugin(service, "get_weather", '{"location": "臺北"}')
    assert once.json()["location"] == "臺北"
    twice = plugin(service, "get_weather", json.dumps('{"location": "臺北"}'))
    assert twice.text == once.text
    assert plugin(service, "say_text", "{}").json() == {"text": "This is the text of a tool."}
    assert len(plugin(service, "long_report", "{}").text) == 20_000


@pytest.mark.parametrize(
    ("name", "body", "query", "status"),
    [
        ("nobody", "{}", {}, 404),
        ("get_weather", "{}", {"tid": "thread_gone"}, 404),
        ("get_weather", "{}", {"aid": "asst_gone"}, 404),
        ("get_weather", "{", {}, 400),
        ("get_weather", "[]", {}, 400),
        ("get_weather", "{}", {}, 400),
        ("broken_plugin", "{}", {}, 500),
    ],
)
def test_pluginapi_refuses(
    service: Service, name: str, body: str, query: dict[str, str], status: int
) -> None:
    response = plugin(service, name, body, **query)
    assert response.status_code == status
    assert list(response.json()) == ["msg"]
