"""`build.py decode`: print what a link holds."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from playpage_site.cli.command import CommandError, Commands, add_command
from playpage_site.links.opened import Opened, open_link
from playpage_site.links.program import Program

EXAMPLES = """examples:
  build.py decode 'https://wiki.example/chat/#v2.AAAb…'
  build.py decode 'https://www.gradio.app/playground?demo=Blank&code=cHJp…'
  build.py decode -o app/ 'https://wiki.example/chat/#v2.AAAb…'
  build.py decode - < link.txt

Put the link in quotes: a shell would take its & and # for its own.

exit codes: 0 done, 1 the link holds nothing or cannot be read, 2 wrong arguments
"""
FORMS = {"v2": "version 2", "legacy": "the old playground's form"}


def add_to(commands: Commands) -> None:
    decode = add_command(
        commands,
        "decode",
        run=decode_link,
        help="print what a link holds",
        description="Print the program, the files and the requirements that a link holds.",
        epilog=EXAMPLES,
    )
    decode.add_argument("link", help="the link, of any form; - for standard input")
    decode.add_argument(
        "-o",
        "--out",
        dest="folder",
        type=Path,
        metavar="DIR",
        help="write the files into this folder, which must be new or empty",
    )


def decode_link(options: argparse.Namespace) -> int:
    link = (sys.stdin.read() if options.link == "-" else options.link).strip()
    if link.startswith("v2."):
        link = f"#{link}"
    opened = open_link(link)
    for error in opened.errors:
        print(f"build.py: the link's {error.part} cannot be read: {error}.", file=sys.stderr)
    if opened.url is not None:
        print(f"form: an address, which the page loads\naddress: {_visible(opened.url)}")
    if opened.program is None:
        if opened.url is None and not opened.errors:
            raise CommandError("the link holds no program: neither #v2.…, #url=… nor ?code=….")
        return 0 if opened.url is not None else 1
    _print_summary(opened, opened.program)
    if options.folder is None:
        _print_files(opened.program)
    else:
        _write_files(opened.program, options.folder)
    return 1 if opened.errors else 0


def _print_summary(opened: Opened, program: Program) -> None:
    print(f"form: {FORMS[opened.form]}")
    print(f"runtime: {_visible(program.runtime)}")
    for name, value in program.options.items():
        print(f"option: {_visible(name)} = {_visible(str(value))}")
    for requirement in program.requirements:
        print(f"requirement: {_visible(requirement)}")
    if opened.key is not None:
        print("key: yes; it is not shown here")
    for path, data in program.files.items():
        entry = " (entry)" if path == program.entry else ""
        print(f"file: {_visible(path)}, {len(data):,} bytes{entry}")


def _print_files(program: Program) -> None:
    for path, data in program.files.items():
        print(f"\n--- {_visible(path)}")
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            print("(not text; -o DIR writes it)")
        else:
            # A terminal takes commands from what it is shown, and the link may be anybody's.
            print(_visible(text, "\n\t") if sys.stdout.isatty() else text)


def _write_files(program: Program, folder: Path) -> None:
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise CommandError(f"{folder} is there already and not an empty folder. Name another.")
    try:
        for path, data in program.files.items():
            target = folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)
    except OSError as error:
        raise CommandError(f"{error.filename} could not be written: {error.strerror}.") from error
    print(f"Wrote {len(program.files)} file(s) into {folder}", file=sys.stderr)


def _visible(text: str, allowed: str = "") -> str:
    return "".join(c if c.isprintable() or c in allowed else "\ufffd" for c in text)
