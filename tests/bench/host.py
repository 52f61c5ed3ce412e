"""A plain static host on loopback that can be made slow, and that notes what it sent.

It caches as an ordinary host is set up to: files whose names carry a hash for a year,
everything else asked for again with `If-Modified-Since` and answered 304 when unchanged.
It compresses nothing; what a compressing host would send is computed by `gzip_bytes`.
"""

from __future__ import annotations

import gzip
import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache, partial
from http.server import SimpleHTTPRequestHandler
from pathlib import Path
from typing import Any

from playpage_site.dev.serve import HOST, Handler, Server

#: Packs, the front end's hashed parts, and names with eight hexadecimal digits or more.
IMMUTABLE = re.compile(r"/packs/|/assets/|[-.][0-9a-f]{8,}\.\w+$")

#: What hosts compress on the way. Packs, wheels and fonts are compressed already.
COMPRESSIBLE = {".css", ".html", ".js", ".json", ".map", ".mjs", ".py", ".svg", ".txt", ".wasm"}

CHUNK_BYTES = 16 * 1024

#: How long the line may have stood still without losing that time.
CATCH_UP_S = 0.1

KINDS = ("wasm", "packs", "stdlib", "scripts", "front end", "other")


def kind_of(path: str) -> str:
    """Which of KINDS a request path belongs to."""
    if path.endswith(".wasm"):
        return "wasm"
    if "stdlib" in path:
        return "stdlib"
    if "/packs/" in path:
        return "packs"
    if "/lite/" in path or path.endswith("preview.html"):
        return "front end"
    return "scripts" if path.endswith((".js", ".mjs")) else "other"


@cache
def gzip_bytes(file: Path) -> int:
    """Size as a host sends it that compresses text and wasm with gzip, level 6."""
    if file.suffix not in COMPRESSIBLE:
        return file.stat().st_size
    return len(gzip.compress(file.read_bytes(), 6))


class Line:
    """A line of `bits_per_s`, shared by all connections, first come first served."""

    def __init__(self, bits_per_s: float) -> None:
        self._bytes_per_s = bits_per_s / 8
        self._free_at = 0.0
        self._lock = threading.Lock()

    def wait(self, size_bytes: int) -> None:
        """Return when these bytes have gone through."""
        with self._lock:
            # Who wakes up late may catch up: the line was not idle for that.
            begin = max(self._free_at, time.monotonic() - CATCH_UP_S)
            self._free_at = end = begin + size_bytes / self._bytes_per_s
        time.sleep(max(0.0, end - time.monotonic()))


@dataclass
class Sent:
    """One request. `body_bytes` is without headers; `file` is None if only headers were sent."""

    path: str
    status: int = 0
    body_bytes: int = 0
    file: Path | None = None


@dataclass
class Conditions:
    """How the host answers, and what it has sent under these conditions.

    line: None for as fast as it goes. latency_s: waited before each answer.
    """

    line: Line | None = None
    latency_s: float = 0.0
    sent: list[Sent] = field(default_factory=list)


class Host(Server):
    """The server; `conditions` can be exchanged between two starts."""

    conditions = Conditions()

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.server_address[1]}/"


class PlainHandler(Handler):
    # Small answers go out at once, as from any real server.
    disable_nagle_algorithm = True
    server: Host

    def do_GET(self) -> None:  # noqa: N802 - http.server's name
        self.conditions = self.server.conditions
        self.sent = Sent(self.path.partition("?")[0])
        self.conditions.sent.append(self.sent)
        time.sleep(self.conditions.latency_s)
        super().do_GET()

    def send_response(self, code: int, message: str | None = None) -> None:
        self.sent.status = code
        super().send_response(code, message)

    def end_headers(self) -> None:
        forever = self.sent.status in (200, 304) and IMMUTABLE.search(self.sent.path)
        caching = "public, max-age=31536000, immutable" if forever else "no-cache"
        self.send_header("Cache-Control", caching)
        # Not through Handler, which would send its own.
        SimpleHTTPRequestHandler.end_headers(self)

    def copyfile(self, source: Any, outputfile: Any) -> None:
        if self.sent.status == 200:
            self.sent.file = Path(self.translate_path(self.sent.path))
        while chunk := source.read(CHUNK_BYTES if self.conditions.line else 1 << 20):
            if self.conditions.line:
                self.conditions.line.wait(len(chunk))
            outputfile.write(chunk)
            self.sent.body_bytes += len(chunk)


@contextmanager
def hosting(folder: Path) -> Iterator[Host]:
    """Serve `folder` on a free port of this machine for the length of a `with` block."""
    host = Host((HOST, 0), partial(PlainHandler, directory=str(folder)))
    threading.Thread(target=host.serve_forever, daemon=True).start()
    try:
        yield host
    finally:
        host.shutdown()
        host.server_close()
