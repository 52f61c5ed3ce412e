"""Tool calls over each API: the author's functions, and the service's plugins."""

from __future__ import annotations

import json
from typing import Any

import pytest
from playpage.chat.tools import schema_of
from playpage_site.demo import ASSISTANT_ID, Service
from playpage_site.demo.script import PLANS, Plan, ToolCall
from support.chatting import Talk, quiet, requests, steps

pytestmark = quiet


def no_words(x: int) -> int:
    return x


def get_weather(location: str) -> dict[str, Any]:
    """The weather, from the window."""
    return {"location": location, "temperature_c": 40, "conditions": "melting"}


def test_half_a_character_does_not_break_the_request(service: Service) -> None:
    def say_text() -> str:
        return "tea\udc80"

    answer = Talk(service.base_url, "completions", [say_text]).send("call say_text")
    assert answer.problem == ""
    assert steps(answer)[0].output == "tea?"


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


def test_the_model_learns_that_arguments_are_not_json(
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
def test_a_failing_plugin_is_shown_and_the_model_learns_of_it(
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
def test_the_model_learns_that_a_tool_does_not_exist(service: Service, api: str) -> None:
    answer = Talk(service.base_url, api, [get_weather]).send("call say_text")
    assert "There is no tool say_text." in answer.text
    assert steps(answer)[0].failed
