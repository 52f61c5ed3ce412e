"""The ASGI application: the API under its prefixes, behind the log, CORS and the key."""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.routing import Mount
from starlette.types import ASGIApp, Receive, Scope, Send

from playpage_site.demo import objects
from playpage_site.demo.backend import Backend, ScriptBackend
from playpage_site.demo.errors import ApiError, handlers
from playpage_site.demo.log import LogMiddleware, Record
from playpage_site.demo.routes_chat import ChatApi
from playpage_site.demo.routes_files import FilesApi
from playpage_site.demo.routes_responses import ResponsesApi
from playpage_site.demo.routes_runs import RunsApi
from playpage_site.demo.routes_threads import ThreadsApi
from playpage_site.demo.runs import Engine
from playpage_site.demo.settings import ASSISTANT_ID, DVC_ASSISTANT_ID, Settings
from playpage_site.demo.store import Store

PLAIN_HEADERS = ("authorization", "content-type", "openai-beta")
EXPOSED_HEADERS = ("retry-after", "openai-poll-after-ms", "x-request-id")


def create_app(settings: Settings, store: Store, records: list[Record]) -> ASGIApp:
    """The service as an ASGI application; it keeps its state in `store`."""
    store.assistants = {
        ASSISTANT_ID: objects.assistant(ASSISTANT_ID, "Demo assistant"),
        DVC_ASSISTANT_ID: objects.assistant(DVC_ASSISTANT_ID, "Demo assistant of the wiki"),
    }
    backend = make_backend(settings)
    engine = Engine(store, backend, settings)
    routes = [
        # Before the threads: "/threads/runs" is not the thread named "runs".
        *RunsApi(store, engine, settings).routes(),
        *ThreadsApi(store, engine).routes(),
        *FilesApi(store).routes(),
        *ChatApi(store, backend, settings).routes(),
        *ResponsesApi(store, backend, settings).routes(),
    ]
    cors = Middleware(
        CORSMiddleware,
        allow_origins=["*"],
        allow_methods=["GET", "POST", "DELETE", "OPTIONS"],
        allow_headers=["*"] if settings.stainless else PLAIN_HEADERS,
        expose_headers=EXPOSED_HEADERS,
        allow_private_network=True,
        max_age=600,
    )
    app = Starlette(
        routes=[Mount(prefix, routes=routes) for prefix in settings.prefixes],
        middleware=[*([cors] if settings.cors else []), Middleware(Gate, settings=settings)],
        exception_handlers=handlers(settings.bare_errors),
    )
    return LogMiddleware(app, records)


def make_backend(settings: Settings) -> Backend:
    if settings.model_url is None:
        return ScriptBackend()
    # Imported here because only this needs an HTTP client.
    from playpage_site.demo.model_backend import ModelBackend

    return ModelBackend(settings.model_url, settings.model_tokens)


class Gate:
    """Lets in requests with a key that is known, and with the beta header where it is due."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self.settings = settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        refused = self.refusal(scope) if scope["type"] == "http" else None
        if refused:
            await refused.response(self.settings.bare_errors)(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    def refusal(self, scope: Scope) -> ApiError | None:
        headers = dict(scope["headers"])
        scheme, _, key = headers.get(b"authorization", b"").decode("latin-1").partition(" ")
        if scheme.lower() != "bearer" or not key:
            return ApiError(401, "You didn't provide an API key.")
        if key not in self.settings.keys:
            return ApiError(401, "Incorrect API key provided.", code="invalid_api_key")
        beta = any(
            scope["path"].startswith(f"{prefix}/{room}")
            for prefix in self.settings.prefixes
            for room in ("threads", "assistants")
        )
        if beta and b"assistants=v2" not in headers.get(b"openai-beta", b""):
            message = "You must provide the 'OpenAI-Beta' header: 'OpenAI-Beta: assistants=v2'."
            return ApiError(400, message, code="invalid_beta")
        return None
