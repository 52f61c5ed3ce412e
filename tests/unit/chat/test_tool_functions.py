"""Functions as tools: their schemas, their calls, and the outputs."""

from __future__ import annotations

import asyncio
import enum
import functools
import json
from collections.abc import Callable
from typing import Annotated, Any

import pydantic
import pytest
from playpage.chat.tools import MAX_CHARACTERS, Tools, read_arguments, schema_of, unwrapped


class Unit(enum.Enum):
    C = "celsius"
    F = "fahrenheit"


class Place(pydantic.BaseModel):
    name: str
    metres: int = 0


def climb(
    place: Place,
    unit: Unit = Unit.C,
    hours: Annotated[int, pydantic.Field(ge=1, description="How long to climb.")] = 1,
) -> dict[str, Any]:
    """Climb to a place.

    It takes a while.
    """
    return {"top": place.metres * hours, "unit": unit.value, "place": type(place).__name__}


def no_words(x: int) -> int:
    return x


def run(function: Callable[..., Any], arguments: Any) -> tuple[str, bool]:
    text = arguments if isinstance(arguments, str) else json.dumps(arguments)
    result = asyncio.run(Tools([function]).run(function.__name__, text))
    return result.output, result.failed


def test_a_schema_is_the_signature_and_the_docstring() -> None:
    schema = schema_of(climb)
    assert schema["name"] == "climb"
    assert schema["description"] == "Climb to a place.\n\nIt takes a while."
    parameters = schema["parameters"]
    assert parameters["type"] == "object"
    assert parameters["required"] == ["place"]
    assert parameters["properties"]["hours"]["minimum"] == 1
    assert parameters["properties"]["hours"]["description"] == "How long to climb."
    assert set(parameters["$defs"]) == {"Place", "Unit"}


def test_a_function_without_a_docstring_has_an_empty_description() -> None:
    schema = schema_of(no_words)
    assert schema["description"] == ""
    assert schema["parameters"]["properties"]["x"]["type"] == "integer"


def test_two_of_one_name_are_refused() -> None:
    with pytest.raises(ValueError, match="Two tools are called no_words"):
        Tools([no_words, no_words])


class Opaque:
    pass


def takes_opaque(x: Opaque) -> str:
    return str(x)


def takes_unknown(x: Nowhere) -> str:  # type: ignore[name-defined]  # noqa: F821
    return str(x)


def takes_places(x: int, /) -> int:
    return x


def 天氣(x: int) -> int:  # noqa: N802
    return x


@pytest.mark.parametrize(
    "function",
    [
        takes_opaque,
        takes_unknown,
        takes_places,
        天氣,
        lambda x: x,
        functools.partial(no_words, 1),
    ],
    ids=["opaque", "unknown", "positional", "name", "lambda", "partial"],
)
def test_what_cannot_be_a_tool_is_refused_at_once(function: Callable[..., Any]) -> None:
    with pytest.raises(TypeError, match="cannot be a tool"):
        Tools([function])


def test_arguments_become_the_types_that_are_asked_for() -> None:
    output, failed = run(
        climb, {"place": {"name": "Ben", "metres": "3"}, "hours": 2, "unit": "fahrenheit"}
    )
    assert json.loads(output) == {"top": 6, "unit": "fahrenheit", "place": "Place"}
    assert not failed


def test_a_string_is_the_output_as_it_is() -> None:
    def greet(name: str) -> str:
        return f"Grüß Gott, {name} 🙂"

    assert run(greet, {"name": "Ada"}) == ("Grüß Gott, Ada 🙂", False)


@pytest.mark.parametrize(
    ("value", "output"),
    [
        (None, "null"),
        (3, "3"),
        ([1, {"a": "ü"}], '[1,{"a":"ü"}]'),
        (Place(name="x"), '{"name":"x","metres":0}'),
    ],
)
def test_other_values_are_json(value: Any, output: str) -> None:
    def give() -> Any:
        return value

    assert run(give, {}) == (output, False)


def test_a_value_that_has_no_json_is_its_text() -> None:
    def give() -> Any:
        return {"it": Opaque()}

    output, failed = run(give, {})
    assert "Opaque object" in output
    assert not failed


def test_an_async_function_is_awaited() -> None:
    async def wait(x: int) -> int:
        await asyncio.sleep(0)
        return x + 1

    assert run(wait, {"x": 1}) == ("2", False)
    assert run(wait, {"x": "one"})[1]


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        ({}, "place: Missing"),
        ({"place": {"metres": "high"}}, "place.name: Field required"),
        ({"place": {"name": "x"}, "hours": 0}, "hours: Input should be greater than or equal to 1"),
        ({"place": {"name": "x"}, "why": 1}, "why: Unexpected keyword"),
        ([1], "expected a JSON object"),
        ("{", "The arguments are not JSON: {"),
    ],
)
def test_the_model_learns_of_wrong_arguments(arguments: Any, problem: str) -> None:
    output, failed = run(climb, arguments)
    assert problem in output
    assert failed


def test_the_model_learns_that_a_function_raised() -> None:
    def divide(x: int) -> float:
        return 1 / x

    def silent() -> None:
        raise KeyboardError

    class KeyboardError(Exception):
        pass

    assert run(divide, {"x": 0}) == ("divide failed: division by zero", True)
    assert run(silent, {}) == ("silent failed: KeyboardError", True)


def test_a_long_output_is_cut() -> None:
    def much() -> str:
        return "x" * 9000

    def loud() -> str:
        raise ValueError("x" * 9000)

    assert len(run(much, {})[0]) == MAX_CHARACTERS == 8000
    assert len(run(loud, {})[0]) == 8000


def test_a_tool_that_nobody_has() -> None:
    result = asyncio.run(Tools().run("nobody", "{}"))
    assert (result.output, result.failed) == ("There is no tool nobody.", True)


@pytest.mark.parametrize(
    ("arguments", "found"),
    [("", {}), ("{}", {}), ('{"a": 1}', {"a": 1}), (json.dumps('{"a": 1}'), {"a": 1})],
)
def test_arguments_can_be_encoded_twice(arguments: str, found: Any) -> None:
    assert read_arguments(arguments) == found


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"text": "tea"}', "tea"),
        ('{"text": ""}', ""),
        ('{"text": "tea", "more": 1}', '{"text": "tea", "more": 1}'),
        ('{"text": 3}', '{"text": 3}'),
        ("tea", "tea"),
        ("[]", "[]"),
    ],
)
def test_a_text_alone_is_unwrapped(text: str, said: str) -> None:
    assert unwrapped(text) == said
