"""A pack: many files as one sequence of bytes, written the same way each time."""

from __future__ import annotations

import json
from collections.abc import Mapping

#: The earliest date that a zip file can hold; any fixed one would do.
EPOCH = (1980, 1, 1, 0, 0, 0)


def pack(files: Mapping[str, bytes]) -> bytes:
    """A pack of these files, as js/worker/packs/pack.js reads it, not yet compressed.

    files: contents by path. The layout: the length of the index in four bytes, little-endian;
    the index, JSON `[[path, size in bytes], ...]` sorted by path; the contents in that order.
    """
    ordered = sorted(files.items())
    index = json.dumps([[path, len(data)] for path, data in ordered], separators=(",", ":"))
    head = index.encode("utf-8")
    return len(head).to_bytes(4, "little") + head + b"".join(data for _, data in ordered)
