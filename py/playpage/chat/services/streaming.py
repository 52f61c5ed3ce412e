"""Requests that are streamed where the service streams, and answered whole where it does not."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Any

import openai

#: How long events are handled before everything else gets a turn. Events that have arrived
#: together are read without a single pause: without this, Stop would wait for the last of them.
TURN_S = 0.02
#: How long that turn is. It must be a timer: Pyodide's loop (webloop.py) runs the callbacks of
#: `sleep(0)` by messages to itself, which a browser may prefer to timers for seconds.
OTHERS_TURN_S = 0.005


class Streams:
    """Whether one service streams: its first answer tells, and it is not asked again.

    known: None until then.
    """

    def __init__(self) -> None:
        self.known: bool | None = None

    async def request(
        self,
        resource: Any,
        method: str,
        model_class: Any,
        on_event: Callable[[Any], None],
        *args: Any,
        **body: Any,
    ) -> Any | None:
        """Call `resource.method(*args, **body)` of the SDK, streamed if possible.

        If it streams, each event is passed to `on_event` and the result is None; otherwise the
        result is the whole object, a `model_class` of the SDK. Raises what the SDK raises, and
        what httpx raises in the middle of a stream.
        """
        if self.known is not False:
            try:
                return await self._streamed(resource, method, model_class, on_event, args, body)
            except (openai.BadRequestError, openai.UnprocessableEntityError):
                # A service that has streamed before refuses something else.
                if self.known:
                    raise
        whole = await getattr(resource, method)(*args, **body)
        # Refused when streamed and accepted when not: it does not stream.
        self.known = False
        return whole

    async def _streamed(
        self,
        resource: Any,
        method: str,
        model_class: Any,
        on_event: Callable[[Any], None],
        args: tuple[Any, ...],
        body: dict[str, Any],
    ) -> Any | None:
        send = getattr(resource.with_streaming_response, method)
        async with send(*args, **body, stream=True) as response:
            if not is_event_stream(response.headers):
                whole = model_class.construct(**await response.json())
                self.known = False
                return whole
            self.known = True
            turn_began_s = time.monotonic()
            async for event in await response.parse():
                on_event(event)
                if time.monotonic() - turn_began_s >= TURN_S:
                    await asyncio.sleep(OTHERS_TURN_S)
                    turn_began_s = time.monotonic()
            return None


def is_event_stream(headers: Any) -> bool:
    """Did the service stream, as it was asked to?"""
    return str(headers.get("content-type", "")).lower().startswith("text/event-stream")
