"""What gradio must be told once it is imported in the page."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import wraps
from typing import Any

from .gradio_speed import speed_up
from .standins import lenient_standins

#: gradio keeps apps by an id; None is the one it takes where none was set, so every task
#: finds the worker's one app, whichever request or run it was started from.
APP_ID = None


def prepare_gradio(on_error: Callable[[BaseException], None]) -> None:
    """Import gradio and adapt it. `on_error` gets what a handler raised.

    - Fonts: no style sheet from a font host, and none for files that the slimmed wheel
      does not have; the theme's fallback fonts are used.
    - `launch(debug=True)` would wait for ever in the worker's only thread.
    - `show_error` is on unless the program says otherwise: the reader would see the bare
      word "Error" where the message names the cause.
    """
    with lenient_standins():
        from gradio import blocks, queueing, wasm_utils
        from gradio.themes.utils import fonts

    def send_error(error: BaseException | None) -> None:
        # gr.Error(print_exception=False) is a message for the reader alone.
        if error is not None and getattr(error, "print_exception", True):
            on_error(error)

    wasm_utils.send_error = send_error
    if getattr(blocks.Blocks.launch, "prepared", False):
        return

    speed_up()
    fonts.GoogleFont.stylesheet = fonts.Font.stylesheet
    fonts.LocalFont.stylesheet = fonts.Font.stylesheet
    for theme in blocks.BUILT_IN_THEMES.values():  # made while gradio was imported
        theme._stylesheets, theme._font_css = [], []
    blocks.Blocks.block_thread = lambda self: None

    forget_events(queueing.Queue)
    launch = blocks.Blocks.launch
    close = blocks.Blocks.close

    @wraps(launch)
    def launch_here(self: Any, *args: Any, **kwargs: Any) -> Any:
        kwargs.setdefault("show_error", True)
        return launch(self, *args, **kwargs)

    @wraps(close)
    def close_quietly(self: Any, verbose: bool = True) -> None:
        # The next launch closes the last app; there is no server, nor port, to tell of.
        close(self, verbose=False)

    blocks.Blocks.close = close_quietly
    launch_here.prepared = True  # type: ignore[attr-defined]
    blocks.Blocks.launch = launch_here


def forget_events(queue_class: Any) -> None:
    """Let a queue forget each event that it has processed.

    gradio keeps them all, with their request and their data: a chat's whole history at each
    message. Only of a streamed input is an event asked for again after its end.
    """
    process = queue_class.process_events

    @wraps(process)
    async def process_events(self: Any, events: list[Any], *args: Any, **kwargs: Any) -> None:
        try:
            await process(self, events, *args, **kwargs)
        finally:
            for event in events:
                if not event.streaming:
                    self.event_ids_to_events.pop(event._id, None)
            # The tasks, too; this one goes with the next.
            self._asyncio_tasks = [task for task in self._asyncio_tasks if not task.done()]

    queue_class.process_events = process_events


def launched_app() -> Any | None:
    """The ASGI app of the last `launch()`, or None."""
    wasm_utils = sys.modules.get("gradio.wasm_utils")
    return None if wasm_utils is None else wasm_utils.app_map.get(APP_ID)
