"""The assistants service against OpenAI's published schema, and broken copies of it, which fail."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import httpx2
import pytest
from openai import DefaultHttpxClient, NotFoundError, OpenAI
from playpage_site.demo import DEMO_KEY, running_service
from servers.breakages import JSON_BREAKAGES, STREAM_BREAKAGES
from servers.schema import Contract, Exchange, rewrite
from servers.sdk import FAST
from servers.spoil import Spoiler
from servers.tours import TOURS
from starlette.types import ASGIApp

# The SDK marks the whole Assistants API as deprecated; services that speak it are not.
pytestmark = [
    pytest.mark.filterwarnings("ignore:The Assistants API is deprecated:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:deprecated:DeprecationWarning"),
]

Json = dict[str, Any]

#: Tours are taken some forty times.
QUICK: dict[str, Any] = {**FAST, "clock_s": 0.005}


def record(
    tour: Callable[[OpenAI], None], wrap: Callable[[ASGIApp], ASGIApp] | None = None
) -> list[Exchange]:
    """Take the SDK through a tour over real HTTP, and return what went over the wire."""
    exchanges: list[Exchange] = []
    with running_service(**QUICK, wrap=wrap) as service:

        def keep(response: httpx2.Response) -> None:
            # A run that never ends, as some breakages make it, is polled for ever.
            assert len(exchanges) < 80, "the tour does not end"
            response.read()
            request = response.request
            exchanges.append(
                Exchange(
                    request.method,
                    request.url.path.removeprefix("/v1"),
                    request.url.query.decode(),
                    request.headers.get("content-type", ""),
                    request.content,
                    response.status_code,
                    response.headers.get("content-type", ""),
                    response.content,
                )
            )

        hooks = {"request": [lambda request: request.read()], "response": [keep]}
        with OpenAI(
            base_url=service.base_url,
            api_key=DEMO_KEY,
            max_retries=0,
            http_client=DefaultHttpxClient(event_hooks=hooks),
        ) as client:
            tour(client)
    return exchanges


@functools.cache
def recorded(name: str) -> list[Exchange]:
    return record(TOURS[name])


@pytest.mark.parametrize("name", TOURS)
def test_the_service_keeps_to_the_schema(contract: Contract, name: str) -> None:
    exchanges = recorded(name)
    assert exchanges
    assert [problem for one in exchanges for problem in contract.check(one)] == []


def test_the_tours_visit_all_that_is_served(contract: Contract) -> None:
    fresh = Contract()
    for name in TOURS:
        for exchange in recorded(name):
            fresh.check(exchange)
    one_run = "/threads/{thread_id}/runs/{run_id}"
    one_message = "/threads/{thread_id}/messages/{message_id}"
    expected = {
        ("GET", "/assistants"),
        ("GET", "/assistants/{assistant_id}"),
        ("POST", "/threads"),
        ("POST", "/threads/runs"),
        *((method, "/threads/{thread_id}") for method in ("GET", "POST", "DELETE")),
        *((method, "/threads/{thread_id}/messages") for method in ("GET", "POST")),
        *((method, one_message) for method in ("GET", "POST", "DELETE")),
        *((method, "/threads/{thread_id}/runs") for method in ("GET", "POST")),
        *((method, one_run) for method in ("GET", "POST")),
        ("POST", f"{one_run}/cancel"),
        ("POST", f"{one_run}/submit_tool_outputs"),
        ("GET", f"{one_run}/steps"),
        ("GET", one_run + "/steps/{step_id}"),
        *((method, "/files") for method in ("GET", "POST")),
        *((method, "/files/{file_id}") for method in ("GET", "DELETE")),
        ("GET", "/files/{file_id}/content"),
        ("POST", "/chat/completions"),
    }
    assert fresh.seen == expected


@pytest.mark.parametrize("what", JSON_BREAKAGES)
def test_a_broken_body_fails(contract: Contract, what: str) -> None:
    tour, spoil = JSON_BREAKAGES[what]
    assert found_in_broken(contract, tour, Spoiler.of_json(spoil)), what


@pytest.mark.parametrize("what", STREAM_BREAKAGES)
def test_a_broken_stream_fails(contract: Contract, what: str) -> None:
    tour, spoil = STREAM_BREAKAGES[what]
    assert found_in_broken(contract, tour, Spoiler.of_events(spoil)), what


def test_another_status_or_type_fails(contract: Contract) -> None:
    assert found_in_broken(contract, "threads", Spoiler.of_status({200: 201}))
    assert found_in_broken(contract, "threads", Spoiler.of_type("text/html"))


def found_in_broken(contract: Contract, tour: str, wrap: Callable[[ASGIApp], ASGIApp]) -> list[str]:
    """The problems in a tour of a broken service. The SDK itself may trip over what is broken."""
    exchanges: list[Exchange] = []

    def go(client: OpenAI) -> None:
        try:
            TOURS[tour](client)
        except Exception as error:  # noqa: BLE001 - whatever it is, the exchanges are judged
            print(f"the SDK tripped: {error!r}")

    exchanges = record(go, wrap)
    return [problem for one in exchanges for problem in contract.check(one)]


def test_a_wrong_request_fails(contract: Contract) -> None:
    def wrong(client: OpenAI) -> None:
        client.beta.threads.create(extra_body={"colour": "red"})
        client.files.list(extra_query={"colour": "red"})

    problems = [problem for one in record(wrong) for problem in contract.check(one)]
    assert len(problems) == 2
    assert all("colour" in problem for problem in problems)


def test_an_unpublished_path_fails(contract: Contract) -> None:
    def wrong(client: OpenAI) -> None:
        client.post("/pluginapi", cast_to=object, options={"params": {"tid": "x"}})

    def go(client: OpenAI) -> None:
        with pytest.raises(NotFoundError):
            wrong(client)

    (problem,) = [problem for one in record(go) for problem in contract.check(one)]
    assert "no such operation" in problem


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ({"type": "string", "nullable": True}, {"anyOf": [{"type": "string"}, {"type": "null"}]}),
        (
            {"allOf": [{"$ref": "#/x"}, {"nullable": True}]},
            {"anyOf": [{"allOf": [{"$ref": "#/x"}, {}]}, {"type": "null"}]},
        ),
        ({"nullable": False, "type": "string"}, {"type": "string"}),
        (
            {"properties": {"nullable": {"type": "string"}}},
            {"properties": {"nullable": {"type": "string"}}},
        ),
    ],
)
def test_nullable_is_rewritten(written: Json, meant: Json) -> None:
    assert rewrite(written) == meant
