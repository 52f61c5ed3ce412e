"""A conversation as Markdown and as JSON, and read again from JSON."""

from __future__ import annotations

import json

import pytest
from playpage.chat.export import as_json, as_markdown, from_json
from playpage.chat.languages import words
from playpage.chat.messages import Answer, Conversation, File, Question, Step, Text, Turn


def conversation() -> Conversation:
    step = Step("get_weather", '{"location": "Paris"}', "call_1", output="sunny ``` and warm")
    answer = Answer([step, Text("It is **sunny**[1]."), File("", "map.png", "file_1")], ["atlas"])
    answer.is_done = True
    stopped = Answer([Text("Half an")], problem="Stopped.", is_done=True)
    asked = Question("Weather?", [File("/files/notes.txt")])
    return Conversation([Turn(asked, answer), Turn(Question("And then?"), stopped)])


def test_markdown_holds_everything_in_its_order() -> None:
    markdown = as_markdown(conversation(), "Help desk", words("en"))
    expected = [
        "# Help desk\n",
        "## You",
        "Weather?",
        "[File: notes.txt]",
        "## Assistant",
        "*Tool: get_weather*",
        '```json\n{\n "location": "Paris"\n}\n```',
        "````\nsunny ``` and warm\n````",
        "It is **sunny**[1].",
        "[File: map.png]",
        "1. atlas",
        "And then?",
        "Half an",
        "> Stopped.",
    ]
    places = [markdown.index(text) for text in expected]
    assert places == sorted(places)


def test_json_is_read_as_it_was_written() -> None:
    restored = from_json(as_json(conversation(), "Help desk"))
    assert restored.remote_id == ""
    first, second = restored.turns
    assert first.question.text == "Weather?\n[notes.txt]", "files are their names only"
    step, text, file = first.answer.parts
    assert isinstance(step, Step)
    assert (step.name, step.output, step.failed) == ("get_weather", "sunny ``` and warm", False)
    assert text == Text("It is **sunny**[1].")
    assert file == Text("[map.png]")
    assert first.answer.footnotes == ["atlas"]
    assert (second.answer.text, second.answer.problem) == ("Half an", "Stopped.")
    assert first.answer.is_done
    assert second.answer.is_done


def test_what_is_restored_is_saved_alike() -> None:
    once = from_json(as_json(conversation()))
    assert from_json(as_json(once)) == once


@pytest.mark.parametrize(
    "text", ["", "{}", "[]", '{"turns": [1]}', '{"turns": [{}]}', json.dumps({"turns": 3})]
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        from_json(text)
