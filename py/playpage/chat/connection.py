"""Where a chat's service is, the key for it, and one connection to it for each exchange."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx
import openai

from .failures import ChatError
from .messages import Conversation
from .services.base import FORGET_S, Changed, Service
from .settings import Settings

#: Makes the service of one exchange: (SDK's client, HTTP client, base URL, target).
MakeService = Callable[[openai.AsyncOpenAI, httpx.AsyncClient, str, str], Service]


@dataclass(frozen=True)
class Connection:
    """Whom to talk to, and with which key.

    target: the assistant's id or the model's name.
    """

    key: str
    base_url: str
    target: str

    @classmethod
    def of(cls, settings: Settings, typed: Sequence[str]) -> Connection:
        """What the reader has typed (key, base URL, target), or the author's where it is empty."""
        key, base_url, target = (text.strip() for text in (*typed, "", "", "")[:3])
        return cls(
            key=key or settings.known_key(),
            base_url=(base_url or settings.base_url).rstrip("/"),
            target=target or settings.target,
        )


class ConnectedService:
    """A `Service` that connects anew for each exchange."""

    def __init__(self, connection: Connection, timeout_s: float, make_service: MakeService) -> None:
        self.connection = connection
        self.timeout_s = timeout_s
        self.make_service = make_service

    async def answer(self, conversation: Conversation, changed: Changed) -> None:
        """As `Service.answer`. Raises ChatError where there is no usable key or address."""
        async with self._connected(self.timeout_s) as service:
            await service.answer(conversation, changed)

    async def forget(self, remote_id: str) -> None:
        """As `Service.forget`. Raises ChatError where there is no usable key or address."""
        async with self._connected(FORGET_S) as service:
            await service.forget(remote_id)

    @asynccontextmanager
    async def _connected(self, timeout_s: float) -> AsyncIterator[Service]:
        to = self.connection
        async with connect(to.base_url, to.key, timeout_s) as (client, http):
            yield self.make_service(client, http, to.base_url, to.target)


@asynccontextmanager
async def connect(
    base_url: str, key: str, timeout_s: float
) -> AsyncIterator[tuple[openai.AsyncOpenAI, httpx.AsyncClient]]:
    """The SDK's client and the HTTP client below it, for one exchange.

    Raises ChatError where there is no usable key or address.
    """
    if not key:
        raise ChatError("no_key")
    if not key.isascii() or not key.isprintable() or " " in key:
        raise ChatError("odd_key")
    if not is_address(base_url):
        raise ChatError("odd_address", address=base_url)
    async with httpx.AsyncClient(timeout=timeout_s) as http:
        # From 3.0 on the SDK's types name httpx2's client; it takes this one as before.
        sdk_http: Any = http
        # The timeout is given twice: where the client's own happens to be httpx's default, the
        # SDK ignores it and waits for ten minutes.
        client = openai.AsyncOpenAI(
            base_url=base_url, api_key=key, http_client=sdk_http, timeout=timeout_s
        )
        yield client, http


def is_address(base_url: str) -> bool:
    """Can this be the address of a service?"""
    try:
        url = httpx.URL(base_url)
    except httpx.InvalidURL:
        return False
    is_host = re.fullmatch(r"[\w.:-]+", url.host) and not re.search(r"\s", base_url)
    return url.scheme in ("http", "https") and bool(is_host)
