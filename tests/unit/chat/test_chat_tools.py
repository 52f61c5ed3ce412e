"""Tools: the author's functions, and the service's plugins."""

from __future__ import annotations

import asyncio
import enum
import functools
import json
from collections.abc import Callable, Iterator
from typing import Annotated, Any

import pydantic
import pytest
from playpage.chat.tools import MAX_CHARACTERS, Tools, read_arguments, schema_of, unwrapped
from playpage_site.demo import ASSISTANT_ID, Service, running_service
from playpage_site.demo.script import PLANS, Plan, ToolCall
from support.chatting import FAST, Talk, emptied, quiet, requests, steps

pytestmark = quiet


@pytest.fixture(scope="module")
def shared() -> Iterator[Service]:
    with running_service(**FAST) as service:
        yield service


@pytest.fixture
def service(shared: Service) -> Service:
    return emptied(shared)


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


# What the model gets to know


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


# Calls


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
def test_wrong_arguments_are_told_to_the_model(arguments: Any, problem: str) -> None:
    output, failed = run(climb, arguments)
    assert problem in output
    assert failed


def test_a_function_that_raises_is_told_to_the_model() -> None:
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


def test_half_a_character_does_not_break_the_request(service: Service) -> None:
    def say_text() -> str:
        return "tea\udc80"

    answer = Talk(service.base_url, "completions", [say_text]).send("call say_text")
    assert answer.problem == ""
    assert steps(answer)[0].output == "tea?"


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


# Plugins of the service


def test_plugins_get_their_arguments_as_json(service: Service) -> None:
    answer = Talk(service.base_url).send('call say_text {"text": "Grüße"}')
    (call,) = requests(service, "POST", "/pluginapi")
    assert call.body == {"text": "Grüße"}
    assert call.headers["content-type"] == "application/json"
    (step,) = steps(answer)
    assert (step.output, step.failed) == ("Grüße", False), "without its wrapping"
    assert "answered 5 characters: Grüße" in answer.text


def test_arguments_that_were_encoded_twice_arrive_encoded_once(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    call = ToolCall("say_text", json.dumps('{"text": "tea"}'))
    monkeypatch.setitem(PLANS, "twice", Plan(rounds=((call,),)))
    answer = Talk(service.base_url).send("twice")
    assert requests(service, "POST", "/pluginapi")[0].body == {"text": "tea"}
    assert steps(answer)[0].output == "tea"


def test_arguments_that_are_no_json_are_told_to_the_model(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(PLANS, "odd", Plan(rounds=((ToolCall("say_text", "{tea"),),)))
    answer = Talk(service.base_url).send("odd")
    assert "The arguments are not JSON: {tea" in answer.text
    assert steps(answer)[0].failed
    assert not requests(service, "POST", "/pluginapi")


def test_a_long_plugin_answer_is_cut(service: Service) -> None:
    answer = Talk(service.base_url).send("call long_report")
    assert "answered 8000 characters" in answer.text
    assert len(steps(answer)[0].output or "") == 8000


@pytest.mark.parametrize(
    ("name", "said"),
    [("broken_plugin", "The plugin broke."), ("nobody", "There is no plugin nobody.")],
)
def test_a_plugin_that_fails_is_told_to_the_model_and_shown(
    service: Service, name: str, said: str
) -> None:
    answer = Talk(service.base_url).send(f"call {name}")
    (step,) = steps(answer)
    assert step.failed
    assert said in (step.output or "")
    assert said in answer.text
    assert answer.problem == ""
    assert len(requests(service, "POST", "/pluginapi")) == 1


def test_without_plugins_the_service_is_not_asked(service: Service) -> None:
    answer = Talk(service.base_url, plugins=False).send("call say_text")
    assert "There is no tool say_text." in answer.text
    assert not requests(service, "POST", "/pluginapi")


# Functions over each API


def get_weather(location: str) -> dict[str, Any]:
    """The weather, from the window."""
    return {"location": location, "temperature_c": 40, "conditions": "melting"}


def test_a_function_comes_before_a_plugin_of_its_name(service: Service) -> None:
    answer = Talk(service.base_url, functions=[get_weather]).send("weather in Paris")
    assert "In Paris it is 40 °C and melting." in answer.text
    assert not requests(service, "POST", "/pluginapi")


def test_other_tools_stay_the_services(service: Service) -> None:
    answer = Talk(service.base_url, functions=[no_words]).send("weather in Paris")
    assert "In Paris it is" in answer.text
    assert len(requests(service, "POST", "/pluginapi")) == 1


def test_a_run_has_the_assistants_own_tools_too(service: Service) -> None:
    own = service.store.assistants[ASSISTANT_ID]["tools"]
    Talk(service.base_url, functions=[no_words]).send("hello")
    (sent,) = requests(service, "POST", "/runs")
    assert sent.body["tools"] == [own[0], {"type": "function", "function": schema_of(no_words)}]
    service.log.clear()
    Talk(service.base_url, functions=[get_weather]).send("hello")
    (sent,) = requests(service, "POST", "/runs")
    assert sent.body["tools"] == [{"type": "function", "function": schema_of(get_weather)}]
    service.log.clear()
    Talk(service.base_url).send("hello")
    (sent,) = requests(service, "POST", "/runs")
    assert "tools" not in sent.body, "without functions there is nothing to add"


@pytest.mark.parametrize("api", ["completions", "responses"])
def test_functions_are_sent_in_the_form_of_the_api(service: Service, api: str) -> None:
    answer = Talk(service.base_url, api, [get_weather]).send("weather in Paris")
    assert "In Paris it is 40 °C and melting." in answer.text
    (tool,) = service.log[0].body["tools"]
    wanted = schema_of(get_weather)
    if api == "completions":
        assert tool == {"type": "function", "function": wanted}
    else:
        assert tool == {"type": "function", "strict": False, **wanted}


@pytest.mark.parametrize("api", ["completions", "responses"])
def test_a_tool_that_a_model_invents_is_told_so(service: Service, api: str) -> None:
    answer = Talk(service.base_url, api, [get_weather]).send("call say_text")
    assert "There is no tool say_text." in answer.text
    assert steps(answer)[0].failed
