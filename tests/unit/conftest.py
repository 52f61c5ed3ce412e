"""What every unit test shares: one TLS context for all HTTP clients."""

from __future__ import annotations

import functools
from collections.abc import Iterator

import httpx
import httpx2
import pytest


@pytest.fixture(scope="session", autouse=True)
def one_tls_context() -> Iterator[None]:
    """Loading the certificates takes 50 ms of CPU for each client, and tests make hundreds."""
    with pytest.MonkeyPatch.context() as patch:
        for library in (httpx, httpx2):
            transport = library._transports.default
            cached = functools.cache(transport.create_ssl_context)
            patch.setattr(transport, "create_ssl_context", cached)
        yield
