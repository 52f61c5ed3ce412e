"""The rooms of docs/architecture.md: imports go down the road, and no file grows too long."""

from __future__ import annotations

from pathlib import Path

import pytest
from playpage_site.common import ROOT
from support.imports import circles, imports_of
from support.rooms import MAX_LINES, TABLE, problems, read_rooms, room_of

ROOMS = """\
# Rooms
<!-- rooms -->
| room | what lives there | may import from |
| --- | --- | --- |
| `js/page/` | panes | `js/runtime/` |
| `js/runtime/` | starts and stops | `js/worker/` (types) |
| `js/worker/` | Python | nothing |
| `py/shop/` | sells | `py/shop/till/` |
| `py/shop/till/` | counts | nothing |
| `tests/` | tests | `py/shop/` |
<!-- /rooms -->
"""
#: A tree in which all is well.
TREE = {
    TABLE: ROOMS,
    "js/page/main.js": 'import {\n  Runtime,\n} from "../runtime/runtime.js";\nimport "esbuild";\n',
    "js/runtime/runtime.js": (
        "// import { boot } from '../worker/boot.js';\n"
        "/** @import { Command } from '../worker/boot.js' */\n"
        '/** @typedef {import("../worker/boot.js").Reply} Reply */\n'
        "const TEXT = `\nimport '../worker/boot.js';\n`, match = /'\\//;\n"
    ),
    "js/worker/boot.js": "export const boot = 1;\n",
    "py/shop/__init__.py": "from shop.till import count\n",
    "py/shop/till/__init__.py": "import json\nfrom .coins import count\n",
    "py/shop/till/coins.py": "count = 1\n",
    "tests/test_shop.py": "import shop\n",
}


def write(top: Path, changes: dict[str, str]) -> Path:
    for path, text in {**TREE, **changes}.items():
        (top / path).parent.mkdir(parents=True, exist_ok=True)
        (top / path).write_text(text, "utf-8")
    return top


def test_this_project_keeps_its_rooms() -> None:
    found = problems(ROOT)
    assert not found, f"{len(found)} problems:\n" + "\n".join(found)


def test_tree_in_which_all_is_well(tmp_path: Path) -> None:
    assert problems(write(tmp_path, {})) == []


WORKER = "../worker/boot.js"


@pytest.mark.parametrize(
    ("path", "text", "said"),
    [
        ("js/page/a.js", f'import {{ boot }} from "{WORKER}";\n', "js/page/a.js: `import { boot"),
        ("js/page/a.js", f'import "{WORKER}";\n', "may import from js/runtime/ only"),
        ("js/page/a.js", f'export {{ boot }} from "{WORKER}";\n', "reaches into js/worker/"),
        ("js/page/a.js", f'const it = await import("{WORKER}");\n', "reaches into js/worker/"),
        ("js/page/a.js", f'/** @type {{import("{WORKER}").Reply}} */\n', "may import types from"),
        ("js/runtime/a.js", f'import "{WORKER}";\n', "may import from nothing only"),
        ("js/runtime/a.js", 'import "../page/main.js";\n', "reaches into js/page/"),
        ("py/shop/till/a.py", "from shop import count\n", "reaches into py/shop/"),
        ("py/shop/till/a.py", "def f():\n    import shop\n", "reaches into py/shop/"),
        ("py/shop/till/a.py", "from .. import count\n", "reaches into py/shop/"),
        ("tests/a.py", "from shop import till\n", "reaches into py/shop/till/"),
        ("tests/a.py", "import test_shop\n", "tests/a.py: `import test_shop` imports from a test"),
        ("tests/more/test_shop.py", "", "tests/more/test_shop.py, tests/test_shop.py"),
        ("py/other.py", "", "py/other.py is in no room"),
        (TABLE, ROOMS.replace("`py/shop/till/` | counts", "`py/safe/` | counts"), "ValueError"),
        (TABLE, ROOMS.replace("<!-- /rooms", "| `js/x/` | | |\n<!-- /rooms"), "the room js/x/"),
        ("js/worker/a.js", "\n" * (MAX_LINES + 1), "js/worker/a.js has 301 lines"),
        ("js/worker/a.js", "import './none.js';\n", "FileNotFoundError"),
    ],
)
def test_every_rule_can_be_broken(tmp_path: Path, path: str, text: str, said: str) -> None:
    top = write(tmp_path, {path: text})
    if said.endswith("Error"):
        with pytest.raises(
            (ValueError, FileNotFoundError), match=r"may import|not there"
        ) as raised:
            problems(top)
        assert raised.type.__name__ == said
    else:
        found = problems(top)
        assert len(found) == 1, found
        assert said in found[0]


def test_circles_are_found(tmp_path: Path) -> None:
    """Of modules that import one another at run time; an import for types alone makes none."""
    changes = {
        "js/worker/a.js": 'import "./b.js";\n',
        "js/worker/b.js": 'import "./c.js";\n',
        "js/worker/c.js": 'await import("./a.js");\n',
        "js/worker/d.js": 'import "./a.js";\n/** @import { E } from "./e.js" */\n',
        "js/worker/e.js": 'import "./d.js";\n',
        "py/shop/till/a.py": (
            "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from . import b\n"
        ),
        "py/shop/till/b.py": "from . import a\n",
        "py/shop/till/c.py": "from shop.till import d\n",
        "py/shop/till/d.py": "def f():\n    from shop.till.c import f\n",
    }
    top = write(tmp_path, changes)
    assert circles(imports_of(top, sorted(changes))) == [
        ["js/worker/a.js", "js/worker/b.js", "js/worker/c.js"],
        ["py/shop/till/c.py", "py/shop/till/d.py"],
    ]
    (found,) = [line for line in problems(top) if "a.js" in line]
    assert found.endswith("import one another: js/worker/a.js, js/worker/b.js, js/worker/c.js")


def test_longest_prefix_is_the_room() -> None:
    rooms = read_rooms(ROOMS)
    places = ("py/shop/__init__.py", "py/shop/till/coins.py", "py/other.py")
    found = [room_of(place, rooms) for place in places]
    assert [room and room.prefix for room in found] == ["py/shop/", "py/shop/till/", None]


def test_table_is_read() -> None:
    rooms = {room.prefix: room for room in read_rooms(ROOMS)}
    assert rooms["js/runtime/"].types == {"js/worker/"}
    assert rooms["js/runtime/"].imports == frozenset()
    with pytest.raises(ValueError, match="no table"):
        read_rooms("# Nothing here")
