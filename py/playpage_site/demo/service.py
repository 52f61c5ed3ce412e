"""Starting and stopping the service in a thread of this process."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn
from starlette.types import ASGIApp

from playpage_site.demo.app import create_app
from playpage_site.demo.log import Record
from playpage_site.demo.settings import Settings
from playpage_site.demo.store import Store

START_S = 15.0


class Service:
    """A running service.

    url: its address, without a path.
    base_url: what a client takes as `base_url`: the address and the first prefix.
    log: every request so far, oldest first.
    store: the state, to look at. It belongs to the service's own thread.
    """

    def __init__(
        self,
        settings: Settings,
        port: int = 0,
        wrap: Callable[[ASGIApp], ASGIApp] | None = None,
    ) -> None:
        """Start serving on 127.0.0.1.

        port: 0 for a free one.
        wrap: put around the application, for tests that spoil its answers.

        Raises OSError when the port is taken.
        """
        self.settings = settings
        self.store = Store()
        self.log: list[Record] = []
        app = create_app(settings, self.store, self.log)
        # Named as TCP, or asyncio does not switch off the delay of small packets: 40 ms a request.
        self._socket = socket.socket(proto=socket.IPPROTO_TCP)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            self._socket.bind(("127.0.0.1", port))
        except OSError:
            self._socket.close()
            raise
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        config = uvicorn.Config(
            wrap(app) if wrap else app,
            log_level="warning",
            lifespan="off",
            # A stream that a test left open must not hold up the end.
            timeout_graceful_shutdown=1,
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._serve, name="assistants", daemon=True)
        self._thread.start()
        self._wait_until_started()

    @property
    def base_url(self) -> str:
        return self.url + self.settings.prefixes[0]

    @property
    def open_threads(self) -> list[str]:
        return list(self.store.threads)

    @property
    def deleted_threads(self) -> list[str]:
        return list(self.store.deleted_threads)

    def _serve(self) -> None:
        self._server.run(sockets=[self._socket])

    def _wait_until_started(self) -> None:
        waiting = threading.Event()
        for _ in range(round(START_S / 0.01)):
            if self._server.started:
                return
            if not self._thread.is_alive():
                break
            waiting.wait(0.01)
        raise RuntimeError("the assistants service did not start")

    def close(self) -> None:
        """Stop, and wait until it has stopped. Can be called again."""
        self._server.should_exit = True
        self._thread.join(timeout=10)
        self._socket.close()


@contextmanager
def running_service(
    *, port: int = 0, wrap: Callable[[ASGIApp], ASGIApp] | None = None, **options: Any
) -> Iterator[Service]:
    """A service for the length of a `with` block; `options` are the fields of Settings."""
    service = Service(Settings(**options), port, wrap)
    try:
        yield service
    finally:
        service.close()
