"""`build.py page`: what it refuses, and what is in what it writes."""

from __future__ import annotations

import base64
import gzip
import re
from dataclasses import replace
from pathlib import Path

import pytest
from playpage_site.cli import main as build
from playpage_site.cli import page
from playpage_site.common import BuildError
from playpage_site.links.program import Program
from playpage_site.site.single_file import _script, single_file
from playpage_site.site.single_file_lite import Counts

INDEX = """<!doctype html>
<html><head>
    <title>playpage</title>
    <script id="early">start("js/worker.js")</script>
    <link rel="modulepreload" href="js/main.js">
    <link rel="stylesheet" href="js/style.css">
</head>
<body data-view="app"><span>playpage</span>
<script type="module" src="js/main.js" onerror="failed()"></script></body></html>
"""


#: Of the front end in `site`.
COUNTS = Counts(lite=(1, 1), others=(0, 1), fonts=1)


@pytest.fixture
def app(tmp_path: Path) -> Path:
    path = tmp_path / "app.py"
    path.write_text("print(1)\n", "utf-8")
    return path


def refusal(capsys: pytest.CaptureFixture[str], *arguments: object, code: int = 1) -> str:
    assert build.main(["page", *map(str, arguments)]) == code
    return capsys.readouterr().err


def test_program_that_cannot_be_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    error = refusal(capsys, tmp_path / "none.py", "-o", tmp_path / "out")
    assert "none.py could not be read: No such file" in error
    (tmp_path / "picture.py").write_bytes(b"\x89PNG\xff")
    error = refusal(capsys, tmp_path / "picture.py", "-o", tmp_path / "out")
    assert "picture.py is not UTF-8 text (byte 0)" in error
    assert not (tmp_path / "out").exists()


def test_what_others_wrote_is_left_alone(
    tmp_path: Path, app: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "thesis.txt").write_text("years of work")
    assert "did not write it" in refusal(capsys, app, "-o", folder)
    assert "not a file" in refusal(capsys, app, "-o", folder, "--single-file")
    file = tmp_path / "mine.html"
    file.write_text("<p>mine")
    assert "did not write it" in refusal(capsys, app, "-o", file, "--single-file")
    assert "not a folder" in refusal(capsys, app, "-o", file)
    assert file.read_text() == "<p>mine"
    assert [path.name for path in folder.iterdir()] == ["thesis.txt"]


def test_own_pages_are_written_anew(tmp_path: Path) -> None:
    file = tmp_path / "page.html"
    text = page.page_of(INDEX, "?code=eA==", "Mine", editor=False)
    file.write_text(text)
    page.check_out(file, single_file=True)
    (tmp_path / "www").mkdir()
    page.check_out(tmp_path / "www", single_file=False)  # empty
    (tmp_path / "www" / "index.html").write_text(text)
    page.check_out(tmp_path / "www", single_file=False)


def test_key_in_a_program(tmp_path: Path, app: Path, capsys: pytest.CaptureFixture[str]) -> None:
    app.write_text(f'client = OpenAI(api_key="sk-{"a1B2" * 10}")\n')
    error = refusal(capsys, app, "-o", tmp_path / "out", code=3)
    assert "no page was made, because the program holds what looks like a key" in error
    assert "app.py, line 1" in error
    assert not (tmp_path / "out").exists()


def test_small_needs_single_file(
    tmp_path: Path, app: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "--small is for --single-file" in refusal(
        capsys, app, "-o", tmp_path / "x", "--small", code=2
    )


def test_title_and_program_in_the_page() -> None:
    made = page.page_of(INDEX, "?code=a&reqs=b", 'A <b> & "c" \\1', editor=False)
    assert "<title>A &lt;b&gt; &amp; &quot;c&quot; \\1</title>" in made
    assert '<meta name="playpage-program" content="?code=a&amp;reqs=b">' in made
    assert '<body data-editor="off" data-view="app">' in made
    assert "data-editor" not in page.page_of(INDEX, "", "x", editor=True)


@pytest.fixture
def site(tmp_path: Path) -> Path:
    files = {
        "js/style.css": "p { color: red }",
        "js/main.js": 'console.log("</script><!--")',
        "js/worker.js": "worker()",
        "js/unpacker.js": "unpacker()",
        "js/preview-frame.js": "frame()",
        "preview.html": '<link rel="stylesheet" href="lite/lite.css" />',
        "lite/lite.js": "a=function(e,t,n){let r=Promise.resolve();if(t&&t.length>0){x}};"
        'function H(i,e){const t=new URL(import.meta.url).origin;y};import("./assets/B.js")',
        "lite/lite.css": "",
        "lite/assets/theme-A1.css": "",
        "lite/assets/B.js": 'import{a}from"../lite.js";import.meta.url;'
        '"revokeObjectURL(import.meta.url)"',
        "lite/assets/k.css": '@font-face{src:url(./F.woff2) format("woff2"),'
        'url(./F.woff) format("woff"),url(./F.ttf) format("truetype")}',
        "lite/assets/F.woff2": "font",
        "packs/start-1.pack": "start",
        "packs/heap-1.pack": "heap",
        "packs/stdlib-1.pack": "stdlib",
        "pyodide/pyodide.asm.js": "asm",
        "index/openai/openai-1.0-py3-none-any.whl": "wheel",
    }
    for name, text in files.items():
        path = tmp_path / "site" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return tmp_path / "site"


def blocks(made: str) -> dict[str, str]:
    """The files in a page, by path, in their order."""
    found = re.findall(r'<script type="text/plain" data-file="(.*?)"( data-gzip)?>(.*?)<', made)
    contents = ((path, mark, base64.b64decode(text)) for path, mark, text in found)
    return {p: (gzip.decompress(c) if mark else c).decode() for p, mark, c in contents}


def test_everything_is_in_the_file(site: Path) -> None:
    wanted = lambda path: not path.startswith("index/")  # noqa: E731
    made = single_file(site, INDEX, wanted, COUNTS).decode()
    files = blocks(made)
    names = list(files)
    assert names.index("packs/start-1.pack") < names.index("packs/heap-1.pack")
    assert names.index("packs/heap-1.pack") < names.index("packs/stdlib-1.pack")
    assert files["pyodide/pyodide.asm.js"] == "asm"
    assert not [name for name in names if name.startswith("index/")]
    assert not re.search(r'(src|href)="(?!data:)', made)
    assert "start(" not in made  # the early workers, which would be of files
    assert "p { color: red }" in made
    assert r"<\/script>" in made  # in a string of the main script


def test_front_end_asks_the_page(site: Path) -> None:
    files = blocks(single_file(site, INDEX, lambda _: True, COUNTS).decode())
    assert "import.meta" not in files["lite/lite.js"]
    assert 'playpageImport("./assets/B.js")' in files["lite/lite.js"]
    assert "globalThis.playpageStyles(t)" in files["lite/lite.js"]
    assert "{if(i.startsWith(playpageLite))return playpageStyles([i]);" in files["lite/lite.js"]
    # What runs in a worker of its own has its own address.
    assert '"revokeObjectURL(import.meta.url)"' in files["lite/assets/B.js"]
    assert "(playpageLite+'assets/')" in files["lite/assets/B.js"]
    assert files["lite/assets/k.css"] == (
        '@font-face{src:url(data:font/woff2;base64,Zm9udA==) format("woff2")}'
    )


def test_site_of_another_shape(site: Path) -> None:
    (site / "lite" / "lite.js").write_text("another loader")
    with pytest.raises(BuildError, match=r"in lite/lite\.js this pattern matches 0 times, not 1"):
        single_file(site, INDEX, lambda _: True, COUNTS)


@pytest.mark.parametrize(
    "counts",
    [replace(COUNTS, lite=(2, 1)), replace(COUNTS, others=(0, 2)), replace(COUNTS, fonts=0)],
)
def test_another_number_of_places_stops_the_build(site: Path, counts: Counts) -> None:
    with pytest.raises(BuildError, match="moved upstream"):
        single_file(site, INDEX, lambda _: True, counts)


def test_script_in_a_page_ends_where_it_should() -> None:
    assert _script(b'"</SCRIPT>"') == r'"<\/SCRIPT>"'


def test_what_may_be_left_out() -> None:
    plain = page._wanted(Program({"app.py": b"import openai"}), small=True)
    assert [plain(p) for p in ("packs/heap-1.pack", "packs/start-1.pack", "js/worker.js")] == [
        False,
        True,
        True,
    ]
    assert not plain("index/openai/index.html")
    program = Program({"app.py": b""}, requirements=["openai==1.39.0"])
    pinned = page._wanted(program, small=False)
    assert pinned("packs/heap-1.pack")
    assert pinned("index/openai/index.html")
    assert pinned("index/openai/openai-1.39.0-py3-none-any.whl")
    assert not pinned("index/openai/openai-3.57.0-py3-none-any.whl")
    assert pinned("index/jiter/jiter-0.19.0-cp314-cp314-pyemscripten_2026_0_wasm32.whl")
