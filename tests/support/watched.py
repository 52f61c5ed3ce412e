"""The built site on a server that records what is asked of it, and can be slow or lack a pack.

For what Playwright's routes cannot show: they switch the browser's cache off.
"""

from __future__ import annotations

import functools
import shutil
import threading
import time
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any

from playpage_site.cli.main import BUILD, build_if_changed
from playpage_site.dev.serve import HOST, Handler, Server

PART_BYTES = 16 << 10

#: Before the worker that measures the line: nothing takes any time there. A machine that is busy
#: with other things reads late, and the page would take its line for a slow one.
STOPPED_CLOCK = "performance.now = () => 1;\n"


@dataclass
class Watched:
    """The site's address, and what was asked of it. `port` and `url` are set once it is served.

    missing: names of packs that are answered with 404. headers: sent with every file. unpacker: a
    file that stands for the site's script of that name. bytes_per_s: what the line carries, all
    downloads together; None is as fast as it goes.
    """

    url: str = ""
    port: int = 0
    seen: list[str] = field(default_factory=list)
    missing: Collection[str] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    unpacker: Path | None = None
    bytes_per_s: float | None = None
    _line: threading.Lock = field(default_factory=threading.Lock)

    def asked_for(self, pack: str) -> bool:
        return any(f"/packs/{pack}-" in path for path in self.seen)

    def carry(self, part_bytes: int) -> None:
        """Take as long as the line does for so many bytes."""
        if self.bytes_per_s:
            with self._line:
                time.sleep(part_bytes / self.bytes_per_s)


class WatchedHandler(Handler):
    def __init__(self, watched: Watched, *args: Any, **kwargs: Any) -> None:
        self.watched = watched
        super().__init__(*args, **kwargs)

    def end_headers(self) -> None:
        for name, value in self.watched.headers.items():
            self.send_header(name, value)
        super().end_headers()

    def translate_path(self, path: str) -> str:
        self.watched.seen.append(path)
        if any(f"/packs/{pack}-" in path for pack in self.watched.missing):
            path = "/missing"
        if self.watched.unpacker and path.endswith("/js/unpacker.js"):
            return str(self.watched.unpacker)
        return super().translate_path(path)

    def copyfile(self, source: IO[bytes], outputfile: IO[bytes]) -> None:  # type: ignore[override]
        part_bytes = PART_BYTES if self.watched.bytes_per_s else 1 << 20
        while part := source.read(part_bytes):
            self.watched.carry(len(part))
            outputfile.write(part)


def stop_clock(unpacker: Path) -> None:
    """Change this script of a site so that whatever the page measures, it finds the line fast."""
    unpacker.write_text(STOPPED_CLOCK + unpacker.read_text("utf-8"), "utf-8")


@functools.cache
def _build() -> None:
    """Once for all tests of a process."""
    build_if_changed()


@contextmanager
def watching(
    missing: Collection[str] = (),
    looks_fast: bool = True,
    headers: Mapping[str, str] | None = None,
) -> Iterator[Watched]:
    """The site on a port of its own, which no browser has in its cache.

    looks_fast: whatever the page measures, it finds the line fast.
    """
    _build()
    watched = Watched(missing=missing, headers=headers or {})
    handler = partial(WatchedHandler, watched, directory=str(BUILD))
    with TemporaryDirectory() as folder, Server((HOST, 0), handler) as server:
        if looks_fast:
            watched.unpacker = Path(folder) / "unpacker.js"
            shutil.copyfile(BUILD / "js" / "unpacker.js", watched.unpacker)
            stop_clock(watched.unpacker)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        watched.port = server.server_address[1]
        watched.url = f"http://{HOST}:{watched.port}/"
        yield watched
        server.shutdown()
