"""Reads a program from the files that a command names."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from playpage_site.cli.command import CommandError
from playpage_site.links.program import ENTRY, Program, ProgramError

#: Folders, below one that is named, that nobody means to hand out.
_SKIPPED = ("__pycache__", "node_modules", "venv")


def add_program_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments that say which program; `read_program` reads them."""
    parser.add_argument("app", help="the program's file; - for standard input")
    parser.add_argument(
        "files",
        nargs="*",
        metavar="FILE",
        help="more files or folders, which the program finds beside it; text or binary",
    )
    parser.add_argument(
        "--requirement",
        "-r",
        action="append",
        default=[],
        metavar="NAME==VERSION",
        help="a package to install first; may be repeated",
    )
    parser.add_argument(
        "--requirements", type=Path, metavar="FILE", help="a file of them, one a line"
    )


def read_program(options: argparse.Namespace) -> Program:
    """The program. Raises CommandError when a file cannot be read or it is not a valid program."""
    entry = ENTRY if options.app == "-" else Path(options.app).name
    files = {entry: _read(options.app)}
    home = Path.cwd() if options.app == "-" else Path(options.app).resolve().parent
    for named in map(Path, options.files):
        for path in _below(named) if named.is_dir() else [named]:
            files[_path_in(home, path)] = _read(str(path))
    requirements = list(options.requirement)
    if options.requirements:
        lines = _text(_read(str(options.requirements)), str(options.requirements)).splitlines()
        requirements += [text for line in lines if (text := line.partition(" #")[0].strip())]
    requirements = [line for line in requirements if not line.startswith("#")]
    _text(files[entry], options.app)
    try:
        return Program(files, entry, requirements)
    except ProgramError as error:
        raise CommandError(f"{options.app} is not a program: {error}.") from error


def _read(name: str) -> bytes:
    try:
        return sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
    except OSError as error:
        raise CommandError(f"{name} could not be read: {error.strerror}.") from error


def _text(data: bytes, name: str) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise CommandError(f"{name} is not UTF-8 text (byte {error.start}).") from error


def _below(folder: Path) -> list[Path]:
    def is_meant(path: Path) -> bool:
        parts = path.relative_to(folder).parts
        return not any(part.startswith(".") or part in _SKIPPED for part in parts)

    return sorted(path for path in folder.rglob("*") if path.is_file() and is_meant(path))


def _path_in(home: Path, path: Path) -> str:
    """The path in the program: relative to its own folder, or else just the file's name."""
    whole = path.resolve()
    return whole.relative_to(home).as_posix() if whole.is_relative_to(home) else path.name
