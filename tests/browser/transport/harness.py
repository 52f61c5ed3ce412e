"""A bare page with Pyodide and our package in it, and a way to run Python there.

Used by the tests, the benchmark and the table of failures alike.
"""

from __future__ import annotations

import io
import json
import mimetypes
import tempfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playpage_site.common import ROOT
from playpage_site.registry import wheels as fetch
from playwright.sync_api import Browser, Page
from servers.raw.sdk_routes import handler_with
from servers.raw.wire import RawServer, Wire
from support.transport_wheel import build_wheel

SITE = Path(__file__).with_name("site")
PYODIDE = ROOT / "node_modules" / "pyodide"
PACKAGE = ROOT / "py" / "httpx_pyfetch"
CASES = Path(__file__).with_name("cases")

LAYERS = ("base", "openai", "index", "tests")
#: Loaded for every test; the other wheels of these layers get a folder of their own,
#: /alt/NAME-VERSION, that a case puts on sys.path when it wants that version.
ALWAYS = """
    annotated-types anyio certifi distro h11 httpcore httpcore2 httpx2 httpx2-jsfetch idna jiter
    micropip packaging pydantic pydantic-core sniffio tqdm truststore typing-extensions
    typing-inspection
"""


def source_zip() -> bytes:
    """Zip our package and the cases as they are in the tree."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for folder in (PACKAGE, CASES):
            for path in sorted(folder.iterdir()):
                if path.suffix in {".py", ".js"}:
                    archive.write(path, f"{folder.name}/{path.name}")
    return out.getvalue()


class Files:
    """Answers for paths under /page/."""

    def __init__(self, wheels: dict[str, Path]) -> None:
        self._wheels = wheels
        with tempfile.TemporaryDirectory() as folder:
            wheel = build_wheel(Path(folder))
            self.wheel_name, self._wheel = wheel.name, wheel.read_bytes()

    def __call__(self, wire: Wire) -> None:
        name = wire.exchange.path.removeprefix("/page/") or "index.html"
        if name == "sources.zip":
            data = source_zip()
        elif name == self.wheel_name:
            data = self._wheel
        else:
            folder, _, rest = name.partition("/")
            path = {
                "pyodide": PYODIDE / rest,
                "wheels": self._wheels.get(rest, SITE / "none"),
            }.get(folder, SITE / name)
            if not path.is_file():
                wire.reply(404, b"no such file")
                return
            data = path.read_bytes()
        kind = {".wasm": "application/wasm", ".mjs": "text/javascript"}.get(Path(name).suffix)
        kind = kind or mimetypes.guess_type(name)[0] or "application/octet-stream"
        wire.reply(200, data, [("Content-Type", kind), ("Cache-Control", "no-cache")])


@dataclass
class Servers:
    """The page's own origin, and another one that answers with CORS."""

    page: RawServer
    api: RawServer
    setup: dict[str, Any]
    #: Below /page/, the wheel of our package.
    wheel: str

    @classmethod
    def start(cls) -> Servers:
        locked = fetch.wheels(LAYERS)
        always_names = set(ALWAYS.split())
        always = [w for w in locked if w.name in always_names]
        apart = [w for w in locked if w.name not in always_names]
        files = Files({w.file: w.path for w in locked})
        handler = handler_with(files)
        setup = {
            "wheels": [f"wheels/{w.file}" for w in always],
            "folders": {f"wheels/{w.file}": f"/alt/{w.name}-{w.version}" for w in apart}
            | {"sources.zip": "/alt/ours"},
        }
        return cls(RawServer(handler), RawServer(handler), setup, files.wheel_name)

    def close(self) -> None:
        self.page.close()
        self.api.close()


HTTPX, OLD, HTTPX2 = "httpx-0.28.1", "httpx-0.27.2", "httpx2-2.16.2"

#: The openai SDK: the wiki's, and the last of each major version.
VERSIONS = ("1.39.0", "1.109.1", "2.54.0", "3.57.0")

#: What has to happen at once happens within this time on a busy machine, too. When it does not
#: happen, the server's answer goes on for 20 seconds and more.
SOON_S = 8
#: What the server may have sent after the client has left: a second of it, at a kilobyte a
#: millisecond. Some milliseconds of it, where nothing else is at work.
SENT_AFTER_BYTES = 1 << 20

_last = 0


def marker() -> str:
    """Make a name for one request, to find it in the server's log."""
    global _last
    _last += 1
    return f"mark{_last}x"


@dataclass(frozen=True)
class Way:
    """One way to make requests in a runtime. library: "httpx-0.28.1", "httpx2-2.16.2", ..."""

    place: str
    jspi: bool
    library: str
    asynchronous: bool

    def __str__(self) -> str:
        jspi = "jspi" if self.jspi else "no-jspi"
        kind = "async" if self.asynchronous else "sync"
        return f"{self.place}-{jspi}-{self.library}-{kind}"

    @property
    def incremental(self) -> bool:
        """Whether a body arrives as it is sent: not by XMLHttpRequest."""
        return self.asynchronous or self.jspi


class Runtime:
    """One booted Pyodide. place: "page" or "worker"."""

    def __init__(self, browser: Browser, servers: Servers, place: str, jspi: bool) -> None:
        self.place = place
        self.jspi = jspi
        self.servers = servers
        self.console: list[str] = []
        self._context = browser.new_context()
        self.page: Page = self._context.new_page()
        self.page.on("console", lambda message: self.console.append(message.text))
        query = "?worker" if place == "worker" else ""
        self.page.goto(f"{servers.page.origin}/page/index.html{query}")
        self.page.wait_for_function("window.ready")
        self.page.evaluate("setup => window.start(setup)", servers.setup | {"jspi": jspi})

    def run(self, code: str, **arguments: Any) -> Any:
        """Run Python that defines main(**arguments), plain or async; answer what it returns."""
        source = f"import sys\nsys.path[:0] = ['/alt/ours'][: '/alt/ours' not in sys.path]\n{code}"
        result: str = self.page.evaluate(
            "([code, args]) => window.call(code, args)", [source, json.dumps(arguments)]
        )
        return json.loads(result)

    def sdk(self, name: str, version: str, asynchronous: bool, **arguments: Any) -> Any:
        """Run cases/sdk.py's FUNCTION with one version of openai, after install()."""
        return self.run(
            "from cases.sdk import main",
            name=name,
            version=version,
            asynchronous=asynchronous,
            url=self.servers.api.origin,
            arguments=arguments,
        )

    def case(self, name: str, way: Way, **arguments: Any) -> Any:
        """Run cases/MODULE.py's FUNCTION, named "module.function", in one way."""
        urls = {"url": self.servers.page.origin, "other": self.servers.api.origin}
        return self.run(
            "from cases.env import main",
            name=name,
            library=way.library,
            asynchronous=way.asynchronous,
            arguments=arguments,
            **urls,
        )

    def close(self) -> None:
        self._context.close()


#: Every way the cases are run in.
WAYS = [
    *(Way("worker", True, lib, a) for lib in (HTTPX, HTTPX2, OLD) for a in (True, False)),
    *(Way("page", True, lib, a) for lib in (HTTPX, HTTPX2) for a in (True, False)),
    Way("worker", False, HTTPX, True),
    Way("worker", False, HTTPX, False),
    Way("worker", False, HTTPX2, False),
    Way("page", False, HTTPX, True),
]
#: XMLHttpRequest gives a reply whole or not at all.
INCREMENTAL = [way for way in WAYS if way.incremental]
ASYNC = [way for way in WAYS if way.asynchronous]

Run = Callable[..., Any]


def every(ways: list[Way]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("way", ways, ids=str)
