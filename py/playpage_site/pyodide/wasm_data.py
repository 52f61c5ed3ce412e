"""Takes the initial memory out of a WebAssembly file.

A third of Pyodide's is data that is copied into memory when it starts. An engine keeps what it has
compiled of a file only when that comes over the network as it is, not out of a pack. So the
functions are served as a file, and the data, which Zstandard makes much smaller than a host
would, comes with the first pack (WebAssembly Core Specification 2.0, 5.5.14 "Data Section").
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from playpage_site.common import BuildError

MAGIC = b"\0asm\1\0\0\0"
DATA, DATA_COUNT = 11, 12


@dataclass(frozen=True)
class InitialMemory:
    """`content` is in memory from `address` (bytes) on when it starts; all else is zero."""

    address: int
    content: bytes


def split_data(wasm: bytes) -> tuple[bytes, InitialMemory]:
    """The file without its data, and the data.

    Raises BuildError where the data is not of the plain kind: at fixed addresses of memory 0,
    none of it copied by the functions themselves.
    """
    if not wasm.startswith(MAGIC):
        raise BuildError("Pyodide's WebAssembly file is not a WebAssembly file.")
    kept, segments = [MAGIC], {0: b""}
    at = len(MAGIC)
    while at < len(wasm):
        start, kind = at, wasm[at]
        size, at = _unsigned(wasm, at + 1)
        section = wasm[at : at + size]
        at += size
        if kind == DATA:
            segments = _segments(section)
        elif kind != DATA_COUNT:
            kept.append(wasm[start:at])
    first, last = min(segments), max(segments)
    content = bytearray(last + len(segments[last]) - first)
    for address, segment in segments.items():
        content[address - first : address - first + len(segment)] = segment
    return b"".join(kept), InitialMemory(first, bytes(content))


def wasm_name(name: str, wasm: bytes) -> str:
    """`name` with the file's hash in it: no cache serves another build's for this one."""
    return f"{name}-{hashlib.sha256(wasm).hexdigest()[:12]}.wasm"


def _segments(section: bytes) -> dict[int, bytes]:
    """The bytes of each segment by their address."""
    count, at = _unsigned(section, 0)
    segments: dict[int, bytes] = {}
    for _ in range(count):
        # Kind 0, active in memory 0; then the address: i32.const N, end.
        if section[at : at + 2] != b"\0\x41":
            raise BuildError("Pyodide's WebAssembly has a data segment that is not active.")
        address, at = _signed(section, at + 2)
        if section[at] != 0x0B:
            raise BuildError("Pyodide's WebAssembly has a data segment without a fixed address.")
        size, at = _unsigned(section, at + 1)
        segments[address] = section[at : at + size]
        at += size
    return segments


def _unsigned(data: bytes, at: int) -> tuple[int, int]:
    """An LEB128 number, and where the next byte is."""
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            return value, at


def _signed(data: bytes, at: int) -> tuple[int, int]:
    value, after = _unsigned(data, at)
    bits = 7 * (after - at)
    return (value - (1 << bits) if value >> (bits - 1) else value), after
