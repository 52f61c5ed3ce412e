"""One booted page per configuration and session; cases share it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from browser.transport.harness import Run, Runtime, Servers, Way
from playwright.sync_api import Browser

FOLDER = Path(__file__).parent


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


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep the tests of one runtime in one worker, and those of one way side by side.

    A runtime takes long to boot, and changing a library's version in it costs an import. The
    worker with JSPI has as many tests as the other three runtimes together: so two groups.
    """

    def param(item: pytest.Item, name: str) -> Any:
        found = getattr(item, "callspec", None)
        return found.params.get(name) if found else None

    ours = [index for index, item in enumerate(items) if item.path.parent == FOLDER]
    for index in ours:
        item = items[index]
        way = param(item, "way")
        is_first = way.place == "worker" and way.jspi if way else param(item, "jspi") is not False
        is_first = is_first and item.path.name != "test_transport_sync.py"
        group = "worker with JSPI" if is_first else "other runtimes"
        item.add_marker(pytest.mark.xdist_group(group))
    ordered = sorted((items[i] for i in ours), key=lambda item: str(param(item, "way") or ""))
    for index, item in zip(ours, ordered, strict=True):
        items[index] = item
