"""One booted page per configuration and session; cases share it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from browser.transport.harness import Runtime, Servers, Way
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


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the tests of one way side by side: changing a library's version costs an import."""

    def key(item: pytest.Item) -> tuple[str, str]:
        return item.path.name, str(item.callspec.params["way"])  # type: ignore[attr-defined]

    places = [
        index
        for index, item in enumerate(items)
        if isinstance(getattr(item, "callspec", None) and item.callspec.params.get("way"), Way)
    ]
    ordered = sorted((items[index] for index in places), key=key)
    for index, item in zip(places, ordered, strict=True):
        items[index] = item
