"""The check for names of tests finds what it is there for, and nothing in this project."""

from __future__ import annotations

from pathlib import Path

import pytest
from playpage_site.common import ROOT
from playpage_site.dev.unique_tests import repeated_names


def write(folder: Path, path: str, text: str = "") -> None:
    (folder / path).parent.mkdir(parents=True, exist_ok=True)
    (folder / path).write_text(text, "utf-8")


def test_names_of_this_project_are_unique() -> None:
    assert repeated_names(ROOT / "tests") == []


def test_two_modules_of_one_name(tmp_path: Path) -> None:
    write(tmp_path, "unit/test_a.py")
    write(tmp_path, "browser/test_a.py")
    write(tmp_path, "browser/helper.py")
    write(tmp_path, "unit/helper.py")
    assert repeated_names(tmp_path) == [
        "test_a.py is the name of browser/test_a.py and unit/test_a.py"
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("def test_x(): ...\ndef test_x(): ...\n", "line 2: test_x is in line 1, too"),
        ("def test_x(): ...\nasync def test_x(): ...\n", "line 2: test_x is in line 1, too"),
        ("class TestX:\n def test_y(self): ...\n def test_y(self): ...\n", "line 3: test_y"),
        ("class TestX: ...\nclass TestX: ...\n", "line 2: TestX"),
    ],
)
def test_two_tests_of_one_name(text: str, found: str, tmp_path: Path) -> None:
    write(tmp_path, "test_a.py", text)
    (problem,) = repeated_names(tmp_path)
    assert problem.startswith(f"test_a.py, {found}")


def test_helpers_and_other_classes_may_share_names(tmp_path: Path) -> None:
    write(tmp_path, "test_a.py", "def x(): ...\ndef x(): ...\ndef test_y(): ...\n")
    write(tmp_path, "test_b.py", "def test_y(): ...\nclass TestB:\n def test_y(self): ...\n")
    assert repeated_names(tmp_path) == []
