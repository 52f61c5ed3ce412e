"""When an answer that is being written is shown: often, but never faster than it can be drawn."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from typing import Any

#: Between two updates, at the least.
PAUSE_S = 0.05
#: What the page needs to draw one more character of a row is a microsecond or two on a fast
#: machine: this leaves it idle for most of the time on one that is many times slower. Updates
#: that arrive faster than they are drawn would queue up before a click on Stop.
PAUSE_S_PER_CHARACTER = 20e-6
#: A service that has sent nothing for so long is called slow.
SLOW_S = 15.0


async def updates(
    task: asyncio.Task[Any], changed: asyncio.Event, open_characters: Callable[[], int]
) -> AsyncIterator[bool]:
    """Yield whenever the answer should be shown again, until `task` is done.

    What is yielded: is the service slow? changed: set whenever the answer has changed; cleared
    here. open_characters: how much the page will draw at the next update.
    """
    while not task.done():
        news = asyncio.create_task(changed.wait())
        await asyncio.wait({task, news}, timeout=SLOW_S, return_when=asyncio.FIRST_COMPLETED)
        news.cancel()
        is_slow = not changed.is_set() and not task.done()
        changed.clear()
        began_s = time.monotonic()
        yield is_slow
        # To show a long conversation takes a while, in which the answer must not wait.
        shown_in_s = time.monotonic() - began_s
        pause_s = max(PAUSE_S, 2 * shown_in_s, PAUSE_S_PER_CHARACTER * open_characters())
        await asyncio.wait({task}, timeout=pause_s)
