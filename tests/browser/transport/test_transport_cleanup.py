"""A thousand requests that end in every way leave nothing behind."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from browser.transport.harness import HTTPX, Runtime, Servers, Way, marker
from support.waiting import until

ROUNDS = 125  # of eight ways to end


@pytest.mark.parametrize("asynchronous", [True, False], ids=["async", "sync"])
def test_nothing_grows(
    runtimes: Callable[..., Runtime], servers: Servers, asynchronous: bool
) -> None:
    way, mark = Way("worker", True, HTTPX, asynchronous), marker()
    before, after = runtimes("worker", True).case("cleanup.many", way, rounds=ROUNDS, marker=mark)
    assert after["timers"] <= before["timers"]
    assert after["js_proxies"] <= before["js_proxies"]
    assert after["py_proxies"] <= before["py_proxies"]
    assert after["objects"] <= before["objects"] + 100
    assert after["blocks"] <= before["blocks"] + 1000
    # It grows by steps of some 8 MB, and other tests may have left it just before one.
    assert after["heap_bytes"] <= before["heap_bytes"] + 8 * 1024 * 1024
    started = servers.page.find(mark)
    assert len(started) > ROUNDS
    until(lambda: all(e.finished or e.disconnected for e in started))
