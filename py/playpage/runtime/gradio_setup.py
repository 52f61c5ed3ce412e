"""What gradio must be told once it is imported in the page."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import wraps
from typing import Any

from .standins import lenient_standins

#: gradio keeps apps by an id; None is the one it takes where none was set, so every task
#: finds the worker's one app, whichever request or run it was started from.
APP_ID = None


def prepare_gradio(on_error: Callable[[str], None]) -> None:
    """Import gradio and adapt it. `on_error` gets the traceback of a handler that raised.

    - Fonts: no style sheet from a font host, and none for files that the slimmed wheel
      does not have; the theme's fallback fonts are used.
    - `launch(debug=True)` would wait for ever in the worker's only thread.
    - `show_error` is on unless the program says otherwise: the reader would see the bare
      word "Error" where the message names the cause.
    """
    with lenient_standins():
        from gradio import blocks, wasm_utils
        from gradio.themes.utils import fonts

    wasm_utils.register_error_traceback_callback(APP_ID, on_error)
    if getattr(blocks.Blocks.launch, "prepared", False):
        return

    fonts.GoogleFont.stylesheet = fonts.Font.stylesheet
    fonts.LocalFont.stylesheet = fonts.Font.stylesheet
    blocks.Blocks.block_thread = lambda self: None

    launch = blocks.Blocks.launch

    @wraps(launch)
    def launch_here(self: Any, *args: Any, **kwargs: Any) -> Any:
        kwargs.setdefault("show_error", True)
        return launch(self, *args, **kwargs)

    launch_here.prepared = True  # type: ignore[attr-defined]
    blocks.Blocks.launch = launch_here


def launched_app() -> Any | None:
    """The ASGI app of the last `launch()`, or None."""
    wasm_utils = sys.modules.get("gradio.wasm_utils")
    return None if wasm_utils is None else wasm_utils.app_map.get(APP_ID)
