"""Work that gradio repeats and every start would wait for.

gradio makes a FastAPI app of some 120 routes three times before an app is up: when its
Blocks are closed, when they are queued and when they are launched. In the page one is enough,
and it can be made before there are any Blocks. The same goes for the JSON schemas of its data.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from playpage.patches import gradio as patches

#: An app that was made before it is needed; the snapshot has one in it.
_spare: list[Any] = []
#: gradio's own `create_app`, once it was replaced.
_original: list[Callable[..., Any]] = []


class _Served:
    """The Blocks that an app serves. It stands for them in the app's routes.

    `create_app` gives its routes the Blocks it was called with, for good.
    """

    def __init__(self, blocks: Any) -> None:
        object.__setattr__(self, "_blocks", blocks)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._blocks, name)

    def __setattr__(self, name: str, value: Any) -> None:
        setattr(self._blocks, name, value)


def speed_up() -> None:
    """Replace what is slow. Call once, after gradio was imported."""
    patches.replace_schemas(_kept_schema)
    _original.append(patches.replace_create_app(_create_app))


def _create_app(
    blocks: Any,
    app_kwargs: dict[str, Any] | None = None,
    auth_dependency: Any = None,
    strict_cors: bool = True,
    ssr_mode: bool = False,
    mcp_server: bool | None = None,
) -> Any:
    """The spare app, where gradio would make one just like it."""
    # All that the routes are made differently for.
    special = app_kwargs or auth_dependency or ssr_mode or mcp_server
    if special or blocks.expects_oauth or blocks.delete_cache or len(blocks.pages) > 1:
        (create,) = _original
        return create(blocks, app_kwargs, auth_dependency, strict_cors, ssr_mode, mcp_server)
    app: Any = getattr(blocks, "app", None)
    if not hasattr(app, "served") or blocks.has_launched:
        prepare_app()
        app = _spare.pop()
        # One that comes from a snapshot has the snapshot's.
        patches.renew_secrets(app)
    object.__setattr__(app.served, "_blocks", blocks)
    app.configure_app(blocks)
    return app


def prepare_app() -> None:
    """Make an app for the next Blocks, unless there is one."""
    if not _spare:
        # What create_app asks of the Blocks. Real ones would make an app themselves.
        none_yet = SimpleNamespace(
            auth=None,
            delete_cache=None,
            expects_oauth=False,
            favicon_path=None,
            get_config_file=dict,
            mcp_server_obj=None,
            pages=[("", "Home")],
            root_path="",
            state_session_capacity=10_000,
        )
        served = _Served(none_yet)
        (create,) = _original
        app = create(served)
        app.served = served
        _spare.append(app)


def _kept_schema(make: Callable[..., Any]) -> Callable[..., Any]:
    kept: dict[Any, bytes] = {}

    def model_json_schema(cls: Any, *args: Any, **kwargs: Any) -> Any:
        if args or kwargs:
            return make(cls, *args, **kwargs)
        if cls not in kept:
            kept[cls] = pickle.dumps(make(cls))
        # A copy each time: gradio takes parts out of what it gets.
        return pickle.loads(kept[cls])  # noqa: S301 - our own bytes

    return model_json_schema
