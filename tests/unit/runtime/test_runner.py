"""Programs run as `__main__`, and what is told when they stop."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playpage.runtime.errors import PlaypageError
from playpage.runtime.runner import ProgramError, run_program

Run = Callable[[str], ProgramError | None]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", list(sys.path))
    monkeypatch.setattr(sys, "argv", ["pytest", "--an-option"])
    main = sys.modules["__main__"]
    yield lambda code: asyncio.run(run_program(code, str(tmp_path)))
    sys.modules["__main__"] = main


def test_is_main_and_awaits(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    code = "import asyncio\nif __name__ == '__main__':\n    await asyncio.sleep(0)\n    print('ok')"
    assert run(code) is None
    assert capsys.readouterr().out == "ok\n"


def test_pickles_its_own_classes(run: Run) -> None:
    assert run("import pickle\nclass A: pass\npickle.loads(pickle.dumps(A()))") is None


def test_traceback_begins_at_the_program(run: Run) -> None:
    error = run("def f():\n    return {}['k']\n\nf()\n")
    assert error is not None
    assert error.summary == "KeyError: 'k' (line 2)"
    assert "return {}['k']" in error.traceback
    assert "runner.py" not in error.traceback
    assert "line 4, in <module>" in error.traceback


def test_syntax_error_says_the_line(run: Run) -> None:
    error = run("x = 1\ny = (\n")
    assert error is not None
    assert "SyntaxError" in error.summary
    assert "(line 2)" in error.summary
    assert "runner.py" not in error.traceback


def test_cause_is_kept(run: Run) -> None:
    error = run("try:\n    1/0\nexcept Exception as e:\n    raise ValueError('v') from e")
    assert error is not None
    assert error.summary.startswith("ValueError: v")
    assert "ZeroDivisionError" in error.traceback


@pytest.mark.parametrize("code", ["import sys; sys.exit()", "raise SystemExit(0)"])
def test_leaving_is_no_error(code: str, run: Run) -> None:
    assert run(code) is None


def test_leaving_with_a_code_is_told(run: Run) -> None:
    error = run("import sys; sys.exit('bad input')")
    assert error == ProgramError("bad input", "")
    error = run("import sys; sys.exit(3)")
    assert error == ProgramError("The program left with exit code 3.", "")


def test_argv_names_the_program_alone(run: Run, tmp_path: Path) -> None:
    assert run("import sys; assert sys.argv == [__file__], sys.argv") is None
    assert sys.argv == [str(tmp_path / "app.py")]


def test_missing_module_says_how_to_install_it(run: Run) -> None:
    error = run("import surely_not_here")
    assert error is not None
    assert "micropip.install('surely_not_here')" in error.summary


def test_sentence_for_the_reader_stays_as_it_is(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("builtins.input", _refuse)
    error = run("input('name? ')")
    assert error is not None
    assert error.summary == "not here"


def test_own_modules_are_imported_anew(
    run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "playpage_local_part.py").write_text("value = 1")
    program = "import playpage_local_part\nprint(playpage_local_part.value)"
    assert run(program) is None
    # Another length, for Python compares dates and lengths of what it has compiled.
    (tmp_path / "playpage_local_part.py").write_text("value = 1 + 1")
    assert run(program) is None
    assert capsys.readouterr().out == "1\n2\n"


def _refuse(_prompt: str) -> str:
    raise PlaypageError("not here")
