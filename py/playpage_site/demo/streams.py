"""Streams of server-sent events, and the one that breaks off."""

from __future__ import annotations

import json

from starlette.responses import StreamingResponse
from starlette.types import Send

from playpage_site.demo.errors import ApiError
from playpage_site.demo.settings import Settings
from playpage_site.demo.store import Json

#: After so many pieces of its answer a stream breaks off, when the words ask for it.
PIECES_BEFORE_CUT = 3


class CutError(Exception):
    """Raised among the events of a stream: the connection breaks here."""


class EventStream(StreamingResponse):
    media_type = "text/event-stream"

    async def stream_response(self, send: Send) -> None:
        """Send the events. After CutError the body is left without its end.

        The server then closes the connection, as a proxy does that gives up.
        """
        try:
            await super().stream_response(send)
        except CutError:
            return


def wants_stream(body: Json, settings: Settings) -> bool:
    """Whether the answer is a stream. Raises ApiError (400) when streams are refused."""
    if not body.get("stream"):
        return False
    if settings.streams == "refused":
        message = "This service does not support 'stream': true."
        raise ApiError(400, message, code="unsupported_value", param="stream")
    return settings.streams


def event_data(value: Json) -> str:
    return f"data: {json.dumps(value, ensure_ascii=False)}\n\n"


def fragments(text: str, count: int = 4) -> list[str]:
    """A text in about `count` pieces, as the arguments of a tool call arrive."""
    size = max(1, -(-len(text) // count))
    return [text[start : start + size] for start in range(0, len(text), size)]
