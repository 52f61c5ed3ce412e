"""Frames are decoded by what decodes them in a page, with and without a compressor here."""

from __future__ import annotations

import json
import random
import subprocess
from pathlib import Path

import pytest
from playpage_site.common import ROOT, BuildError, find_node
from playpage_site.packs import zstd
from playpage_site.packs.zstd import Frame, frames
from playpage_site.registry.npm import ensure_node_modules

#: Reads a JSON list of [file, raw bytes] from its argument; writes FILE.raw for each.
DECODE = """
import { readFileSync, writeFileSync } from "node:fs";
import { ZSTDDecoder } from "zstddec";
const decoder = new ZSTDDecoder();
await decoder.init();
for (const [file, rawBytes] of JSON.parse(process.argv[1])) {
  writeFileSync(`${file}.raw`, decoder.decode(new Uint8Array(readFileSync(file)), rawBytes));
}
"""

CONTENTS = {
    "short": b"x",
    "plain": b"the same words again and again " * 20_000,
    "random": random.Random(7).randbytes(300_000),
    "one block": bytes(128 << 10),
    "over one block": bytes(range(256)) * 513,
}


def decoded(made: list[Frame], folder: Path) -> bytes:
    ensure_node_modules()
    asked = []
    for number, frame in enumerate(made):
        file = folder / f"{number}.zst"
        file.write_bytes(frame.content)
        asked.append([str(file), frame.raw_bytes])
    command = ["node", "--input-type=module", "-e", DECODE, json.dumps(asked)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return b"".join(Path(f"{file}.raw").read_bytes() for file, _ in asked)


@pytest.fixture(params=["compressed", "stored"])
def cache(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(zstd, "CACHE", tmp_path / "cache")
    monkeypatch.setattr(zstd, "FRAME_BYTES", 200_000)
    kind: str = request.param
    if kind == "stored":
        monkeypatch.setattr(zstd, "find_node", lambda _least_major: None)
    elif find_node(zstd.NODE_MAJOR) is None:
        pytest.skip("no Node.js with Zstandard here")
    return kind


def test_frames_give_the_content_back(cache: str, tmp_path: Path) -> None:
    parts = {name: frames(content) for name, content in CONTENTS.items()}
    assert [len(made) for made in parts.values()] == [1, 4, 2, 1, 1]
    assert all(frame.raw_bytes <= 200_000 for made in parts.values() for frame in made)
    together = decoded([frame for made in parts.values() for frame in made], tmp_path)
    assert together == b"".join(CONTENTS.values())
    size_bytes = sum(len(frame.content) for frame in parts["plain"])
    assert (size_bytes < 10_000) is (cache == "compressed")


def test_compressed_frames_are_kept_for_the_next_build(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if find_node(zstd.NODE_MAJOR) is None:
        pytest.skip("no Node.js with Zstandard here")
    monkeypatch.setattr(zstd, "CACHE", tmp_path)
    first = frames(b"once " * 1000)
    monkeypatch.setattr(zstd, "say", pytest.fail)
    assert frames(b"once " * 1000) == first


def test_compressor_that_fails_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if find_node(zstd.NODE_MAJOR) is None:
        pytest.skip("no Node.js with Zstandard here")
    broken = tmp_path / "broken.mjs"
    broken.write_text("throw new Error('disk is full')", "utf-8")
    monkeypatch.setattr(zstd, "CACHE", tmp_path / "cache")
    monkeypatch.setattr(zstd, "SCRIPT", broken)
    with pytest.raises(BuildError, match=r"(?s)broken.mjs failed.*disk is full"):
        frames(b"x")
    assert not list((tmp_path / "cache").glob("*-*"))
