"""A secret that a command is given: a key, or the passphrase that locks it."""

from __future__ import annotations

import getpass
import os
import sys

from playpage_site.cli.command import CommandError
from playpage_site.links.key_seal import MAX_KEY_CHARS


def read_secret(source: str, what: str) -> str:
    """Read a secret from standard input or from an environment variable.

    source: the variable's name, or `-` for one line of standard input, which a terminal does not
    echo. Never the secret itself: arguments stand in the shell's history and in the list of
    processes. An error does not repeat `source`, in case it is the secret all the same.
    what: "key" or "passphrase", for the sentences.

    Raises CommandError when there is none, or it is too long.
    """
    if source != "-":
        value = os.environ.get(source, "")
    elif sys.stdin.isatty():
        value = getpass.getpass(f"{what}: ")
    else:
        value = sys.stdin.readline()
    value = value.strip()
    if value and len(value) <= MAX_KEY_CHARS:
        return value
    if source == "-":
        raise CommandError(f"standard input holds no {what}, or one that is too long.")
    raise CommandError(
        f"there is no environment variable of that name that holds a {what}. Name one, or write "
        f"- for standard input; never the {what} itself, which others could see."
    )
