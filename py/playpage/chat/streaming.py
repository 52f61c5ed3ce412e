"""Answers as they come where a service streams, and whole where it does not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import openai

from .service import is_event_stream


class Streams:
    """Whether a service streams is found out by its first answer, and kept.

    known: None until then.
    """

    def __init__(self) -> None:
        self.known: bool | None = None

    async def request(
        self,
        resource: Any,
        method: str,
        kind: Any,
        on_event: Callable[[Any], None],
        *args: Any,
        **body: Any,
    ) -> Any | None:
        """Call `resource.method(*args, **body)` of the SDK, streamed if that can be.

        Each event goes to `on_event`, and None comes back; or the whole object, of the model
        `kind`. Raises as the SDK does; what httpx raises in the middle of a stream, too.
        """
        if self.known is not False:
            try:
                return await self._streamed(resource, method, kind, on_event, args, body)
            except (openai.BadRequestError, openai.UnprocessableEntityError):
                # Of one that streams it is not the stream that was refused.
                if self.known:
                    raise
        whole = await getattr(resource, method)(*args, **body)
        # Refused when streamed and taken when not: it is the stream.
        self.known = False
        return whole

    async def _streamed(
        self,
        resource: Any,
        method: str,
        kind: Any,
        on_event: Callable[[Any], None],
        args: tuple[Any, ...],
        body: dict[str, Any],
    ) -> Any | None:
        send = getattr(resource.with_streaming_response, method)
        async with send(*args, **body, stream=True) as response:
            if not is_event_stream(response.headers):
                whole = kind.construct(**await response.json())
                self.known = False
                return whole
            self.known = True
            async for event in await response.parse():
                on_event(event)
            return None
