"""The picture that the word `draw` brings, made here byte by byte."""

from __future__ import annotations

import base64
import functools
import struct
import zlib

from playpage_site.demo import objects
from playpage_site.demo.store import FileRecord, Store

WIDTH, HEIGHT = 96, 64
FILE_NAME = "drawing.png"


@functools.cache
def picture() -> bytes:
    """A PNG of 96 by 64 pixels: an orange square on blue."""
    rows = bytearray()
    for y in range(HEIGHT):
        rows.append(0)  # no filter
        for x in range(WIDTH):
            inside = abs(x - WIDTH // 2) < 20 and abs(y - HEIGHT // 2) < 20
            rows += bytes((240, 140, 20) if inside else (30, 80, 160))
    header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(bytes(rows))), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(kind, content) for kind, content in chunks)


def chunk(kind: bytes, content: bytes) -> bytes:
    checked = kind + content
    return struct.pack(">I", len(content)) + checked + struct.pack(">I", zlib.crc32(checked))


def new_picture_file(store: Store) -> str:
    """The id of a file with the picture, new in the store."""
    obj = objects.file(FILE_NAME, len(picture()), "assistants_output")
    store.files[obj["id"]] = FileRecord(obj, picture(), "image/png")
    return str(obj["id"])


def markdown_picture() -> str:
    """The picture in Markdown, for the APIs whose answers are text alone."""
    encoded = base64.b64encode(picture()).decode()
    return f"\n\n![An orange square](data:image/png;base64,{encoded})"
