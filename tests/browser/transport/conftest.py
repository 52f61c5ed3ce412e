"""One booted page per configuration and session; cases share it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from browser.transport.harness import Run, Runtime, Servers, Way
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


@pytest.fixture
def run(runtimes: Callable[[str, bool], Runtime], way: Way) -> Run:
    runtime = runtimes(way.place, way.jspi)
    return lambda name, **arguments: runtime.case(f"rows.{name}", way, **arguments)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the tests of one way side by side: changing a library's version costs an import."""

    def way(item: pytest.Item) -> Way | None:
        found = getattr(item, "callspec", None)
        found = found.params.get("way") if found else None
        return found if isinstance(found, Way) else None

    places = [index for index, item in enumerate(items) if way(item)]
    ordered = sorted((items[i] for i in places), key=lambda item: (item.path.name, str(way(item))))
    for index, item in zip(places, ordered, strict=True):
        items[index] = item
