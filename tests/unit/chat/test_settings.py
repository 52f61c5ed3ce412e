"""What an author can choose: `AssistantChat`'s signature, and what it refuses."""

from __future__ import annotations

import dataclasses
import inspect
import sys
from collections.abc import Iterator
from typing import Any
from unittest.mock import MagicMock

import pytest
from playpage.chat.settings import Settings

#: For each keyword a value that is not its default. `model` excludes `assistant_id`.
CHOSEN: dict[str, Any] = {
    "base_url": "https://api.example/v1",
    "assistant_id": "asst_1",
    "model": "",
    "api": "assistants",
    "title": "Help desk",
    "description": "Ask.",
    "instructions": "Be brief.",
    "key": "demo-key",
    "tools": (len,),
    "plugins": False,
    "examples": ("hello",),
    "follow_ups": ("more",),
    "avatars": ("a.png", "b.png"),
    "placeholder": "Type",
    "editable": True,
    "history": "local",
    "lang": "zh-TW",
    "theme": "soft",
    "css": "p {}",
    "timeout_s": 5,
}


@pytest.fixture
def chat_class(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """`AssistantChat`. A mock takes Gradio's place, which is not installed here."""
    monkeypatch.setitem(sys.modules, "gradio", MagicMock())
    from playpage.chat.app import AssistantChat

    yield AssistantChat
    for name in ("app", "ui.layout"):
        del sys.modules[f"playpage.chat.{name}"]


def test_the_signature_is_that_of_the_settings(chat_class: Any) -> None:
    parameters = inspect.signature(chat_class).parameters
    fields = dataclasses.fields(Settings)
    assert list(parameters) == [field.name for field in fields]
    for field in fields:
        assert parameters[field.name].default == field.default, field.name
        assert parameters[field.name].annotation == field.type, field.name
        assert f"        {field.name}: " in chat_class.__doc__, "it is documented"


@pytest.mark.parametrize("name", list(CHOSEN))
def test_every_keyword_reaches_the_settings(
    chat_class: Any, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("playpage.chat.app.Tools", MagicMock())
    whom = {} if name in ("assistant_id", "model") else {"assistant_id": "asst_1"}
    value = "gpt" if name == "model" else CHOSEN[name]
    made = chat_class(**{**whom, name: value}).settings
    assert getattr(made, name) == value
    assert value != getattr(Settings, name)
    others = {field.name for field in dataclasses.fields(Settings)} - {name, *whom}
    assert all(getattr(made, other) == getattr(Settings, other) for other in others)


@pytest.mark.parametrize(
    ("keywords", "problem"),
    [
        ({}, "Name the assistant_id or the model"),
        ({"assistant_id": "a", "model": "m"}, "not both"),
        ({"model": "m", "api": "assistants"}, "takes an assistant_id"),
        ({"assistant_id": "a", "api": "responses"}, "takes a model"),
        ({"model": "m", "api": "telepathy"}, "choose one of assistants"),
        ({"model": "m", "history": "for ever"}, "choose one of off"),
        ({"model": "m", "base_url": "api.example"}, "begin it with https://"),
        ({"model": "m", "examples": "hello"}, "lists of strings"),
        ({"model": "m", "timeout_s": 0}, "above 0"),
    ],
)
def test_what_cannot_work_is_refused(keywords: dict[str, Any], problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        Settings(**keywords)
