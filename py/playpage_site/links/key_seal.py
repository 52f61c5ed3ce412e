"""A key that a link hands out on purpose: read, and sealed as js/link/key.js says."""

from __future__ import annotations

import getpass
import json
import os
import subprocess
import sys
from pathlib import Path

from playpage_site.cli.command import CommandError
from playpage_site.common import find_node

MAX_KEY_CHARS = 1000


def read_secret(source: str, what: str) -> str:
    """From standard input (`-`, one line; a terminal does not show it), or from a variable.

    Never from an argument: those stand in the shell's history and in the list of processes. So
    an error does not repeat `source`, which may be the key itself. Raises CommandError.
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


def seal_key(key: str, passphrase: str | None) -> str:
    """What goes after `key=`. Raises CommandError where Node.js is missing."""
    node = find_node(20)
    if node is None:
        raise CommandError("a key needs Node.js 20 or newer, whose cryptography locks it.")
    done = subprocess.run(
        [node, str(Path(__file__).with_name("seal_key.mjs"))],
        input=json.dumps({"key": key, "passphrase": passphrase}),
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise CommandError("Node.js could not lock the key.")
    return done.stdout
