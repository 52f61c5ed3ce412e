"""What the README, the guide and the other documents show is what is there."""

from __future__ import annotations

import re
from pathlib import Path
from types import ModuleType

import pytest
from bench import boot_table, sizes
from golden.app_links import APPS, BEGIN, END, PAGE, ROOT, table
from playpage_site.links.v2 import decode_program
from support.documents import BENCHMARKS, DOCS, put_between_markers

DOCUMENTS = sorted([*ROOT.glob("*.md"), *DOCS.glob("*.md"), *(ROOT / "py").glob("*/*.md")])
#: What stands in a document as it is, and is no Markdown.
CODE = re.compile(r"^```.*?^```|^ {4,}.*?$|`[^`\n]+`", re.M | re.S)
#: A file or folder of ours, as a document names it: in backticks, from the root on.
PATH = re.compile(r"`((?:js|py|scripts|tests|docs)/[\w./-]*)`")
#: Its rooms are held against the code by a test of their own.
ROOMS = re.compile(r"<!-- rooms -->.*?<!-- /rooms -->", re.S)


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def anchors(document: str) -> set[str]:
    """The fragments of a document's headings, as GitHub and GitLab make them."""
    headings = re.findall(r"^#+ (.+)$", document, re.M)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in headings}


def test_links_are_those_of_the_apps() -> None:
    page = PAGE.read_text("utf-8")
    now = put_between_markers(page, table(), BEGIN, END)
    assert now == page, "run python tests/golden/app_links.py"
    found = re.findall(r"\((http://127\.0\.0\.1:8000/#v2\.([^)]+))\)", page)
    assert len(found) == len(APPS)
    for app, (_, raw) in zip(APPS, found, strict=True):
        code = decode_program(raw).code
        assert code == (ROOT / "py" / "apps" / f"{app}.py").read_text("utf-8")


@pytest.mark.parametrize("document", DOCUMENTS, ids=name)
def test_documents_and_headings_that_it_links_to_are_there(document: Path) -> None:
    text = CODE.sub("", document.read_text("utf-8"))
    missing = []
    for target, fragment in re.findall(r"\]\((?!https?:)([^)#]*)(?:#([^)]*))?\)", text):
        path = document.parent / target if target else document
        if not path.exists():
            missing.append(target)
        elif fragment and fragment not in anchors(path.read_text("utf-8")):
            missing.append(f"{target}#{fragment}")
    assert not missing, f"{name(document)} links to what is not there"


@pytest.mark.parametrize("document", DOCUMENTS, ids=name)
def test_files_that_it_names_are_there(document: Path) -> None:
    text = ROOMS.sub("", document.read_text("utf-8"))
    missing = [path for path in PATH.findall(text) if not (ROOT / path).exists()]
    assert not missing, f"{name(document)} names files that are not there"


def test_guide_lists_each_of_its_pages() -> None:
    index = (DOCS / "README.md").read_text("utf-8")
    pages = {path.name for path in DOCS.glob("*.md")} - {"README.md"}
    assert {page for page in pages if f"]({page})" not in index} == set()


@pytest.mark.parametrize("table", [boot_table, sizes], ids=lambda module: module.__name__)
def test_tables_of_the_benchmarks_have_their_place(table: ModuleType) -> None:
    document = BENCHMARKS.read_text("utf-8")
    assert "\nnew\n" in put_between_markers(document, "new", table.BEGIN, table.END)


def test_readme_is_one_screen_with_short_links() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    assert len(readme.splitlines()) <= 60
    assert max(map(len, re.findall(r"https?://[^\s)]*", readme))) <= 60
