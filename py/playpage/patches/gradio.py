"""gradio: no threads, no calls home, nothing that a page has to do twice.

Read in gradio 5.45.0 and gradio-client 1.13.0.

`wasm_utils.send_error` (gradio/wasm_utils.py)
    Gets what a handler raised, and looks a callback up by the app's id, which depends on the
    task it is called from. Ours calls the one callback that there is.
`wasm_utils.register_app` and `app_map` (gradio/wasm_utils.py)
    `launch()` has no server in a browser: it leaves the app here, under the id None where none
    was set, so every task finds the worker's one app.
`Blocks.block_thread` (gradio/blocks.py)
    `launch(debug=True)` would sleep for ever in the worker's only thread.
`Blocks.launch` (gradio/blocks.py)
    Ours only changes the default of `show_error`, then calls the original.
`Blocks.close` (gradio/blocks.py)
    Prints that a server's port is free. Ours calls the original with `verbose=False`.
`fonts.GoogleFont.stylesheet`, `fonts.LocalFont.stylesheet` (gradio/themes/utils/fonts.py)
    Name a font host's address, and files that the slimmed wheel does not have. Ours answers as
    the base class does, so the theme's fallback fonts are used. The themes of
    `blocks.BUILT_IN_THEMES` were made while gradio was imported: theirs are emptied.
`Queue.process_events` (gradio/queueing.py)
    The queue keeps each event for good, with its request and data: a chat's whole history at
    each message. Ours calls the original, then drops what it is done with. Only a streamed
    input's event is asked for again after its end, and stays.
`App.create_app` (gradio/routes.py)
    Makes an app of some 120 routes three times before a chat is up. The runtime makes one ahead
    of time, see `playpage.runtime.gradio_speed`.
`App.configure_app` (gradio/routes.py)
    Relied upon: all that an app takes from its Blocks besides the routes.
`App.__init__` (gradio/routes.py)
    Draws an app's secrets. An app from a memory snapshot has the snapshot's, which every reader
    has too, so all of them are drawn again: `SECRETS` must be complete.
`GradioModel`, `GradioRootModel` (gradio/data_classes.py)
    Inherit `model_json_schema` from pydantic. The runtime keeps its results.
`Context` (gradio/context.py)
    Holds the Blocks that are being built, and counts components. The build resets it.
`gradio_client.serializing.media_data`
    Half a megabyte of samples that only an old form of gradio's API shows. No other module
    imports it, so it can be imported when an attribute of it is asked for.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from functools import update_wrapper
from typing import Any

from .seam import Seam, assign, replace, replaced

#: The attributes that App.__init__ fills at random, and the bytes of randomness in each.
SECRETS = {"analytics_key": 16, "cookie_id": 32, "queue_token": 32}

#: The id of the worker's one app in `wasm_utils.app_map`.
_APP_ID = None

_ERRORS = "gradio.wasm_utils.send_error"
_REGISTER = "gradio.wasm_utils.register_app"
_BLOCK = "gradio.blocks.Blocks.block_thread"
_LAUNCH = "gradio.blocks.Blocks.launch"
_CLOSE = "gradio.blocks.Blocks.close"
_GOOGLE = "gradio.themes.utils.fonts.GoogleFont.stylesheet"
_LOCAL = "gradio.themes.utils.fonts.LocalFont.stylesheet"
_THEME = "gradio.themes.base.ThemeClass"
_EVENTS = "gradio.queueing.Queue.process_events"
_EVENT = "gradio.queueing.Event"
_CREATE = "gradio.routes.App.create_app"
_APP = "gradio.routes.App.__init__"
_SCHEMA = "pydantic.main.BaseModel.model_json_schema"
_MODELS = ("gradio.data_classes.GradioModel", "gradio.data_classes.GradioRootModel")
_CONTEXT = "gradio.context.Context"

SEAMS = (
    replaced(_ERRORS, needs=("error_traceback_callback_map",)),
    Seam(_REGISTER, needs=("app_map",)),
    replaced(_BLOCK),
    replaced(_LAUNCH),
    replaced(_CLOSE),
    replaced(_GOOGLE),
    replaced(_LOCAL),
    Seam("gradio.themes.utils.fonts.Font.stylesheet"),
    Seam("gradio.blocks.BUILT_IN_THEMES"),
    Seam(f"{_THEME}.__init__", needs=("_stylesheets", "_font_css")),
    replaced(_EVENTS, needs=("event_ids_to_events", "_asyncio_tasks")),
    Seam(f"{_EVENT}.__init__", needs=("_id", "streaming")),
    replaced(_CREATE),
    Seam("gradio.routes.App.configure_app", needs=("blocks",)),
    Seam(_APP, secrets=tuple(SECRETS)),
    Seam(_SCHEMA, at=tuple(f"{model}.model_json_schema" for model in _MODELS)),
    *map(Seam, _MODELS),
    Seam(_CONTEXT, needs=("root_block", "block", "id")),
    Seam("gradio_client.serializing.media_data"),
)


def send_errors_to(callback: Callable[[BaseException], None]) -> None:
    """Call this with each error that a handler raised and that is not for the reader alone."""
    from gradio import wasm_utils

    def send_error(error: BaseException | None) -> None:
        # gr.Error(print_exception=False) is a message for the reader alone.
        if error is not None and getattr(error, "print_exception", True):
            callback(error)

    replace(wasm_utils, "send_error", send_error, seam=_ERRORS)


def leave_fonts_out() -> None:
    """Let themes name no font that would be fetched."""
    from gradio import blocks
    from gradio.themes.utils import fonts

    def of_google(self: Any) -> Any:
        return fonts.Font.stylesheet(self)

    def of_local(self: Any) -> Any:
        return fonts.Font.stylesheet(self)

    replace(fonts.GoogleFont, "stylesheet", of_google, seam=_GOOGLE)
    replace(fonts.LocalFont, "stylesheet", of_local, seam=_LOCAL)
    for theme in blocks.BUILT_IN_THEMES.values():
        assign(theme, "_stylesheets", [], seam=f"{_THEME}.__init__")
        assign(theme, "_font_css", [], seam=f"{_THEME}.__init__")


def launch_without_server() -> None:
    """Let `launch()` return at once and show errors, and `close()` say nothing."""
    from gradio.blocks import Blocks

    def block_thread(_self: Any) -> None:
        """Return at once."""

    def launch_here(self: Any, *args: Any, **kwargs: Any) -> Any:
        kwargs.setdefault("show_error", True)
        return launch(self, *args, **kwargs)

    def close_quietly(self: Any, verbose: bool = True) -> None:
        close(self, verbose=False)

    replace(Blocks, "block_thread", block_thread, seam=_BLOCK)
    launch = replace(Blocks, "launch", launch_here, seam=_LAUNCH)
    update_wrapper(launch_here, launch)
    close = replace(Blocks, "close", close_quietly, seam=_CLOSE)
    update_wrapper(close_quietly, close)


def forget_events() -> None:
    """Let a queue forget each event that it has processed, and each task that has ended."""
    from gradio.queueing import Queue

    async def process_events(self: Any, events: list[Any], *args: Any, **kwargs: Any) -> None:
        try:
            await process(self, events, *args, **kwargs)
        finally:
            for event in events:
                if not event.streaming:
                    self.event_ids_to_events.pop(event._id, None)
            # The task that runs this goes with the next event.
            self._asyncio_tasks = [task for task in self._asyncio_tasks if not task.done()]

    process = replace(Queue, "process_events", process_events, seam=_EVENTS)
    update_wrapper(process_events, process)


def replace_schemas(make: Callable[[Callable[..., Any]], Callable[..., Any]]) -> None:
    """Replace `model_json_schema` of gradio's data models.

    make: gets the original as a function of the class and its arguments; gives the replacement.
    """
    from gradio import data_classes

    for model in (data_classes.GradioModel, data_classes.GradioRootModel):
        original = model.model_json_schema.__func__
        replace(model, "model_json_schema", classmethod(make(original)), seam=_SCHEMA)


def replace_create_app(create_app: Callable[..., Any]) -> Callable[..., Any]:
    """Replace `App.create_app`; returns the original, which takes the same arguments."""
    from gradio.routes import App

    new = staticmethod(create_app)
    original: Callable[..., Any] = replace(App, "create_app", new, seam=_CREATE)
    return original


def renew_secrets(app: Any) -> None:
    """Give an app secrets of its own, as its constructor does."""
    for name, size_bytes in SECRETS.items():
        assign(app, name, secrets.token_urlsafe(size_bytes), seam=_APP)


def launched_app(wasm_utils: Any) -> Any:
    """The ASGI app of the last `launch()`, or None. wasm_utils: the module of gradio."""
    return wasm_utils.app_map.get(_APP_ID)


def forget_apps() -> None:
    """Close every app and forget it, as if none had been built."""
    from gradio import wasm_utils
    from gradio.context import Context

    for app in wasm_utils.app_map.values():
        app.blocks.close(verbose=False)
    wasm_utils.app_map.clear()
    wasm_utils.error_traceback_callback_map.clear()
    assign(Context, "root_block", None, seam=_CONTEXT)
    assign(Context, "block", None, seam=_CONTEXT)
    assign(Context, "id", 0, seam=_CONTEXT)


def live() -> Iterator[tuple[object, str]]:
    """The launched app and its queue, and what else has attributes that no class shows."""
    from gradio import wasm_utils
    from gradio.blocks import BUILT_IN_THEMES
    from gradio.context import Context

    app = launched_app(wasm_utils)
    yield wasm_utils, _ERRORS
    yield wasm_utils, _REGISTER
    yield Context, _CONTEXT
    yield app, _APP
    yield app, "gradio.routes.App.configure_app"
    yield app.blocks._queue, _EVENTS
    yield from ((theme, f"{_THEME}.__init__") for theme in BUILT_IN_THEMES.values())
