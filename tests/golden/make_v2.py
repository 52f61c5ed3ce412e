"""Write v2.json: links of version 2, and what both decoders must make of them.

Run it after a change of the list: `python tests/golden/make_v2.py`. The packing is written out
here and not taken from playpage_site.links.v2, because the tests hold that module against these.
A decoder must read what is there for ever, so a vector is added and none is changed.
"""

from __future__ import annotations

import base64
import hashlib
import json
import zlib
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
DICTIONARY = (HERE.parents[1] / "js" / "link" / "dictionary.txt").read_bytes()
CODE = "import gradio as gr\nprint('größe 🚀')\n"
PICTURE = b"\x89PNG\r\n\x1a\n\x00\xff"


def pack(payload: bytes, level: int = 9, words: bytes = DICTIONARY) -> bytes:
    deflate = zlib.compressobj(level, zlib.DEFLATED, -15, zdict=words)
    return deflate.compress(payload) + deflate.flush()


def link(packed: bytes) -> str:
    frame = len(packed).to_bytes(3, "big") + zlib.crc32(packed).to_bytes(4, "big")
    return "#v2." + base64.urlsafe_b64encode(frame + packed).decode().rstrip("=")


def payload(header: object, *files: bytes) -> bytes:
    text = header if isinstance(header, str) else json.dumps(header)
    return text.encode() + b"\0" + b"".join(files)


def program(files: dict[str, bytes], **more: Any) -> dict[str, Any]:
    named = {path: base64.b64encode(data).decode() for path, data in files.items()}
    whole = {"entry": next(iter(files)), "requirements": [], "options": {}}
    return {"files": named, "runtime": "gradio-lite-5"} | whole | more


def good() -> list[dict[str, Any]]:
    app = CODE.encode()
    two: dict[str, Any] = {"files": [["main.py", len(app)], ["img/a.png", len(PICTURE)]]}
    both = {"main.py": app, "img/a.png": PICTURE}
    one = program({"app.py": app})
    plain = link(pack(payload({}, app)))
    return [
        {"name": "one file", "link": plain, "program": one},
        {
            "name": "runtime of its own",
            "link": link(pack(payload({"runtime": "next"}, app))),
            "program": one | {"runtime": "next"},
        },
        {"name": "not compressed", "link": link(pack(payload({}, app), 0)), "program": one},
        {
            "name": "without words of the dictionary",
            "link": link(pack(payload({}, app), 9, b"x")),
            "program": one,
        },
        {"name": "empty", "link": link(pack(payload({}))), "program": program({"app.py": b""})},
        {
            "name": "two files",
            "link": link(pack(payload(two, app, PICTURE))),
            "program": program(both),
        },
        {
            "name": "entry is the second",
            "link": link(
                pack(
                    payload(
                        {"files": [["a", 1], ["b.py", 2]], "entry": "b.py"},
                        b"123",
                    )
                )
            ),
            "program": program({"a": b"1", "b.py": b"23"}, entry="b.py"),
        },
        {
            "name": "requirements and options",
            "link": link(
                pack(
                    payload(
                        {
                            "requirements": ["a==1", "b"],
                            "options": {"theme": "dark", "editor": False},
                        },
                        app,
                    )
                )
            ),
            "program": one
            | {"requirements": ["a==1", "b"], "options": {"theme": "dark", "editor": False}},
        },
        {
            "name": "a member that is not known",
            "link": link(pack(payload({"later": {"deep": [1, 2.5, None]}}, app))),
            "program": one,
        },
        {
            "name": "a size as a float",
            "link": link(pack(payload('{"files":[["a.py",3.0]]}', b"1+1"))),
            "program": program({"a.py": b"1+1"}),
        },
        {
            "name": "names in any script",
            "link": link(
                pack(
                    payload({"files": [["größe/圖 1.txt", 1], ["à.py", 1]], "entry": "à.py"}, b"12")
                )
            ),
            "program": program({"größe/圖 1.txt": b"1", "à.py": b"2"}, entry="à.py"),
        },
        {
            "name": "padded, the other alphabet, in lines",
            "link": plain[:40] + "\n" + plain[40:].replace("-", "+").replace("_", "/") + "==",
            "program": one,
        },
        {
            "name": "escaped",
            "link": plain.replace("-", "%2D").replace("_", "%255F"),
            "program": one,
        },
        {
            "name": "beside other parts",
            "link": f"x?a=b#theme=dark&amp;{plain[1:]}&key=1",
            "program": one,
        },
        {
            "name": "made by the page",
            "link": "#v2.AAAPGdi8VcOtuZYBMkWhnpEJbFsDAA",
            "program": program({"app.py": b"print('hi')\n"}),
        },
    ]


def bad() -> list[dict[str, Any]]:
    app = CODE.encode()
    plain = link(pack(payload({}, app)))
    middle = len(plain) // 2
    other = "A" if plain[middle] != "A" else "B"
    wrong: dict[str, tuple[str, str, str]] = {
        "cut short": (plain[:-8], "cut-short", "cut short"),
        "cut to almost nothing": ("#v2.AAAM", "cut-short", "cut short"),
        "nothing": ("#v2.", "cut-short", "cut short"),
        "not even a dot": ("#v2", "cut-short", "cut short"),
        "a character lost": (plain[:middle] + plain[middle + 1 :], "", ""),
        "a character changed": (
            plain[:middle] + other + plain[middle + 1 :],
            "damaged",
            "checksum",
        ),
        "something added": (plain + "AAAA", "damaged", "added"),
        "a full stop added": (plain + ".", "illegal-character", "“.”"),
        "a later version": ("#v3.AAAA", "unknown-version", "version 3"),
        "a much later version": ("#v123456789.x<", "unknown-version", "version 123456789"),
        "not deflate": (link(b"\xff\xff\xff\xff"), "damaged", "decompressed"),
        "deflate without an end": (link(pack(payload({}, app))[:-3]), "damaged", "decompressed"),
        "a bomb": (link(pack(payload({}, bytes(11_000_000)))), "too-large", "10000000"),
    }
    headers: dict[str, tuple[bytes, str]] = {
        "no header": (b"print(1)", "no header"),
        "an empty payload": (b"", "no header"),
        "a header without end": (b" " * 300_000, "no header"),
        "a header that is no JSON": (payload("{"), "not JSON"),
        "a header with NaN": (payload('{"x":NaN}'), "not JSON"),
        "a header that is not UTF-8": (b'{"x":"\xff"}\0', "not JSON"),
        "a header with a byte order mark": (payload("\ufeff{}"), "not JSON"),
        "a header that is a list": (payload([]), "not a JSON object"),
        "files that are no list": (payload({"files": {"a": 1}}, b"1"), "list of files"),
        "no files": (payload({"files": []}), "list of files"),
        "a file without a size": (payload({"files": [["a"]]}), "list of files"),
        "a size below zero": (payload({"files": [["a", -1]]}), "list of files"),
        "a size that is no whole number": (payload({"files": [["a", 0.5]]}), "list of files"),
        "a size that is true": (payload({"files": [["a", True]]}, b"1"), "list of files"),
        "sizes that are too large": (payload({"files": [["a", 3]]}, b"12"), "should take 3"),
        "sizes that are too small": (payload({"files": [["a", 1]]}, b"12"), "should take 1"),
        "a path upwards": (payload({"files": [["../a", 1]]}, b"1"), "not a path inside"),
        "a path from the root": (payload({"files": [["/a", 1]]}, b"1"), "not a path inside"),
        "a path of Windows": (payload({"files": [["a\\b", 1]]}, b"1"), "not a path inside"),
        "a path on a drive": (payload({"files": [["c:a", 1]]}, b"1"), "not a path inside"),
        "an empty path": (payload({"files": [["", 1]]}, b"1"), "not a path inside"),
        "a path with a line's end": (payload({"files": [["a\n", 1]]}, b"1"), "not a path inside"),
        "a path that is too long": (
            payload({"files": [["é" * 128, 1]]}, b"1"),
            "not a path inside",
        ),
        "half a letter in a path": (
            payload('{"files":[["\\ud800",1]]}', b"1"),
            "not a path inside",
        ),
        "a path twice": (payload({"files": [["a", 1], ["a", 1]]}, b"12"), "same path"),
        "a file in a file": (payload({"files": [["a", 1], ["a/b", 1]]}, b"12"), "itself a file"),
        "an entry that is not there": (payload({"entry": "x.py"}, app), "not among its files"),
        "an entry in a folder": (payload({"files": [["a/b", 1]]}, b"1"), "in a folder"),
        "an entry beside another app.py": (
            payload({"files": [["app.py", 0], ["b.py", 0]], "entry": "b.py"}),
            "runs as app.py",
        ),
        "an entry that is no text": (payload({}, b"\xff"), "not UTF-8"),
        "an entry that is a number": (payload({"entry": 1}, app), "entry or its runtime"),
        "a runtime that is a list": (payload({"runtime": []}, app), "entry or its runtime"),
        "requirements that are a text": (payload({"requirements": "a"}, app), "list of strings"),
        "requirements that are numbers": (payload({"requirements": [1]}, app), "list of strings"),
        "options in options": (payload({"options": {"a": {}}}, app), "options"),
        "options that are a list": (payload({"options": []}, app), "options"),
    }
    for name, (content, says) in headers.items():
        wrong[name] = (link(pack(content)), "bad-program", says)
    return [
        {"name": name, "link": text, "problem": problem, "says": says}
        for name, (text, problem, says) in wrong.items()
    ]


def content() -> str:
    sha256 = hashlib.sha256(DICTIONARY).hexdigest()
    by = "tests/golden/make_v2.py"
    whole = {"generated_by": by, "dictionary": sha256, "good": good(), "bad": bad()}
    return json.dumps(whole, ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    (HERE / "v2.json").write_text(content(), encoding="utf-8")
