"""Updates of an answer leave time for everything else, Stop above all."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from types import SimpleNamespace
from typing import Any

from playpage.chat.pace import PAUSE_S, updates
from playpage.chat.services.streaming import TURN_S, Streams

EVENTS = 40


class Response:
    """A stream all of whose events have arrived: none of them is waited for."""

    headers = {"content-type": "text/event-stream"}  # noqa: RUF012

    async def __aenter__(self) -> Response:
        return self

    async def __aexit__(self, *_: object) -> None:
        pass

    async def parse(self) -> AsyncIterator[int]:
        async def events() -> AsyncIterator[int]:
            for number in range(EVENTS):
                yield number

        return events()


def test_events_that_arrive_together_leave_turns_to_others() -> None:
    """Each event takes as long as a turn may; without turns, Stop would wait for all of them."""
    resource: Any = SimpleNamespace(
        with_streaming_response=SimpleNamespace(create=lambda **_: Response())
    )

    async def stop_soon() -> list[int]:
        handled: list[int] = []

        def on_event(event: int) -> None:
            handled.append(event)
            time.sleep(TURN_S)

        task = asyncio.create_task(Streams().request(resource, "create", None, on_event))
        for _ in range(5):  # a request takes several turns
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.wait({task})
        return handled

    assert 0 < len(asyncio.run(stop_soon())) < EVENTS / 2


def shown(seconds: float, open_characters: int) -> int:
    """How often an answer that changes all the time is shown."""

    async def count() -> int:
        changed = asyncio.Event()

        async def write() -> None:
            ends_s = time.monotonic() + seconds
            while time.monotonic() < ends_s:
                changed.set()
                await asyncio.sleep(0)

        task = asyncio.create_task(write())
        return len([None async for _ in updates(task, changed, lambda: open_characters)])

    return asyncio.run(count())


def test_the_more_there_is_to_draw_the_rarer_it_is_drawn() -> None:
    assert shown(1, 10) > 3 * shown(1, 20_000) > 0


def test_the_end_is_not_waited_for() -> None:
    began_s = time.monotonic()
    shown(4 * PAUSE_S, 1_000_000)
    assert time.monotonic() - began_s < 10
