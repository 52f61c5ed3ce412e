"""Prepares the interpreter before gradio is imported: no threads, no calls home."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from types import ModuleType
from typing import Any, NoReturn, TypeVar

from httpx_pyfetch.patching import PatchingFinder

from playpage.patches import anyio, stdlib

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
    stdlib.add_link()
    stdlib.refuse_input(_refuse_input)
    stdlib.turn_before_to_thread()
    _run_threads_in_the_loop()


def _run_threads_in_the_loop() -> None:
    """Run what would go to a thread where it stands: a worker cannot start threads.

    anyio imports its backend when it is first used. That is patched then: importing it now would
    make each start wait for it.
    """
    if backend := sys.modules.get(anyio.BACKEND):
        anyio.run_in_the_loop(backend, _call)
        return

    def patch(module: ModuleType) -> None:
        # Another version that a program installs is httpx_pyfetch's to patch.
        sys.meta_path.remove(finder)
        anyio.run_in_the_loop(module, _call)

    finder = PatchingFinder({anyio.BACKEND: patch})
    sys.meta_path.insert(0, finder)


def _call(function: Callable[..., T], arguments: tuple[Any, ...]) -> T:
    try:
        return function(*arguments)
    except SystemExit as exit_:
        # It would end gradio's task, and the reader would wait for its answer for ever.
        raise PlaypageError(
            "A handler called sys.exit(). The app keeps running; use return, or raise gr.Error."
        ) from exit_


def _refuse_input() -> NoReturn:
    raise PlaypageError(
        "input() cannot ask in a web page. Set the value in the code, or use a gradio component."
    )
