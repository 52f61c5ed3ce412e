"""Zstandard frames (RFC 8878), made by Node.js, which has had the library since 22.15.

Browsers can undo gzip by themselves, but Zstandard at its highest level makes a memory
snapshot a third smaller, and its decoder in WebAssembly is twice as fast as the browser's gzip.
"""

from __future__ import annotations

import hashlib
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from playpage_site.common import ROOT, BuildError, find_node, say

CACHE = ROOT / ".cache" / "zstd"
SCRIPT = Path(__file__).with_name("compress.mjs")
#: The first Node.js line in which every release has Zstandard.
NODE_MAJOR = 23
#: Bytes that one frame holds, decompressed: small enough that a page can start on the first
#: frames while the others are on their way, and large enough to compress well.
FRAME_BYTES = 16 << 20
#: Compressed frames that are kept for the next build.
KEPT = 60


@dataclass(frozen=True)
class Frame:
    """Compressed bytes, and how many bytes they become."""

    content: bytes
    raw_bytes: int


def frames(content: bytes) -> list[Frame]:
    """`content` in compressed frames, one after the other.

    Without a fitting Node.js the frames hold the bytes as they are: larger, but valid.
    Raises BuildError when compressing fails.
    """
    parts = [content[at : at + FRAME_BYTES] for at in range(0, len(content), FRAME_BYTES)]
    node = find_node(NODE_MAJOR)
    compressed = _compress(node, parts) if node else [_stored(part) for part in parts]
    return [Frame(c, len(part)) for c, part in zip(compressed, parts, strict=True)]


def _compress(node: str, parts: Sequence[bytes]) -> list[bytes]:
    CACHE.mkdir(parents=True, exist_ok=True)
    version = hashlib.sha256(SCRIPT.read_bytes()).hexdigest()[:8]
    kept = [CACHE / f"{hashlib.sha256(part).hexdigest()}-{version}" for part in parts]
    missing = [(path, part) for path, part in zip(kept, parts, strict=True) if not path.exists()]
    if missing:
        say(f"Compressing {sum(len(part) for _, part in missing) / 1e6:.0f} MB")
        with tempfile.TemporaryDirectory(dir=CACHE) as folder:
            files = [Path(folder) / str(number) for number in range(len(missing))]
            for file, (_, part) in zip(files, missing, strict=True):
                file.write_bytes(part)
            command = [node, str(SCRIPT), *map(str, files)]
            result = subprocess.run(command, capture_output=True, text=True)
            if result.returncode:
                raise BuildError(f"{SCRIPT.name} failed. It said:\n{result.stderr[-2000:]}")
            for file, (path, _) in zip(files, missing, strict=True):
                file.with_suffix(".zst").replace(path)
    contents = [path.read_bytes() for path in kept]
    for path in kept:
        path.touch()
    for old in sorted(CACHE.glob("*-*"), key=lambda p: p.stat().st_mtime)[:-KEPT]:
        old.unlink(missing_ok=True)
    return contents


def _stored(part: bytes) -> bytes:
    """A frame of raw blocks (RFC 8878, 3.1.1): one segment, its size in four bytes."""
    head = 0xFD2FB528.to_bytes(4, "little") + bytes([0xA0]) + len(part).to_bytes(4, "little")
    block_bytes = 128 << 10
    starts = range(0, len(part), block_bytes) or [0]
    blocks = []
    for start in starts:
        block = part[start : start + block_bytes]
        last = start + block_bytes >= len(part)
        blocks.append((int(last) | len(block) << 3).to_bytes(3, "little") + block)
    return head + b"".join(blocks)
