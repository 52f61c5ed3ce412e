"""Runs a program as `__main__`, with top-level await, and reports how it ended."""

from __future__ import annotations

import ast
import linecache
import os
import sys
import traceback
from dataclasses import dataclass
from inspect import CO_COROUTINE
from pathlib import Path
from types import CodeType, ModuleType

from .errors import PlaypageError

#: Where programs and their files live; also the current directory and first on sys.path.
HOME = "/home/pyodide/app"
FILE = "app.py"


@dataclass(frozen=True)
class ProgramError:
    """Why a program stopped: one sentence, and the traceback from its own first line on."""

    summary: str
    traceback: str


async def run_program(code: str, home: str = HOME) -> ProgramError | None:
    """Run a program. None when it finished, or left with sys.exit() or exit code 0."""
    path = _place(code, home)
    module = ModuleType("__main__")
    module.__file__ = str(path)
    # pickle and dataclasses look a program's classes up under this name.
    sys.modules["__main__"] = module
    try:
        program = compile(
            code, str(path), "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True
        )
        await _execute(program, module)
    except SystemExit as exit_:
        return describe_exit(exit_)
    except BaseException as error:  # noqa: BLE001 - a program may raise anything
        return describe(error, str(path))
    finally:
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
    return None


def _place(code: str, home: str) -> Path:
    """Write the program to its folder, so that tracebacks show its lines, and go there."""
    folder = Path(home)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / FILE
    path.write_text(code, "utf-8")
    sys.argv = [str(path)]
    linecache.checkcache(str(path))
    os.chdir(folder)
    if home not in sys.path:
        sys.path.insert(0, home)
    _forget_local_modules(home)
    return path


def describe_exit(exit_: SystemExit) -> ProgramError | None:
    """None for exit code 0. An exit code that is not a number is a message, as in Python itself."""
    if exit_.code in (None, 0):
        return None
    if isinstance(exit_.code, int):
        return ProgramError(f"The program left with exit code {exit_.code}.", "")
    return ProgramError(str(exit_.code), "")


async def _execute(program: CodeType, module: ModuleType) -> None:
    result = eval(program, module.__dict__)  # noqa: S307 - running the program is the purpose
    if program.co_flags & CO_COROUTINE:
        await result


def describe(error: BaseException, path: str) -> ProgramError:
    """One sentence and the traceback, without the frames of our own code that ran the program."""
    frames = error.__traceback__
    while frames is not None and frames.tb_frame.f_code.co_filename != path:
        frames = frames.tb_next
    if isinstance(error, PlaypageError):
        # The sentence is meant for the reader; where it happened still helps the author.
        summary = str(error)
    else:
        text = traceback.format_exception_only(error)[-1].strip()
        summary = f"{text} ({_where(error, path)})" if _where(error, path) else text
    # A program that did not even parse has no frame of its own.
    formatted = traceback.format_exception(type(error), error, frames)
    return ProgramError(_with_hint(error, summary), "".join(formatted))


def _where(error: BaseException, path: str) -> str:
    """The last line of the program itself that the error came through."""
    if isinstance(error, SyntaxError):
        return f"line {error.lineno}" if error.filename == path else ""
    lines = [f.lineno for f in traceback.extract_tb(error.__traceback__) if f.filename == path]
    return f"line {lines[-1]}" if lines else ""


def _with_hint(error: BaseException, summary: str) -> str:
    if isinstance(error, ModuleNotFoundError) and not isinstance(error, PlaypageError):
        return (
            f"{summary}. If it is a package, add `import micropip; await micropip.install("
            f"{error.name!r})` at the top of the program."
        )
    if isinstance(error, RuntimeError) and "start new thread" in str(error):
        return f"{summary}. A web page's Python cannot start threads; use async functions."
    return summary


def _forget_local_modules(home: str) -> None:
    """Let a program's own other files be imported anew at each run."""
    for name, module in list(sys.modules.items()):
        if str(getattr(module, "__file__", None) or "").startswith(home + "/"):
            del sys.modules[name]
