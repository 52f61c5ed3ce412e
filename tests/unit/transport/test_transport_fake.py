"""The transports on CPython, with a bridge that has no JavaScript behind it."""

from __future__ import annotations

import asyncio
import importlib
import pickle
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import httpx2
import pytest
from httpx_pyfetch import AsyncPyfetchTransport, PyfetchTransport, bridge, family, install
from httpx_pyfetch.patching import ANYIO_BACKEND

HEAD = "200\nOK\nhttps://a.example/final\ntrue\ncors\nx-a\n1"


class Chunk(bytes):
    def to_bytes(self) -> bytes:
        return bytes(self)


class FakeExchange:
    """Answers what it was given; records what it was asked."""

    whole = False
    failure = "TypeError\nFailed to fetch"

    def __init__(self, head: str | int, body: list[int | bytes]) -> None:
        self.head = head
        self.body = body
        self.closed = 0
        self.opened: tuple[Any, ...] = ()

    def open(self, *asked: Any) -> Any:
        self.opened = asked
        return self.head

    def wait(self, _timeout_ms: int) -> int:
        first = self.body[0] if self.body else bridge.END
        return first if isinstance(first, int) else 1

    def take(self) -> Chunk:
        chunk = self.body.pop(0)
        assert isinstance(chunk, bytes)
        return Chunk(chunk)

    def close(self) -> None:
        self.closed += 1


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> FakeExchange:
    exchange = FakeExchange(HEAD, [b"one", b"two"])
    monkeypatch.setattr(bridge, "new_exchange", lambda: exchange)
    monkeypatch.setattr(bridge, "body_js", lambda body: body)
    monkeypatch.setattr(bridge, "can_run_sync", lambda: True)
    monkeypatch.setattr(bridge, "run_sync", lambda value: value)
    monkeypatch.setattr(bridge, "place", lambda: ("https://page.example", True))
    return exchange


LIBRARIES = pytest.mark.parametrize("library", [httpx, httpx2], ids=["httpx", "httpx2"])


def client(library: Any, **settings: Any) -> Any:
    return library.Client(transport=PyfetchTransport(**settings))


@LIBRARIES
def test_a_response_is_the_librarys_own(fake: FakeExchange, library: Any) -> None:
    response = client(library).get("https://a.example/x?key=1")
    assert isinstance(response, library.Response)
    assert response.content == b"onetwo"
    assert response.url == library.URL("https://a.example/final")
    assert response.extensions["redirected"] is True
    assert response.reason_phrase == "OK"
    assert fake.closed == 1


@LIBRARIES
def test_a_response_can_be_pickled_like_any(fake: FakeExchange, library: Any) -> None:
    response = client(library).get("https://a.example/")
    assert pickle.loads(pickle.dumps(response)).content == b"onetwo"


@LIBRARIES
@pytest.mark.parametrize(
    ("code", "name"),
    [
        (bridge.TIMED_OUT, "ReadTimeout"),
        (bridge.FAILED, "ConnectError"),
        (bridge.REFUSED, "LocalProtocolError"),
    ],
)
def test_no_head(fake: FakeExchange, library: Any, code: int, name: str) -> None:
    fake.head = code
    with pytest.raises(getattr(library, name)) as caught:
        client(library).get("https://a.example/secret-path")
    assert caught.value.request.url.path == "/secret-path"
    assert "secret-path" not in str(caught.value)


@LIBRARIES
@pytest.mark.parametrize(
    ("code", "name"), [(bridge.TIMED_OUT, "ReadTimeout"), (bridge.FAILED, "ReadError")]
)
def test_a_body_that_ends_badly(fake: FakeExchange, library: Any, code: int, name: str) -> None:
    fake.body = [b"one", code]
    with (
        client(library).stream("GET", "https://a.example/") as response,
        pytest.raises(getattr(library, name)),
    ):
        response.read()
    assert fake.closed == 1


def test_losing_a_response_closes_it(fake: FakeExchange) -> None:
    transport = PyfetchTransport()
    response = transport.handle_request(httpx.Request("GET", "https://a.example/"))
    assert fake.closed == 0
    del response
    assert fake.closed == 1


def test_reading_on_after_close(fake: FakeExchange) -> None:
    with client(httpx).stream("GET", "https://a.example/") as response:
        chunks = response.iter_raw()
        next(chunks)
        response.close()
        with pytest.raises(httpx.StreamClosed):
            list(chunks)


def test_what_is_given_to_fetch(fake: FakeExchange) -> None:
    made = client(httpx, drop_headers=["x-stainless-*"], fetch={"credentials": "omit"})
    made.post(
        "https://me:pass@a.example/x",
        content=b"body",
        headers={"x-stainless-os": "1", "user-agent": "x"},
        extensions={"fetch": {"cache": "reload"}},
        timeout=httpx.Timeout(5, connect=1),
    )
    url, method, headers, body, options, timeout_ms = fake.opened
    assert (url, method, body, timeout_ms) == ("https://a.example/x", "POST", b"body", 5000)
    assert "stainless" not in headers
    assert "user-agent" not in headers.lower()
    assert "Basic" in headers
    assert options == '{"cache": "reload", "credentials": "omit"}'


@LIBRARIES
def test_the_sdk_is_answered_so_that_it_does_not_retry(fake: FakeExchange, library: Any) -> None:
    request = library.Request("GET", "ftp://a.example/", headers={"x-stainless-lang": "python"})
    response = PyfetchTransport().handle_request(request)
    response.request = request
    assert response.status_code == 400
    with pytest.raises(library.UnsupportedProtocol):
        response.raise_for_status()
    with pytest.raises(library.UnsupportedProtocol):
        client(library).get("ftp://a.example/")
    assert not fake.opened


@LIBRARIES
def test_asynchronous(fake: FakeExchange, library: Any) -> None:
    async def opened(*_asked: Any) -> str | int:
        return HEAD

    async def program() -> bytes:
        async with library.AsyncClient(transport=AsyncPyfetchTransport()) as made:
            content: bytes = (await made.get("https://a.example/")).content
            return content

    fake.open = opened  # type: ignore[method-assign]
    # In a thread, because browser tests before this one may have left a loop running here.
    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(asyncio.run, program()).result() == b"onetwo"


def test_the_transports_are_those_of_the_libraries() -> None:
    assert issubclass(PyfetchTransport, httpx.BaseTransport)
    assert issubclass(AsyncPyfetchTransport, httpx.AsyncBaseTransport)


def test_anything_but_a_request_is_told() -> None:
    with pytest.raises(TypeError, match=r"expected an httpx\.Request"):
        family.library_of("https://a.example")


def test_outside_pyodide_it_says_where_it_works() -> None:
    with pytest.raises(RuntimeError, match="Pyodide only"):
        client(httpx).get("https://a.example/")
    with pytest.raises(RuntimeError, match="for Pyodide"):
        install()


def test_an_unknown_name_in_the_package() -> None:
    import httpx_pyfetch

    with pytest.raises(AttributeError, match="no attribute 'nope'"):
        httpx_pyfetch.nope  # noqa: B018


def test_importing_the_package_imports_no_library() -> None:
    import subprocess

    code = (
        "import sys, httpx_pyfetch;"
        "print([m for m in ('httpx', 'httpx2', 'openai', 'asyncio', 'js') if m in sys.modules])"
    )
    path = [entry for entry in sys.path if entry.endswith("/py")]
    done = subprocess.run(
        [sys.executable, "-c", f"import sys; sys.path[:0] = {path}; {code}"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "[]"


@pytest.fixture
def libraries_kept(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Put back all that install() changes."""
    monkeypatch.setattr(sys, "platform", "emscripten")
    kept: list[tuple[Any, dict[str, Any]]] = []
    for library in (httpx, httpx2):
        for cls in (
            library.HTTPTransport,
            library.AsyncHTTPTransport,
            library.Client,
            library.AsyncClient,
        ):
            kept.append((cls, dict(vars(cls))))
    finders = list(sys.meta_path)
    threads: Any = importlib.import_module(ANYIO_BACKEND).AsyncIOBackend
    method = vars(threads)["run_sync_in_worker_thread"]
    yield
    sys.meta_path[:] = finders
    threads.run_sync_in_worker_thread = method
    for cls, members in kept:
        for name in set(vars(cls)) - set(members):
            delattr(cls, name)
        for name, member in members.items():
            if vars(cls).get(name) is not member:
                setattr(cls, name, member)


@LIBRARIES
@pytest.mark.usefixtures("libraries_kept")
def test_install_makes_plain_clients_use_fetch(fake: FakeExchange, library: Any) -> None:
    before = library.Client()
    install()
    finders = len(sys.meta_path)
    install(fetch={"credentials": "omit"})
    assert len(sys.meta_path) == finders
    assert before.get("https://a.example/").content == b"onetwo"
    fake.body = [b"x"]
    assert library.Client(proxies=None).get("https://a.example/").content == b"x"
    assert '"credentials": "omit"' in fake.opened[4]
    with pytest.warns(UserWarning, match="proxies="):
        library.Client(proxies={"all://": "http://proxy"})
    with pytest.warns(UserWarning, match="verify="):
        library.Client(verify=False)


@pytest.mark.usefixtures("libraries_kept")
def test_install_waits_for_a_library_that_is_not_loaded(
    fake: FakeExchange, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [m for m in sys.modules if m.partition(".")[0] == "httpx"]:
        monkeypatch.delitem(sys.modules, name)
    install()
    assert "httpx" not in sys.modules
    import httpx as loaded

    assert loaded is not httpx
    assert loaded.Client().get("https://a.example/").content == b"onetwo"
    family.classes_of.cache_clear()
    for name in [m for m in sys.modules if m.partition(".")[0] == "httpx"]:
        monkeypatch.delitem(sys.modules, name)
