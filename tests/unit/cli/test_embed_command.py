"""The command line: embed, with what it prints, refuses and returns."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playpage_site.cli import main as build
from playpage_site.links.opened import open_link

Capture = pytest.CaptureFixture[str]
CODE = "print('größe')\n"
BASE = "https://files.example/chat/"


class Elements(HTMLParser):
    """The start tags of a text, as a browser reads them."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


@pytest.fixture
def app(tmp_path: Path) -> Path:
    path = tmp_path / "chat.py"
    path.write_text(CODE, "utf-8")
    return path


def embed(
    capsys: Capture, app: Path, *arguments: str, base: str = BASE
) -> tuple[dict[str, str | None], str]:
    """The iframe's attributes, and the script's address."""
    assert build.main(["embed", str(app), "--base", base, *arguments]) == 0
    out = capsys.readouterr().out
    assert out.count("\n") == 2, "a line each: a wiki may take the first alone"
    elements = Elements()
    elements.feed(out)
    (frame_tag, frame), (script_tag, script) = elements.found
    assert (frame_tag, script_tag) == ("iframe", "script")
    assert script["src"]
    return frame, script["src"]


def query_of(frame: dict[str, str | None]) -> dict[str, list[str]]:
    assert frame["src"]
    return parse_qs(urlsplit(frame["src"]).query, strict_parsing=True)


def test_what_it_prints(app: Path, capsys: Capture) -> None:
    frame, script = embed(capsys, app, "-r", "openai==1.109.1")
    assert frame["src"]
    assert frame["src"].startswith(BASE + "#v2.")
    program = open_link(frame["src"]).program
    assert program is not None
    assert (program.entry, program.code) == ("chat.py", CODE)
    assert program.requirements == ["openai==1.109.1"]
    assert script == BASE + "embed.js"
    assert "data-playpage" in frame
    assert (frame["title"], frame["height"], frame["width"]) == ("Chat", "480", "100%")


def test_length_goes_to_standard_error(app: Path, capsys: Capture) -> None:
    assert build.main(["embed", str(app), "--base", BASE]) == 0
    printed = capsys.readouterr()
    assert "characters" in printed.err
    assert "characters" not in printed.out


def test_options(app: Path, capsys: Capture) -> None:
    asked = ["--no-editor", "--theme", "dark", "--lang", "pt-BR", "--host", "https://wiki.example"]
    frame, _ = embed(capsys, app, *asked, "--height", "640")
    assert query_of(frame) == {
        "editor": ["0"],
        "theme": ["dark"],
        "lang": ["pt-BR"],
        "host": ["https://wiki.example"],
    }
    assert frame["height"] == "640"


def test_quotes_stay_in_the_title(app: Path, capsys: Capture) -> None:
    title = "\"Größe\" & 'co' </iframe><script>alert(1)</script>"
    frame, _ = embed(capsys, app, "--title", title)
    assert frame["title"] == title


def test_quotes_stay_in_the_address(app: Path, capsys: Capture) -> None:
    base = 'https://files.example/it\'s&"chat"/'
    frame, script = embed(capsys, app, base=base)
    assert frame["src"]
    assert frame["src"].startswith(base + "#v2.")
    assert script == base + "embed.js"


@pytest.mark.parametrize(
    ("base", "script"),
    [
        ("https://files.example", "https://files.example/embed.js"),
        ("https://files.example/chat", "https://files.example/chat/embed.js"),
        ("https://files.example/chat/index.html", "https://files.example/chat/embed.js"),
        ("http://localhost:8000/", "http://localhost:8000/embed.js"),
    ],
)
def test_script_lies_beside_the_page(base: str, script: str, app: Path, capsys: Capture) -> None:
    frame, found = embed(capsys, app, base=base)
    assert found == script
    assert frame["src"]
    assert urlsplit(frame["src"]).path.startswith(urlsplit(base).path)


@pytest.mark.parametrize(
    ("host", "origin"),
    [
        ("https://Wiki.Example", "https://wiki.example"),
        ("https://wiki.example:443", "https://wiki.example"),
        ("http://wiki.example:8080", "http://wiki.example:8080"),
        ("http://[::1]:8080", "http://[::1]:8080"),
    ],
)
def test_host_is_written_as_browsers_do(host: str, origin: str, app: Path, capsys: Capture) -> None:
    frame, _ = embed(capsys, app, "--host", host)
    assert query_of(frame) == {"host": [origin]}


@pytest.mark.parametrize(
    "host",
    [
        "wiki.example",
        "https://",
        "https://wiki.example/",
        "https://wiki.example/page",
        "https://wiki.example?a",
        "https://me@wiki.example",
        "https://[",
        "https://wiki.example:x",
        "javascript:alert(1)",
        "*",
    ],
)
def test_host_that_is_no_origin(host: str, app: Path, capsys: Capture) -> None:
    assert build.main(["embed", str(app), "--base", BASE, "--host", host]) == 1
    printed = capsys.readouterr()
    assert "--host must be an origin" in printed.err
    assert printed.out == ""


@pytest.mark.parametrize(
    ("base", "says"),
    [
        ("files.example/chat/", "http or https address"),
        ("file:///srv/chat/", "http or https address"),
        ("javascript:alert(1)", "http or https address"),
        ("https://", "http or https address"),
        ("https://[/", "http or https address"),
        ("https://files.example/a chat/", "http or https address"),
        ("https://files.example/?a=b", "no query"),
        ("https://files.example/#a", "no fragment"),
    ],
)
def test_base_that_is_none(base: str, says: str, app: Path, capsys: Capture) -> None:
    assert build.main(["embed", str(app), "--base", base]) == 1
    printed = capsys.readouterr()
    assert says in printed.err
    assert printed.out == ""


@pytest.mark.parametrize(
    "arguments",
    [
        [],  # no --base: nobody's readers reach the machine of the person who runs this
        ["--base", BASE, "--height", "149"],
        ["--base", BASE, "--height", "5001"],
        ["--base", BASE, "--height", "tall"],
        ["--base", BASE, "--theme", "blue"],
        ["--base", BASE, "--lang", 'de"'],
    ],
)
def test_wrong_arguments(arguments: list[str], app: Path, capsys: Capture) -> None:
    with pytest.raises(SystemExit) as left:
        build.main(["embed", str(app), *arguments])
    assert left.value.code == 2
    printed = capsys.readouterr()
    assert "usage:" in printed.err
    assert printed.out == ""


def test_keys_are_refused(app: Path, capsys: Capture) -> None:
    app.write_text("API_KEY = 'abc-def'\n", "utf-8")
    assert build.main(["embed", str(app), "--base", BASE]) == 3
    printed = capsys.readouterr()
    assert "no snippet was made" in printed.err
    assert "chat.py, line 1" in printed.err
    assert "abc-def" not in printed.err
    assert printed.out == ""


def test_what_cannot_be_read(tmp_path: Path, capsys: Capture) -> None:
    assert build.main(["embed", str(tmp_path / "none.py"), "--base", BASE]) == 1
    printed = capsys.readouterr()
    assert "none.py could not be read" in printed.err
    assert printed.out == ""


def test_what_is_too_large(app: Path, capsys: Capture) -> None:
    app.write_bytes(b"#" * 11_000_000)
    assert build.main(["embed", str(app), "--base", BASE]) == 1
    printed = capsys.readouterr()
    assert "10000000" in printed.err
    assert printed.out == ""


def test_help_has_examples(capsys: Capture) -> None:
    with pytest.raises(SystemExit) as left:
        build.main(["embed", "--help"])
    assert left.value.code == 0
    out = capsys.readouterr().out
    examples = out.partition("examples:")[2]
    assert examples.count("build.py embed ") == examples.count("--base ") == 3
    assert "exit codes:" in out
