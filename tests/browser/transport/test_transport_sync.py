"""Synchronous requests where the engine lacks JSPI: XMLHttpRequest in a worker, else an error."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from browser.transport.harness import HTTPX, HTTPX2, SOON_S, VERSIONS, Runtime, Servers, Way, marker
from support.waiting import until

Runtimes = Callable[..., Runtime]


@pytest.mark.parametrize("version", [VERSIONS[0], VERSIONS[-1]])
def test_the_sdk_works_over_xhr(runtimes: Runtimes, servers: Servers, version: str) -> None:
    runtime, mark = runtimes("worker", False), marker()
    assert runtime.sdk("chat", version, False, marker=mark) == "Hello"
    assert runtime.sdk("chat_streamed", version, False, marker=mark) == ["Hel", "lo"]
    assert runtime.sdk("run_polled", version, False, marker=mark) == ["completed", True]
    assert runtime.sdk("upload", version, False, marker=mark) == ["up.txt", True]
    assert runtime.sdk("busy", version, False, marker=mark) == "Hello"
    names, _, retried = runtime.sdk("fails", version, False, client={"base_url": "ftp://x/v1"})
    assert names == ["APIConnectionError", "UnsupportedProtocol"]
    assert retried == 0


def test_xhr_warns_once(runtimes: Runtimes) -> None:
    way = Way("worker", False, HTTPX, False)
    first, second = runtimes("worker", False).case("sync.warnings_of_two", way)
    assert "XMLHttpRequest" in first[0]
    assert second == []


@pytest.mark.parametrize("library", [HTTPX, HTTPX2])
def test_xhr_timeout_bounds_the_whole_reply(
    runtimes: Runtimes, servers: Servers, library: str
) -> None:
    way, mark = Way("worker", False, library, False), marker()
    runtime = runtimes("worker", False)
    outcome = runtime.case("rows.read_all", way, path=f"/stall?s=20&marker={mark}", read=0.4)
    assert outcome["classes"][0] == "ReadTimeout"
    assert "whole reply" in outcome["message"]
    assert 0.3 < outcome["seconds"] < SOON_S
    until(lambda: servers.page.find(mark)[0].disconnected)


def test_xhr_does_not_read_the_http_cache(runtimes: Runtimes, servers: Servers) -> None:
    way, mark = Way("worker", False, HTTPX, False), marker()
    path = f"/slow-cacheable?s=0&marker={mark}"
    runtimes("worker", False).case("rows.four_at_once", way, path=path)
    assert len(servers.page.find(mark)) == 4


@pytest.mark.parametrize("library", [HTTPX, HTTPX2])
def test_the_page_without_jspi_says_what_to_do(runtimes: Runtimes, library: str) -> None:
    outcome = runtimes("page", False).case("sync.refusal", Way("page", False, library, False))
    assert outcome["type"] == "RuntimeError"
    assert "web worker" in outcome["message"]
    assert "AsyncOpenAI" in outcome["message"]


@pytest.mark.parametrize("version", [VERSIONS[0], VERSIONS[-1]])
def test_the_sdk_tells_it_at_once(runtimes: Runtimes, version: str) -> None:
    names, texts, retried = runtimes("page", False).sdk("fails", version, False)
    assert names == ["APIConnectionError", "RuntimeError"]
    assert "web worker" in texts[0]
    assert retried == 0


def test_an_entry_that_cannot_be_suspended_is_an_error(runtimes: Runtimes) -> None:
    outcome = runtimes("page", True).case("sync.from_a_callback", Way("page", True, HTTPX, False))
    assert outcome["type"] == "RuntimeError"
    assert "runPythonAsync" in outcome["message"]
