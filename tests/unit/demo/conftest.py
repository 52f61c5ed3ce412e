"""The demo service and the SDK's client of it, shared by the tests of a module."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from openai import OpenAI
from playpage_site.demo import Service, running_service
from servers.schema import Contract
from servers.sdk import FAST, client_of


@pytest.fixture(scope="module")
def service() -> Iterator[Service]:
    with running_service(**FAST) as service:
        yield service


@pytest.fixture
def new_service() -> Iterator[Service]:
    """A service that no other test has used, for tests of its log or of all it keeps."""
    with running_service(**FAST) as service:
        yield service


@pytest.fixture
def client(service: Service) -> Iterator[OpenAI]:
    with client_of(service) as client:
        yield client


@pytest.fixture(scope="session")
def contract() -> Contract:
    return Contract()
