"""The command line: link and decode, with what they print, refuse and return."""

from __future__ import annotations

import base64
import re
from io import BytesIO, TextIOWrapper
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playpage_site.cli import main as build
from playpage_site.links.legacy import decode_link
from playpage_site.links.opened import open_link

Capture = pytest.CaptureFixture[str]
CODE = "print('größe')\n"


@pytest.fixture
def app(tmp_path: Path) -> Path:
    path = tmp_path / "chat.py"
    path.write_text(CODE, "utf-8")
    return path


def stand_in_for_input(monkeypatch: pytest.MonkeyPatch, data: bytes) -> None:
    monkeypatch.setattr("sys.stdin", TextIOWrapper(BytesIO(data), encoding="utf-8"))


def link_of(capsys: Capture, *arguments: str) -> str:
    assert build.main(["link", *arguments]) == 0
    out = capsys.readouterr().out
    assert out.count("\n") == 1
    return out.strip()


def test_link_of_a_file(app: Path, capsys: Capture) -> None:
    base = "https://wiki.example/chat/"
    link = link_of(capsys, str(app), "--base", base, "-r", "openai==1.109.1")
    assert link.startswith(base + "#v2.")
    program = open_link(link).program
    assert program is not None
    assert (program.entry, program.code) == ("chat.py", CODE)
    assert (program.requirements, program.runtime) == (["openai==1.109.1"], "gradio-lite-5")


def test_link_of_standard_input(monkeypatch: pytest.MonkeyPatch, capsys: Capture) -> None:
    stand_in_for_input(monkeypatch, b"\xef\xbb\xbfprint(1)")
    program = open_link(link_of(capsys, "-")).program
    assert program is not None
    assert (program.entry, program.code) == ("app.py", "print(1)")


def test_link_of_several_files(app: Path, tmp_path: Path, capsys: Capture) -> None:
    data, noise = tmp_path / "data", tmp_path / "elsewhere"
    for path in (data / "deep", data / "__pycache__", noise):
        path.mkdir(parents=True)
    (data / "deep" / "a.bin").write_bytes(b"\0\xff")
    (data / ".secret").write_text("no")
    (data / "__pycache__" / "a.pyc").write_bytes(b"no")
    (tmp_path / "requirements.txt").write_text("# for the chat\na==1  # pinned\n\nb\n")
    more = ["--requirements", str(tmp_path / "requirements.txt"), "-r", "c"]
    program = open_link(link_of(capsys, str(app), str(data), *more)).program
    assert program is not None
    assert program.files == {"chat.py": CODE.encode(), "data/deep/a.bin": b"\0\xff"}
    assert program.requirements == ["c", "a==1", "b"]


def test_old_form_opens_where_atob_was_all(app: Path, capsys: Capture) -> None:
    link = link_of(capsys, str(app), "--legacy", "--base", "https://old.example/playground")
    query = parse_qs(urlsplit(link).query)
    # What atob gives: a character a byte.
    assert base64.b64decode(query["code"][0], validate=True).decode("latin-1") == CODE
    assert query["demo"] == ["Hello_World"]
    assert decode_link(link).code == CODE


def test_old_form_tells_of_letters_that_atob_loses(app: Path, capsys: Capture) -> None:
    app.write_text("a = 1\nprint('圖')\n", "utf-8")
    assert build.main(["link", str(app), "--legacy"]) == 0
    printed = capsys.readouterr()
    assert "Line 2 has “圖”" in printed.err
    assert decode_link(printed.out).code == "a = 1\nprint('圖')\n"


def test_old_form_holds_one_file(app: Path, tmp_path: Path, capsys: Capture) -> None:
    (tmp_path / "more.txt").touch()
    assert build.main(["link", str(app), str(tmp_path / "more.txt"), "--legacy"]) == 1
    assert "one file" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("size", "says"),
    [(10, "Short enough for any tool"), (3000, "Too long for: any tool"), (50_000, "GitHub")],
)
def test_length_is_told(size: int, says: str, app: Path, capsys: Capture) -> None:
    noise = re.sub(
        r"[^a-z]", "", base64.b32encode(bytes(i * i % 251 for i in range(size))).decode().lower()
    )
    app.write_text(f"x = {noise!r}\n" + "\n".join(str(i**7) for i in range(size // 10)), "utf-8")
    assert build.main(["link", str(app)]) == 0
    printed = capsys.readouterr()
    assert says in printed.err
    assert f"{len(printed.out.strip()):,} characters" in printed.err


def test_what_cannot_be_linked(app: Path, tmp_path: Path, capsys: Capture) -> None:
    assert build.main(["link", str(tmp_path / "none.py")]) == 1
    assert "none.py could not be read" in capsys.readouterr().err
    (tmp_path / "picture.py").write_bytes(b"\x89PNG\xff")
    assert build.main(["link", str(tmp_path / "picture.py")]) == 1
    assert "not UTF-8 text" in capsys.readouterr().err
    assert build.main(["link", str(app), "--base", "https://x/#a"]) == 1
    assert "fragment" in capsys.readouterr().err
    app.write_bytes(b"#" * 11_000_000)
    assert build.main(["link", str(app)]) == 1
    printed = capsys.readouterr()
    assert "10000000" in printed.err
    assert printed.out == ""


@pytest.mark.parametrize(
    "line",
    [
        'API_KEY = "anything"',
        "client = OpenAI(api_key='1234')",
        'os.environ["OPENAI_API_KEY"] = "abc"',
        "# sk-proj-abcdefghijklmnop1234",
        'x = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N"',
    ],
)
def test_keys_are_refused(line: str, app: Path, tmp_path: Path, capsys: Capture) -> None:
    secret = re.findall(r"[\w.-]+", line)[-1]
    app.write_text(f"import os\n{line}\n", "utf-8")
    for arguments in (["link", str(app)], ["link", str(app), "--legacy"]):
        assert build.main(arguments) == 3
        printed = capsys.readouterr()
        assert "chat.py, line 2" in printed.err
        assert "let the reader type" in printed.err
        assert printed.out == ""
        assert secret not in printed.err
    (tmp_path / "ok.py").write_text("print(1)", "utf-8")
    assert build.main(["link", str(tmp_path / "ok.py"), str(app)]) == 3


@pytest.mark.parametrize(
    "line",
    [
        'API_KEY = ""',
        'API_KEY = "YOUR_API_KEY"',
        'client = OpenAI(api_key="none", base_url=URL)',
        'key = os.environ["OPENAI_API_KEY"]',
        'gr.Textbox(placeholder="sk-...", label="API key")',
        'API_KEY = "<your key>"',
        "task-with-a-long-name-that-is-no-key = 1",
    ],
)
def test_what_is_no_key_is_let_through(line: str, app: Path, capsys: Capture) -> None:
    app.write_text(f"{line}\n", "utf-8")
    assert build.main(["link", str(app)]) == 0


def test_decode_prints_files_and_all(app: Path, tmp_path: Path, capsys: Capture) -> None:
    (tmp_path / "logo.png").write_bytes(b"\x89PNG\0\xff")
    link = link_of(capsys, str(app), str(tmp_path / "logo.png"), "-r", "a==1")
    assert build.main(["decode", link]) == 0
    out = capsys.readouterr().out
    for line in (
        "form: version 2",
        "runtime: gradio-lite-5",
        "requirement: a==1",
        "file: chat.py, 17 bytes (entry)",
        "file: logo.png, 6 bytes",
        "(not text; -o DIR writes it)",
        CODE,
    ):
        assert line in out
    folder = tmp_path / "out"
    assert build.main(["decode", link, "-o", str(folder)]) == 0
    assert (folder / "chat.py").read_text("utf-8") == CODE
    assert (folder / "logo.png").read_bytes() == b"\x89PNG\0\xff"
    assert build.main(["decode", link, "-o", str(folder)]) == 1
    assert "not an empty folder" in capsys.readouterr().err


def test_decode_of_every_form(monkeypatch: pytest.MonkeyPatch, capsys: Capture) -> None:
    assert build.main(["decode", "https://x/?demo=y&code=cHJpbnQoJ2hpJyk&reqs=YQ"]) == 0
    out = capsys.readouterr().out
    assert "the old playground's form" in out
    assert "print('hi')" in out
    assert "requirement: a\n" in out
    stand_in_for_input(monkeypatch, b"?code=cHJpbnQoJ2hpJyk\n")
    assert build.main(["decode", "-"]) == 0
    assert "print('hi')" in capsys.readouterr().out
    assert build.main(["decode", "#url=https%3A%2F%2Fx%2Fa.py"]) == 0
    assert "address: https://x/a.py" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("link", "says"),
    [
        ("https://x/", "holds no program"),
        ("#v9.AAAA", "version 9"),
        ("#v2.AAAAAA", "cut short"),
        ("?code=a<", "character 2 is “<”"),
    ],
)
def test_decode_of_what_holds_nothing(link: str, says: str, capsys: Capture) -> None:
    assert build.main(["decode", link]) == 1
    printed = capsys.readouterr()
    assert says in printed.err
    assert printed.out == ""


@pytest.mark.parametrize(
    "arguments", [["link"], ["decode"], ["nonsense"], ["link", "--nonsense", "a"]]
)
def test_wrong_arguments(arguments: list[str], capsys: Capture) -> None:
    with pytest.raises(SystemExit) as left:
        build.main(arguments)
    assert left.value.code == 2
    assert "usage:" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["link", "decode"])
def test_help_has_examples(command: str, capsys: Capture) -> None:
    with pytest.raises(SystemExit) as left:
        build.main([command, "--help"])
    assert left.value.code == 0
    out = capsys.readouterr().out
    assert f"build.py {command} " in out.partition("examples:")[2]
    assert "exit codes:" in out


def test_how_it_is_shown_goes_into_the_link(app: Path, capsys: Capture) -> None:
    link = link_of(capsys, str(app), "--no-editor", "--theme", "dark", "--lang", "de")
    program = open_link(link).program
    assert program is not None
    assert program.options == {"editor": False, "theme": "dark", "lang": "de"}
    assert build.main(["link", str(app), "--legacy", "--theme", "dark"]) == 1
    assert "the old form" in capsys.readouterr().err
