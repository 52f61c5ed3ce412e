"""Seals a key that a link hands out on purpose, in the form that js/link/key.js describes."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

from playpage_site.common import find_node

#: js/link/key.js has the same limit.
MAX_KEY_CHARS = 1000
#: The first Node.js with WebCrypto as a global that js/link/key.js can use.
NODE_MAJOR = 20


class SealError(Exception):
    """The key cannot be sealed. `str()` is a sentence for the reader."""


def seal_key(key: str, passphrase: str | None) -> str:
    """What goes after `key=` in a link. Raises SealError where Node.js is missing or fails.

    passphrase: None for a key that is not encrypted.
    """
    node = find_node(NODE_MAJOR)
    if node is None:
        raise SealError("a key needs Node.js 20 or newer, whose cryptography locks it.")
    done = subprocess.run(
        [node, str(Path(__file__).with_name("seal_key.mjs"))],
        input=json.dumps({"key": key, "passphrase": passphrase}),
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise SealError("Node.js could not lock the key.")
    return done.stdout
