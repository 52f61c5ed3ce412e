"""One booted page per configuration and session; cases share it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from browser.transport.harness import Runtime, Servers
from playwright.sync_api import Browser


@pytest.fixture(scope="session")
def servers() -> Iterator[Servers]:
    servers = Servers.start()
    yield servers
    servers.close()


@pytest.fixture(scope="session")
def runtimes(browser: Browser, servers: Servers) -> Iterator[Callable[[str, bool], Runtime]]:
    booted: dict[tuple[str, bool], Runtime] = {}

    def get(place: str, jspi: bool = True) -> Runtime:
        key = (place, jspi)
        if key not in booted:
            booted[key] = Runtime(browser, servers, place, jspi)
        return booted[key]

    yield get
    for runtime in booted.values():
        runtime.close()
