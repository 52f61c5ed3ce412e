"""A static file server for the built site, on this machine only."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

HOST = "127.0.0.1"


class Handler(SimpleHTTPRequestHandler):
    """Serves files with the types that module scripts and WebAssembly need."""

    protocol_version = "HTTP/1.1"
    extensions_map = {  # noqa: RUF012 - the base class declares it on instances
        **SimpleHTTPRequestHandler.extensions_map,
        ".js": "text/javascript",
        ".mjs": "text/javascript",
        ".pack": "application/octet-stream",
        ".wasm": "application/wasm",
        ".whl": "application/octet-stream",
    }

    def end_headers(self) -> None:
        # Asked again each time, answered 304 when unchanged: a new build shows at once.
        self.send_header("Cache-Control", "no-cache")
        super().end_headers()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Quiet: the queries of playground links do not belong into a log."""


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A reader who closes the page in mid-download is no error of ours."""


@contextmanager
def serving(folder: Path, port: int = 0, tries: int = 20) -> Iterator[str]:
    """Serve `folder`; gives the address, ending in `/`.

    port: the first to try, then the next ones; 0 for any free one. Raises OSError when
    none of `tries` ports is free.
    """
    server = _first_free(partial(Handler, directory=str(folder)), port, tries)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://{HOST}:{server.server_address[1]}/"
    finally:
        server.shutdown()
        server.server_close()


def _first_free(handler: Any, port: int, tries: int) -> Server:
    last = min(port + tries - 1, 65535)
    for candidate in range(port, last + 1):
        try:
            return Server((HOST, candidate), handler)
        except OSError:
            if candidate == last:
                raise
    raise OSError("no port to try")
