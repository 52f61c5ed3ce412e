"""The openai SDK in four versions, with plain clients, after install()."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from browser.transport.harness import SENT_AFTER_BYTES, SOON_S, VERSIONS, Runtime, Servers, marker
from support.waiting import until

Sdk = Callable[..., Any]


@pytest.fixture(scope="module", params=VERSIONS)
def version(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(params=[True, False], ids=["async", "sync"])
def asynchronous(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


@pytest.fixture
def sdk(runtimes: Callable[..., Runtime], version: str, asynchronous: bool) -> Sdk:
    runtime = runtimes("worker", True)
    return lambda name, **arguments: runtime.sdk(name, version, asynchronous, **arguments)


@pytest.fixture
def asdk(runtimes: Callable[..., Runtime], version: str) -> Sdk:
    runtime = runtimes("worker", True)
    return lambda name, **arguments: runtime.sdk(name, version, True, **arguments)


def test_chat(sdk: Sdk, servers: Servers) -> None:
    mark = marker()
    assert sdk("chat", marker=mark) == "Hello"
    assert sdk("chat_streamed", marker=mark) == ["Hel", "lo"]
    assert len(servers.api.find(mark)) == 2


def test_run_polled_and_streamed(sdk: Sdk, servers: Servers) -> None:
    mark = marker()
    assert sdk("run_polled", marker=mark) == ["completed", True]
    assert [e.method for e in servers.api.find(mark)] == ["POST", "POST", *["GET"] * 3, "DELETE"]
    events = ["thread.run.created", *["thread.message.delta"] * 2, "thread.run.completed"]
    assert sdk("run_streamed", marker=mark) == events


def test_file_upload(sdk: Sdk) -> None:
    assert sdk("upload") == ["up.txt", True]


def test_a_six_second_reply_is_asked_for_once(asdk: Sdk, servers: Servers) -> None:
    mark = marker()
    assert asdk("slow", marker=mark) == "Hello"
    assert len(servers.api.find(mark)) == 1


def test_429_is_retried_after_the_time_it_names(sdk: Sdk, servers: Servers) -> None:
    mark = marker()
    assert sdk("busy", marker=mark) == "Hello"
    exchanges = servers.api.find(mark)
    assert len(exchanges) == 3
    assert exchanges[1].started - exchanges[0].started >= 0.95


@pytest.mark.parametrize("how", ["close", "lose"])
def test_leaving_a_stream_stops_the_server(sdk: Sdk, servers: Servers, how: str) -> None:
    mark = marker()
    left = sdk("leave", marker=mark, how=how)
    [exchange] = servers.api.find(mark)
    until(lambda: exchange.disconnected)
    assert exchange.disconnected - left < SOON_S
    assert exchange.bytes_after(left) <= SENT_AFTER_BYTES


@pytest.mark.parametrize("model", ["slow", "endless"], ids=["headers", "body"])
def test_cancelling(asdk: Sdk, servers: Servers, model: str) -> None:
    mark = marker()
    raised, when = asdk("cancel", marker=mark, model=model)
    assert raised == "CancelledError"
    [exchange] = servers.api.find(mark)
    until(lambda: exchange.disconnected)
    assert exchange.disconnected - when < SOON_S


def test_204(sdk: Sdk) -> None:
    assert sdk("empty") == 204


def test_a_reply_cut_off(sdk: Sdk) -> None:
    assert sdk("cut", streamed=False)[0] == "APIConnectionError"
    assert sdk("cut", streamed=True)[-1] == "IncompleteRead"


def test_offline(sdk: Sdk, runtimes: Callable[..., Runtime], servers: Servers) -> None:
    context = runtimes("worker", True).page.context
    context.set_offline(True)
    try:
        names, texts, retried = sdk("fails", client={"max_retries": 1})
    finally:
        context.set_offline(False)
    assert retried == 1
    assert names == ["APIConnectionError", "ConnectError"]
    assert "offline" in texts[-1]


def test_a_wrong_scheme_is_not_tried_again(sdk: Sdk) -> None:
    names, texts, retried = sdk("fails", client={"base_url": "ftp://127.0.0.1/v1"})
    assert names == ["APIConnectionError", "UnsupportedProtocol"]
    assert "ftp" in texts[0]
    assert retried == 0


def test_a_body_with_head_is_not_tried_again(sdk: Sdk, servers: Servers) -> None:
    mark = marker()
    names, texts, retried = sdk("body_with_head", marker=mark)
    assert names == ["APIConnectionError", "LocalProtocolError"]
    assert "HEAD" in texts[0]
    assert retried == 0
    assert not servers.api.find(mark)
