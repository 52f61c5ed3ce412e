"""The finder of modules whose files come on demand, in this Python with files in a folder."""

from __future__ import annotations

import importlib
import linecache
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from zipimport import zipimporter

import pytest
from playpage.runtime.errors import FilesUnavailableError
from playpage.runtime.on_demand import OnDemandFinder, forget_listings, show_package_sources


class Files:
    """Two files that are fetched at the first call; `problem` is raised instead."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.calls = 0
        self.problem: Exception | None = None

    def load_now(self) -> bool:
        self.calls += 1
        if self.problem:
            raise self.problem
        part = self.folder / "lazy_pkg" / "part.py"
        missing = not part.exists()
        part.write_text("x = 7\n")
        return missing


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Files]:
    (tmp_path / "lazy_pkg").mkdir()
    (tmp_path / "lazy_pkg" / "__init__.py").touch()
    files = Files(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    finder = OnDemandFinder(["lazy_pkg"], files.load_now, {"lazy_pkg.speedups"})
    monkeypatch.setattr(sys, "meta_path", [*sys.meta_path, finder])
    # The folder's listing is read now, as it is before the files come.
    importlib.import_module("lazy_pkg")
    yield files
    for name in [name for name in sys.modules if name.startswith("lazy_pkg")]:
        del sys.modules[name]


def test_missing_module_is_fetched_and_found(files: Files) -> None:
    assert importlib.import_module("lazy_pkg.part").x == 7
    assert files.calls == 1


def test_module_that_does_not_exist_raises_as_ever(files: Files) -> None:
    for _ in range(2):
        with pytest.raises(ModuleNotFoundError, match=r"^No module named 'lazy_pkg\.none'$"):
            importlib.import_module("lazy_pkg.none")
    assert importlib.import_module("lazy_pkg.part").x == 7


def test_module_that_nobody_minds_is_not_fetched(files: Files) -> None:
    with pytest.raises(ModuleNotFoundError):
        importlib.import_module("lazy_pkg.speedups")
    assert files.calls == 0


def test_module_that_comes_with_the_second_fetch_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No other fetch follows it."""
    fetched: list[str] = []

    def load_now() -> bool:
        fetched.append(f"staged_{len(fetched)}.py")
        (tmp_path / fetched[-1]).touch()
        return True

    monkeypatch.syspath_prepend(str(tmp_path))
    finder = OnDemandFinder(["staged_1"], load_now)
    monkeypatch.setattr(sys, "meta_path", [*sys.meta_path, finder])
    importlib.import_module("staged_1")
    del sys.modules["staged_1"]
    assert fetched == ["staged_0.py", "staged_1.py"]


def test_modules_of_others_fetch_nothing(files: Files) -> None:
    with pytest.raises(ModuleNotFoundError):
        importlib.import_module("surely_absent.part")
    assert files.calls == 0


@pytest.mark.parametrize(
    "problem",
    [
        RuntimeError("the.pack could not be fetched"),
        type("Js", (Exception,), {"message": "the.pack"})(),
    ],
    ids=["python", "javascript"],
)
def test_files_that_cannot_be_had_are_asked_for_again(files: Files, problem: Exception) -> None:
    files.problem = problem
    reason = r"lazy_pkg\.part is not there yet.*the\.pack"
    with pytest.raises(FilesUnavailableError, match=reason) as raised:
        importlib.import_module("lazy_pkg.part")
    assert isinstance(raised.value, ModuleNotFoundError)
    assert raised.value.name == "lazy_pkg.part"
    files.problem = None
    assert importlib.import_module("lazy_pkg.part").x == 7


def test_listings_are_forgotten_but_the_zips(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with zipfile.ZipFile(tmp_path / "lib.zip", "w") as archive:
        archive.writestr("in_zip.py", "x = 1\n")
    zipped = zipimporter(str(tmp_path / "lib.zip"))
    forgotten: list[str] = []
    listing = SimpleNamespace(invalidate_caches=lambda: forgotten.append("folder"))
    cache = {"zip": zipped, "folder": listing, "none": None, "odd": SimpleNamespace()}
    monkeypatch.setattr(sys, "path_importer_cache", cache)
    (tmp_path / "lib.zip").unlink()
    forget_listings()
    assert forgotten == ["folder"]
    assert "none" not in cache
    assert zipped.is_package("in_zip") is False


def test_line_of_a_package_is_fetched_when_it_is_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = tmp_path / "__init__.py"
    (tmp_path / "__init__.pyc").touch()
    monkeypatch.setattr(linecache, "updatecache", linecache.updatecache)
    show_package_sources(lambda: source.write_text("here = 1\n"))
    assert linecache.getline(str(tmp_path / "other.py"), 1) == ""
    assert not source.exists()
    assert linecache.getline(str(source), 1) == "here = 1\n"


def test_line_that_cannot_be_fetched_is_empty(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "__init__.pyc").touch()

    def fail() -> None:
        raise OSError("no network")

    monkeypatch.setattr(linecache, "updatecache", linecache.updatecache)
    show_package_sources(fail)
    assert linecache.getline(str(tmp_path / "__init__.py"), 1) == ""
