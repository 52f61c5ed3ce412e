"""Pyodide: its event loop survives what a program's tasks raise.

Read in Pyodide 314.0.7 (pyodide/webloop.py).

`WebLoop.call_later`
    Each callback runs in `run_handle`, which passes SystemExit and KeyboardInterrupt on to two
    private handlers, if they are set; without them the exception ends the interpreter, and the
    page with it. The handlers are Pyodide's own, made for its console; setting them changes
    nothing else.
`WebLoop.run_in_executor`
    Relied upon, see `stdlib.asyncio.to_thread`: it calls the function at once, so that nothing
    is sent to the reader before it returns.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from typing import Any

from .seam import Seam, assign

_HANDLERS = "pyodide.webloop.WebLoop.call_later"

SEAMS = (
    Seam(_HANDLERS, needs=("_keyboard_interrupt_handler", "_system_exit_handler")),
    Seam("pyodide.webloop.WebLoop.run_in_executor"),
)


def keep_loop_alive(
    loop: Any, on_exit: Callable[[int], object], on_interrupt: Callable[[], object]
) -> None:
    """Call these in place of ending Python: `on_exit` with the code of a SystemExit."""
    assign(loop, "_system_exit_handler", on_exit, seam=_HANDLERS)
    assign(loop, "_keyboard_interrupt_handler", on_interrupt, seam=_HANDLERS)


def live() -> Iterator[tuple[object, str]]:
    """The running loop, which sets the handlers when it is made."""
    yield asyncio.get_running_loop(), _HANDLERS
