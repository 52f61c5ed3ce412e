"""Prepares the interpreter before gradio is imported: no threads, no calls home."""

from __future__ import annotations

import asyncio
import builtins
import contextvars
import os
from collections.abc import Callable
from typing import Any, NoReturn, TypeVar

from .errors import PlaypageError

T = TypeVar("T")

VARIABLES = {
    "GRADIO_ANALYTICS_ENABLED": "False",
    # Its statistics of events need pandas; this many events never happen.
    "GRADIO_ANALYTICS_CACHE_FREQUENCY": "1000000000",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "MPLBACKEND": "agg",
}


def prepare_environment() -> None:
    """Set the environment and replace what a browser's worker cannot do. Idempotent."""
    os.environ.update(VARIABLES)
    if not hasattr(os, "link"):
        # aiofiles names os.link when it is imported; gradio never calls it.
        os.link = _no_link
    builtins.input = _no_input
    _replace_threads()


def _replace_threads() -> None:
    """Run what would go to a thread where it stands: a worker cannot start threads.

    It must happen before gradio and starlette are imported, for they copy the names.
    """
    import anyio.to_thread

    async def run_sync(
        func: Callable[..., T],
        *args: Any,
        abandon_on_cancel: bool = False,
        cancellable: bool | None = None,
        limiter: object = None,
    ) -> T:
        # One turn of the loop, so that a generator's earlier parts reach the reader.
        await asyncio.sleep(0)
        try:
            return func(*args)
        except SystemExit as exit_:
            # It would end gradio's task, and the reader would wait for its answer for ever.
            raise PlaypageError(
                "A handler called sys.exit(). The app goes on; return, or raise gr.Error."
            ) from exit_

    async def to_thread(func: Callable[..., T], /, *args: Any, **kwargs: Any) -> T:
        await asyncio.sleep(0)
        return contextvars.copy_context().run(func, *args, **kwargs)

    anyio.to_thread.run_sync = run_sync  # type: ignore[assignment]
    asyncio.to_thread = to_thread


def _no_link(*_args: Any, **_kwargs: Any) -> NoReturn:
    raise OSError("hard links do not exist in the browser's file system")


def _no_input(prompt: object = "", /) -> NoReturn:
    raise PlaypageError(
        "input() cannot ask in a web page. Set the value in the code, or use a gradio component."
    )
