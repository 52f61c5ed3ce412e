"""The guide's links to the template apps: `python tests/golden/app_links.py` writes them anew
after a change of py/apps. They open in the page that `npm start` serves."""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "py"), str(ROOT / "tests")]

from playpage_site.links.program import Program  # noqa: E402
from playpage_site.links.v2 import encode_program  # noqa: E402
from support.documents import DOCS, write_between_markers  # noqa: E402

SITE = "http://127.0.0.1:8000/"
APPS = {
    "assistant": "an assistant, by the Assistants API",
    "completions": "a model, by Chat Completions",
    "responses": "a model, by Responses, with follow-ups",
    "own_tools": "a model that calls your functions",
}
PAGE = DOCS / "write.md"
BEGIN, END = "<!-- apps -->", "<!-- /apps -->"


def app_link(name: str) -> str:
    """The link of one app, as `build.py link` makes it."""
    content = (ROOT / "py" / "apps" / f"{name}.py").read_bytes()
    return SITE + "#" + encode_program(Program({"app.py": content}))


def table() -> str:
    """The guide's table of template apps."""
    lines = ["| app | talks to | |", "| --- | --- | --- |"]
    for name, what in APPS.items():
        link = app_link(name)
        lines.append(
            f"| [`{name}.py`](../py/apps/{name}.py) | {what} | "
            f"[open]({link}), {len(link)} characters |"
        )
    return "\n".join(lines)


if __name__ == "__main__":
    write_between_markers(PAGE, table(), BEGIN, END)
