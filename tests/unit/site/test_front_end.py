"""The front end: no file that is named is missing, and another layout stops the build."""

from __future__ import annotations

import posixpath
import re
from pathlib import Path

import pytest
from playpage_site.common import BuildError
from playpage_site.registry.npm import ensure_node_modules, tarball_files
from playpage_site.site.front_end import FrontEnd, front_end
from playpage_site.site.single_file_lite import self_contained

NAMED = re.compile(r'(?:import\(|from|import)\s*"(\.{1,2}/[^"]+)"|"(\./assets/[^"]+)"')


@pytest.fixture(scope="module")
def lite() -> dict[str, bytes]:
    ensure_node_modules()
    return dict(tarball_files("@gradio/lite", "dist/"))


@pytest.fixture(scope="module")
def made(lite: dict[str, bytes]) -> FrontEnd:
    return front_end(lite)


def named(files: dict[str, bytes]) -> set[str]:
    """Paths of the files that the scripts load by a relative name."""
    found = set()
    for path, content in files.items():
        if path.endswith(".js"):
            folder = posixpath.dirname(path)
            for match in NAMED.finditer(content.decode("utf-8")):
                found.add(posixpath.normpath(f"{folder}/{match[1] or match[2]}").lstrip("/"))
    return found


def test_every_file_that_a_script_names_is_there(lite: dict[str, bytes], made: FrontEnd) -> None:
    # What the package itself names and lacks is not this project's.
    missing_before = named(lite) - lite.keys()
    assert sorted(named(made.files) - made.files.keys() - missing_before) == []


def test_what_is_fetched_at_once_is_there(made: FrontEnd) -> None:
    assert [*made.scripts, *made.styles]
    assert {*made.scripts, *made.styles} <= made.files.keys()
    assert not [path for path in made.files if path.endswith((".map", ".whl"))]


def test_parts_of_the_chat_come_from_the_one_script(made: FrontEnd) -> None:
    """A component that shares a part with the chat gets the chat's own copy."""
    (chat,) = (name for name in made.scripts if name != "lite.js")
    text = made.files["lite.js"].decode("utf-8")
    loader = re.search(r"[,{]textbox:\{(.*?)\}(?=,[\w$]+:\{|\})", text)
    assert loader is not None
    assert f'import("./{chat}")' in loader[1]
    stubs = [
        content.decode("utf-8")
        for path, content in made.files.items()
        if len(content) < 5000 and f'"./{posixpath.basename(chat)}"'.encode() in content
    ]
    exported = set(re.findall(r"\bas (e\d+_[\w$]+)", made.files[chat].decode("utf-8")))
    assert len(stubs) > 10
    for stub in stubs:
        assert set(re.findall(r"(e\d+_[\w$]+) as", stub)) <= exported


def test_made_the_same_twice(lite: dict[str, bytes], made: FrontEnd) -> None:
    assert front_end(lite) == made


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (",textbox:{", ",textbux:{", "where the component textbox is"),
        ("m.f=[", "m.g=[", "no longer lists"),
        ("./assets/Blocks-", "./assets/Box-", "where the frame around every app"),
        ("https://fonts.googleapis.com/", "https://fonts.example/", "matches 0 times"),
        ("m.f=[", 'q="./assets/BlockLabel-B8Rxx5D9.js",m.f=[', "matches 37 times, not 36"),
    ],
)
def test_another_layout_stops_the_build(
    old: str, new: str, message: str, lite: dict[str, bytes]
) -> None:
    text = lite["lite.js"].decode("utf-8")
    assert old in text
    changed = {**lite, "lite.js": text.replace(old, new).encode("utf-8")}
    with pytest.raises(BuildError, match=message):
        front_end(changed)


def test_front_end_of_a_single_file_has_the_counted_places(made: FrontEnd, tmp_path: Path) -> None:
    for path, content in made.files.items():
        if path.endswith((".js", ".css", ".woff2")):
            (tmp_path / "lite" / path).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / "lite" / path).write_bytes(content)
    files = dict(self_contained(tmp_path))
    assert {path.removeprefix("lite/") for path in files} == {
        path for path in made.files if path.endswith((".js", ".css"))
    }
