"""What gradio must be told once it is imported in the page."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

from playpage.patches import gradio as patches
from playpage.patches.seam import is_replaced

from .gradio_speed import speed_up
from .standins import lenient_standins


def prepare_gradio(on_error: Callable[[BaseException], None]) -> None:
    """Import gradio and adapt it. `on_error` gets what a handler raised.

    `show_error` is on unless the program says otherwise: the reader would see the bare word
    "Error" where the message names the cause.
    """
    with lenient_standins():
        from gradio import blocks

    patches.send_errors_to(on_error)
    if is_replaced(blocks.Blocks.launch):
        return
    speed_up()
    patches.leave_fonts_out()
    patches.forget_events()
    patches.launch_without_server()


def launched_app() -> Any | None:
    """The ASGI app of the last `launch()`, or None."""
    wasm_utils = sys.modules.get("gradio.wasm_utils")
    return None if wasm_utils is None else patches.launched_app(wasm_utils)
