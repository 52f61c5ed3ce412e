"""`build.py link`: print a link that opens a program."""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace

from playpage_site.cli.command import CommandError, Commands, add_command
from playpage_site.cli.look import add_look_arguments, look_of
from playpage_site.cli.program_files import add_program_arguments, read_program
from playpage_site.cli.secret import read_secret
from playpage_site.links.key_scan import find_secrets
from playpage_site.links.key_seal import SealError, seal_key
from playpage_site.links.legacy import legacy_link
from playpage_site.links.lengths import describe_length
from playpage_site.links.program import Program, ProgramError
from playpage_site.links.v2 import encode_program

#: Exit code: the program holds a key.
REFUSED = 3

EXAMPLES = """examples:
  build.py link app.py --base https://wiki.example/chat/
  build.py link app.py -r openai==1.109.1 --requirements requirements.txt
  build.py link app.py helpers.py data/ logo.png
  python3 make_app.py | build.py link -
  build.py link app.py --no-editor --theme dark
  build.py link app.py --legacy
  build.py link app.py --key-from OPENAI_API_KEY --passphrase-from -

The link goes to standard output; how long it is, and for what that is too long, to standard
error. What is in the link's fragment (after #) is never sent to a server.

exit codes: 0 done, 1 failed, 2 wrong arguments, 3 the program holds what looks like a key
"""


def add_to(commands: Commands) -> None:
    link = add_command(
        commands,
        "link",
        run=make_link,
        help="print a link that opens a program",
        description="Print a link that opens a program in a hosted site.",
        epilog=EXAMPLES,
    )
    add_program_arguments(link)
    link.add_argument(
        "--base",
        default="http://127.0.0.1:8000/",
        metavar="ADDRESS",
        help="the site's address (default: that of npm start)",
    )
    link.add_argument(
        "--legacy",
        action="store_true",
        help="the old playground's form, ?code=BASE64: longer, one file, and sent to the server",
    )
    add_look_arguments(link)
    link.add_argument(
        "--key-from",
        metavar="VARIABLE",
        help="hand out a key, which the program finds as OPENAI_API_KEY: name the environment "
        "variable that holds it, or - for standard input. Only one that you can revoke.",
    )
    link.add_argument(
        "--passphrase-from",
        metavar="VARIABLE",
        help="lock the key with a passphrase, read the same way; send it to your readers "
        "separately",
    )


def make_link(options: argparse.Namespace) -> int:
    if options.passphrase_from and not options.key_from:
        raise CommandError("--passphrase-from locks a key: name one with --key-from.")
    program = replace(read_program(options), options=look_of(options))
    if options.legacy and program.options:
        raise CommandError("the old form holds only the program, not how to show it.")
    refuse_secrets(program)
    try:
        link = _legacy(options, program) if options.legacy else _v2(options.base, program)
    except ProgramError as problem:
        raise CommandError(f"{options.app} cannot be put into a link: {problem}.") from problem
    if options.key_from:
        link = _with_key(options, link)
    print(link)
    print(describe_length(link), file=sys.stderr)
    return 0


def _with_key(options: argparse.Namespace, link: str) -> str:
    if [options.app, options.key_from, options.passphrase_from].count("-") > 1:
        raise CommandError("only one thing can come from standard input.")
    key = read_secret(options.key_from, "key")
    passphrase = None
    if options.passphrase_from:
        passphrase = read_secret(options.passphrase_from, "passphrase")
    else:
        print("Whoever has this link can read its key: it has no passphrase.", file=sys.stderr)
    try:
        sealed = seal_key(key, passphrase)
    except SealError as problem:
        raise CommandError(str(problem)) from problem
    return f"{link}{'&' if '#' in link else '#'}key={sealed}"


def refuse_secrets(program: Program, what: str = "link") -> None:
    """Raise CommandError, with exit code 3, when the program holds what looks like a key.

    what: the command was to make of it.
    """
    found = find_secrets(program)
    if not found:
        return
    lines = [f"  {f.path}, line {f.line}: {f.what}" for f in found[:10]]
    more = f"\n  and {len(found) - 10} more" if len(found) > 10 else ""
    raise CommandError(
        f"no {what} was made, because the program holds what looks like a key:\n"
        + "\n".join(lines)
        + more
        + f"\nWhoever has the {what} could read and use it. Take it out, and let the reader type a "
        'key into a\nfield of the app (a Textbox with type="password"), as '
        "py/apps/assistant_chat.py does. To hand out one that you can revoke, on purpose: "
        "--key-from.",
        REFUSED,
    )


def _v2(base: str, program: Program) -> str:
    if "#" in base:
        raise CommandError("--base has a fragment (#…) already, and the program goes into it.")
    return f"{base}#{encode_program(program)}"


def _legacy(options: argparse.Namespace, program: Program) -> str:
    if len(program.files) > 1:
        raise CommandError("the old form holds one file; leave out --legacy, or the other files.")
    beyond = next((c for c in program.code if ord(c) > 0xFF), None)
    if beyond:
        line = program.code[: program.code.index(beyond)].count("\n") + 1
        print(
            f"Line {line} has “{beyond}”, which is not in Latin-1. The link opens in this "
            "project's page; a decoder that only did atob shows such letters wrongly.",
            file=sys.stderr,
        )
    return legacy_link(options.base, program.code, program.requirements)
