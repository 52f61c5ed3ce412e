"""What the commands of build.py share. Each command is a module beside this one.

A command's module has `add_to(commands)`, which adds its parser by `add_command`, and a function
`(argparse.Namespace) -> int` that runs it and returns the exit code. It raises `CommandError` (or
`BuildError`) with a sentence for the reader, which build.py prints on stderr. Exit codes: 0 done,
1 failed, 2 wrong arguments (argparse's own), or what a `CommandError` says.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"
else:
    Commands = object


class CommandError(Exception):
    """A command cannot do what was asked. `str()` is a sentence for the reader."""

    def __init__(self, message: str, exit_code: int = 1) -> None:
        super().__init__(message)
        self.exit_code = exit_code


def add_command(
    commands: Commands,
    name: str,
    *,
    run: Callable[[argparse.Namespace], int],
    help: str,  # noqa: A002
    description: str,
    epilog: str,
) -> argparse.ArgumentParser:
    """Add a command. `epilog` holds its examples, printed as they are."""
    parser = commands.add_parser(
        name,
        help=help,
        description=description,
        epilog=epilog,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.set_defaults(run=run)
    return parser
