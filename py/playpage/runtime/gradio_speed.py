"""Work that gradio repeats and every start would wait for.

gradio makes a FastAPI app of some 120 routes three times before an app is up: when its
Blocks are closed, when they are queued and when they are launched. In the page one is enough,
and it can be made before there are any Blocks. The same goes for the JSON schemas of its data.
"""

from __future__ import annotations

import pickle
import secrets
from types import SimpleNamespace
from typing import Any

#: Made before it is needed; the snapshot has one in it.
_spare: list[Any] = []


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
    from gradio import data_classes, routes

    for model in (data_classes.GradioModel, data_classes.GradioRootModel):
        model.model_json_schema = _kept_schema(model.model_json_schema)

    create = routes.App.create_app
    routes.App._create_app = create

    def create_app(
        blocks: Any,
        app_kwargs: dict[str, Any] | None = None,
        auth_dependency: Any = None,
        strict_cors: bool = True,
        ssr_mode: bool = False,
        mcp_server: bool | None = None,
    ) -> Any:
        # All that the routes are made differently for.
        special = app_kwargs or auth_dependency or ssr_mode or mcp_server
        if special or blocks.expects_oauth or blocks.delete_cache or len(blocks.pages) > 1:
            return create(blocks, app_kwargs, auth_dependency, strict_cors, ssr_mode, mcp_server)
        app: Any = getattr(blocks, "app", None)
        if not hasattr(app, "served") or blocks.has_launched:
            prepare_app()
            app = _renewed(_spare.pop())
        object.__setattr__(app.served, "_blocks", blocks)
        app.configure_app(blocks)
        return app

    routes.App.create_app = staticmethod(create_app)


def prepare_app() -> None:
    """Make an app for the next Blocks, unless there is one."""
    from gradio import routes

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
        app = routes.App._create_app(served)
        app.served = served
        _spare.append(app)


def _renewed(app: Any) -> Any:
    """Give an app secrets of its own: one that comes from a snapshot has the snapshot's."""
    app.analytics_key = secrets.token_urlsafe(16)
    app.cookie_id = secrets.token_urlsafe(32)
    app.queue_token = secrets.token_urlsafe(32)
    return app


def _kept_schema(method: Any) -> Any:
    make = method.__func__
    kept: dict[Any, bytes] = {}

    def model_json_schema(cls: Any, *args: Any, **kwargs: Any) -> Any:
        if args or kwargs:
            return make(cls, *args, **kwargs)
        if cls not in kept:
            kept[cls] = pickle.dumps(make(cls))
        # A copy each time: gradio takes parts out of what it gets.
        return pickle.loads(kept[cls])  # noqa: S301 - our own bytes

    return classmethod(model_json_schema)
