"""One demo service for all tests of the chat: to start one takes a while."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playpage_site.demo import Service, running_service
from support.chatting import FAST, Talk, emptied


@pytest.fixture(scope="session")
def shared_service() -> Iterator[Service]:
    with running_service(**FAST) as service:
        yield service


@pytest.fixture
def service(shared_service: Service) -> Service:
    """A service that nothing has been asked of."""
    return emptied(shared_service)


@pytest.fixture
def api() -> str:
    """The API that `talk` speaks. Modules about another one override it."""
    return "assistants"


@pytest.fixture
def talk(service: Service, api: str) -> Talk:
    return Talk(service.base_url, api)


@pytest.fixture(
    scope="session", params=[True, False, "refused"], ids=["streamed", "plain", "refused"]
)
def shared_any_service(request: pytest.FixtureRequest) -> Iterator[Service]:
    with running_service(**FAST, streams=request.param) as service:
        yield service


@pytest.fixture
def any_service(shared_any_service: Service) -> Service:
    """A service that streams, one that does not, and one that refuses to."""
    return emptied(shared_any_service)
