"""Links that carry a whole program in their fragment, which no browser sends: `#v2.DATA`.

DATA is base64url without padding of

    the length of what is packed, 3 bytes, big-endian
    the CRC-32 of what is packed, 4 bytes, big-endian
    what is packed: the payload, compressed with raw deflate (RFC 1951) and the preset
        dictionary in js/link/dictionary.txt

and the payload is

    the header: JSON in UTF-8
    a zero byte, which JSON cannot hold
    the bytes of all files, one after another

The header is an object. Each member may be missing, and unknown members are ignored; a change that
an older reader must not ignore takes a new version number instead.

    "files"         [[path, size in bytes], ...]; missing: all bytes are the file app.py
    "entry"         path of the file that is run, UTF-8 text; missing: the first file
    "requirements"  [text, ...], one requirement each
    "options"       {name: text, true or false}, how the page shows the program
    "runtime"       what the program was written for; missing: gradio-lite-5

The seven bytes are there because raw deflate has neither length nor checksum: a program that runs
by itself must be the one that was sent, and a link that a chat tool cut short must be recognized.
The dictionary halves a short program, in which hardly any word occurs twice.
js/link/v2.js is the same in JavaScript; tests/golden/v2.json holds the two together.
"""

from __future__ import annotations

import base64
import json
import zlib
from functools import cache
from typing import Any

from playpage_site.common import ROOT
from playpage_site.links.base64_part import MAX_PART_CHARS, decode_base64
from playpage_site.links.errors import LinkError
from playpage_site.links.program import ENTRY, RUNTIME, Program, ProgramError, check_paths, is_text

VERSION = 2

#: What a link may unpack to, in bytes: a small link can hold a thousand times its length.
MAX_PAYLOAD_BYTES = 10_000_000
MAX_PACKED_BYTES = MAX_PART_CHARS // 4 * 3 - 7
MAX_HEADER_BYTES = 200_000

_FRAME_BYTES = 7


@cache
def dictionary() -> bytes:
    """The preset dictionary, which is as much part of the format as this file: it never changes."""
    return (ROOT / "js" / "link" / "dictionary.txt").read_bytes()


def encode_program(program: Program) -> str:
    """The fragment, without `#`. Raises ProgramError when the program is too large."""
    header: dict[str, Any] = {"runtime": program.runtime}
    paths = list(program.files)
    if paths != [ENTRY]:
        header["files"] = [[path, len(data)] for path, data in program.files.items()]
    if program.entry != paths[0]:
        header["entry"] = program.entry
    if program.requirements:
        header["requirements"] = list(program.requirements)
    if program.options:
        header["options"] = dict(program.options)
    head = json.dumps(header, ensure_ascii=False, separators=(",", ":")).encode()
    payload = b"\0".join([head, b"".join(program.files.values())])
    if len(payload) > MAX_PAYLOAD_BYTES or len(head) > MAX_HEADER_BYTES:
        raise ProgramError(
            f"its files take {len(payload)} bytes; a link holds at most {MAX_PAYLOAD_BYTES}"
        )
    deflate = zlib.compressobj(9, zlib.DEFLATED, -15, 9, zdict=dictionary())
    packed = deflate.compress(payload) + deflate.flush()
    if len(packed) > MAX_PACKED_BYTES:
        raise ProgramError(
            f"its files take {len(packed)} bytes when compressed; a link holds {MAX_PACKED_BYTES}"
        )
    data = base64.urlsafe_b64encode(
        len(packed).to_bytes(3, "big") + zlib.crc32(packed).to_bytes(4, "big") + packed
    )
    return f"v{VERSION}.{data.decode().rstrip('=')}"


def decode_program(raw: str) -> Program:
    """Read what follows `#v2.`. Raises LinkError when it cannot be read."""
    data = decode_base64("v2", raw)
    packed = data[_FRAME_BYTES:]
    wanted = int.from_bytes(data[:3], "big")
    if len(data) < _FRAME_BYTES or len(packed) < wanted:
        message = "it was cut short: the end of its data is missing"
        raise LinkError("v2", "cut-short", message, raw)
    if len(packed) > wanted:
        raise LinkError("v2", "damaged", "something was added to its end", raw)
    if zlib.crc32(packed).to_bytes(4, "big") != data[3:_FRAME_BYTES]:
        message = "its checksum does not match: a character was lost or changed on the way"
        raise LinkError("v2", "damaged", message, raw)
    try:
        return _read_payload(_inflate(packed, raw))
    except ProgramError as problem:
        raise LinkError("v2", "bad-program", f"its program is invalid: {problem}", raw) from problem


def _inflate(packed: bytes, raw: str) -> bytes:
    """The payload: at most MAX_PAYLOAD_BYTES, however much the data would unpack to."""
    inflate = zlib.decompressobj(-15, zdict=dictionary())
    try:
        payload = inflate.decompress(packed, MAX_PAYLOAD_BYTES + 1)
    except zlib.error:
        payload = b""
    if len(payload) > MAX_PAYLOAD_BYTES:
        message = f"it unpacks to more than {MAX_PAYLOAD_BYTES} bytes, the limit"
        raise LinkError("v2", "too-large", message, raw)
    if not inflate.eof or inflate.unused_data:
        raise LinkError("v2", "damaged", "it cannot be decompressed", raw)
    return payload


def _read_payload(payload: bytes) -> Program:
    end = payload.find(b"\0", 0, MAX_HEADER_BYTES + 1)
    if end == -1:
        raise ProgramError("it has no header")
    header = _read_header(payload[:end])
    sizes = header.get("files", [[ENTRY, len(payload) - end - 1]])
    if not isinstance(sizes, list) or not sizes or not all(map(_is_file, sizes)):
        raise ProgramError("its list of files is invalid")
    check_paths([path for path, _ in sizes])
    files: dict[str, bytes] = {}
    at = end + 1
    for path, size in sizes:
        files[path] = payload[at : at + int(size)]
        at += int(size)
    if at != len(payload):
        raise ProgramError(f"its files should take {at - end - 1} bytes")
    entry = header.get("entry", sizes[0][0])
    requirements = header.get("requirements", [])
    options = header.get("options", {})
    runtime = header.get("runtime", RUNTIME)
    if not isinstance(requirements, list) or not all(map(is_text, requirements)):
        raise ProgramError("its requirements are not a list of strings")
    if not isinstance(options, dict) or not all(map(_is_option, options.items())):
        raise ProgramError("its options are not all strings, true or false")
    if not is_text(entry) or not is_text(runtime):
        raise ProgramError("its entry or its runtime is not a string")
    return Program(files, entry, requirements, options, runtime)


def _read_header(head: bytes) -> dict[str, Any]:
    try:
        header = json.loads(head.decode(), parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise ProgramError("its header is not JSON") from None
    if not isinstance(header, dict):
        raise ProgramError("its header is not a JSON object")
    return header


def _no_constant(name: str) -> None:
    raise ValueError(name)  # NaN and Infinity, which Python reads and JSON does not have


def _is_option(item: tuple[str, object]) -> bool:
    return is_text(item[0]) and (isinstance(item[1], bool) or is_text(item[1]))


def _is_file(entry: object) -> bool:
    """[path, size in bytes]; 1.0 and 1e3 are whole numbers too, as in JavaScript."""
    match entry:
        case [str(), int() | float() as size] if not isinstance(size, bool):
            return 0 <= size <= MAX_PAYLOAD_BYTES and size == int(size)
    return False
