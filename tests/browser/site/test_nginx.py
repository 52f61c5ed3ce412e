"""The site under a real nginx: at the root, below a path, compressed, and with wrong types."""

from __future__ import annotations

import re
import shutil
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from playpage_site.cli.main import BUILD
from playpage_site.common import ROOT
from playpage_site.dev import nginx
from playpage_site.links.legacy import legacy_link
from playwright.sync_api import Page, expect
from servers.nginx import serving_nginx
from support.playground import Playground, Site, Traffic
from support.starts import CHAT
from support.watched import stop_clock

GUIDE = ROOT / "docs" / "host.md"


@pytest.fixture
def program() -> Path:
    found = nginx.find()
    if not found:
        pytest.skip("no nginx here, and Debian's package could not be had")
    return found


@pytest.fixture
def www(site: Site, tmp_path: Path) -> Iterator[Path]:
    """A copy of the site where nginx's worker, who is not root, can read it."""
    with TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        www = shutil.copytree(BUILD, Path(folder) / "site")
        stop_clock(www / "js" / "unpacker.js")
        yield www


def header(url: str, name: str) -> str | None:
    request = urllib.request.Request(url, headers={"Accept-Encoding": "gzip"})
    with urllib.request.urlopen(request) as response:
        found: str | None = response.headers[name]
        return found


def expect_chat(page: Page, url: str) -> None:
    playground = Playground(page)
    playground.open(legacy_link(url, CHAT))
    playground.chat()


def test_as_installed(program: Path, www: Path, page: Page, traffic: Traffic) -> None:
    with serving_nginx(program, f"root {www};") as url:
        expect_chat(page, url)
        # From the snapshot, without a second try.
        marks = page.evaluate("performance.getEntriesByType('mark').map((mark) => mark.name)")
        assert "playpage:module" in marks


def test_lines_of_the_guide(program: Path, www: Path, page: Page, traffic: Traffic) -> None:
    """What the guide says to write: below a path, compressed, and cached as it may be."""
    lines = re.search(r"^    location /chat/ \{.*?^    \}", GUIDE.read_text("utf-8"), re.M | re.S)
    assert lines
    (www.parent / "chat").symlink_to(www)
    with serving_nginx(program, lines[0].replace("/srv/www", str(www.parent))) as url:
        expect_chat(page, f"{url}chat/")
        script = f"{url}chat/js/main.js"
        assert header(script, "Content-Encoding") == "gzip"
        assert header(script, "Cache-Control") == "no-cache"
        wasm = f"{url}chat/pyodide/{next((www / 'pyodide').glob('*.wasm')).name}"
        assert header(wasm, "Content-Encoding") == "gzip"
        assert header(wasm, "Cache-Control") == "max-age=315360000"
        pack = f"{url}chat/packs/{next((www / 'packs').iterdir()).name}"
        assert header(pack, "Content-Encoding") is None
        assert header(pack, "Cache-Control") == "max-age=315360000"


@pytest.mark.parametrize(
    ("types", "said"),
    [
        (
            "default_type text/plain; types { text/html html; text/css css; }",
            "The server sends js/main.js as “text/plain”. Browsers use it only as "
            "“text/javascript”. Tell the person who hosts this page to set that type for all "
            "files that end in .js.",
        ),
        (
            "default_type application/octet-stream; types { text/html html; text/javascript js; }",
            "The server sends js/style.css as “application/octet-stream”. Browsers use it only "
            "as “text/css”. Tell the person who hosts this page to set that type for all files "
            "that end in .css.",
        ),
    ],
    ids=["js", "css"],
)
def test_wrong_type_is_named(
    program: Path, www: Path, page: Page, traffic: Traffic, types: str, said: str
) -> None:
    with serving_nginx(program, f"root {www};", types) as url:
        page.goto(url)
        expect(page.get_by_text(said)).to_be_visible()
        page.screenshot(path=f"test-results/wrong-type-{'css' if 'css' in said else 'js'}.png")


def test_missing_script_is_named(program: Path, www: Path, page: Page, traffic: Traffic) -> None:
    server = f"root {www}; location = /js/main.js {{ return 404; }}"
    with serving_nginx(program, server) as url:
        page.goto(url)
        said = "The server answered 404 for js/main.js. Every file of the build must be there."
        expect(page.get_by_text(said)).to_be_visible()


def test_unknown_types_of_data_do_no_harm(
    program: Path, www: Path, page: Page, traffic: Traffic
) -> None:
    """WebAssembly of a server that does not know it is compiled all the same."""
    types = "default_type text/plain; types { text/html html; text/javascript js; text/css css; }"
    with serving_nginx(program, f"root {www};", types) as url:
        wasm = next((www / "pyodide").glob("*.wasm")).name
        with urllib.request.urlopen(f"{url}pyodide/{wasm}") as response:
            assert re.match("text/plain", response.headers["Content-Type"])
        expect_chat(page, url)
