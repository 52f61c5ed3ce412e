"""anyio: functions that would go to a thread run in the event loop's own thread.

Read in anyio 4.16.0.

`AsyncIOBackend.run_sync_in_worker_thread` (anyio/_backends/_asyncio.py)
    A web worker's Python cannot start threads. gradio, starlette and openai 1.x call plain
    functions through `anyio.to_thread.run_sync`, of which they copy the name when they are
    imported; each copy looks the backend up when it is called, so the backend's method is the
    place that does not depend on the order of imports. As anyio does, ours lets the loop turn
    once before it calls the function, and calls it in a copy of the context. What is left out
    is the limit of threads, and a function that is running cannot be abandoned.
`anyio.to_thread.run_sync` (anyio/to_thread.py)
    Relied upon: it must still end in that method.
"""

from __future__ import annotations

import asyncio
import contextvars
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

from .seam import Seam, replace, replaced

BACKEND = "anyio._backends._asyncio"
_THREADS = f"{BACKEND}.AsyncIOBackend.run_sync_in_worker_thread"

SEAMS = (replaced(_THREADS), Seam("anyio.to_thread.run_sync"))


def run_in_the_loop(
    backend: ModuleType, call: Callable[[Callable[..., Any], tuple[Any, ...]], Any]
) -> None:
    """Let `call(function, arguments)` call what anyio would call in a thread.

    backend: the module `BACKEND`, which is large and not imported before it is needed.
    """

    async def run_sync_in_worker_thread(
        _cls: type,
        func: Callable[..., Any],
        args: tuple[Any, ...],
        abandon_on_cancel: bool = False,
        limiter: object = None,
    ) -> Any:
        # So that the earlier parts of a generator reach the reader.
        await asyncio.sleep(0)
        return contextvars.copy_context().run(call, func, args)

    replace(
        backend.AsyncIOBackend,
        "run_sync_in_worker_thread",
        classmethod(run_sync_in_worker_thread),
        seam=_THREADS,
    )


def live() -> Iterator[tuple[object, str]]:
    """Nothing that only instances have."""
    yield from ()
