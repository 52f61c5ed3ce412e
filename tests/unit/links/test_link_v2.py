"""Version 2 of the link: golden vectors, both codecs against each other, hostile links, lengths."""

from __future__ import annotations

import atexit
import base64
import hashlib
import json
import os
import subprocess
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from typing import Any

import pytest
from golden import make_v2
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from playpage_site.common import find_node
from playpage_site.dev.legacy import LEGACY
from playpage_site.links.base64_part import MAX_PART_CHARS
from playpage_site.links.opened import open_link
from playpage_site.links.program import Program, ProgramError
from playpage_site.links.v2 import dictionary, encode_program
from playpage_site.registry.platform import NODE_MAJOR
from playpage_site.site.bundler import bundle

ROOT = Path(__file__).parents[3]
GOLDEN = ROOT / "tests/golden"
VECTORS: dict[str, Any] = json.loads((GOLDEN / "v2.json").read_text("utf-8"))

#: Node.js 20 takes what follows the end of deflated data; browsers and newer ones refuse it.
NODE = find_node(NODE_MAJOR)

Plain = dict[str, Any]


def plain(program: Program) -> Plain:
    return {
        "files": {path: base64.b64encode(data).decode() for path, data in program.files.items()},
        "entry": program.entry,
        "requirements": program.requirements,
        "options": program.options,
        "runtime": program.runtime,
    }


def decode_in_python(links: list[str]) -> list[Plain]:
    results = []
    for link in links:
        start = time.process_time()  # of this process: others may keep the machine busy
        opened = open_link(link)
        result: Plain = {"ms": (time.process_time() - start) * 1000}
        if opened.errors:
            (error,) = opened.errors
            result["error"] = {"problem": error.problem, "message": str(error)}
        elif opened.program:
            result["program"] = plain(opened.program)
        results.append(result)
    return results


@cache
def codec() -> Path:
    """The page's own codec, bundled as the page's script is: Node itself imports no texts."""
    folder = Path(mkdtemp())
    atexit.register(rmtree, folder)
    script = folder / "codec_v2.mjs"
    script.write_bytes(bundle([str(GOLDEN / "codec_v2.mjs")]))
    return script


def in_javascript(**task: Any) -> dict[str, Any]:
    """One Node process does it all with the page's own modules."""
    done = subprocess.run(
        [NODE or "node", codec()],
        input=json.dumps(task).encode(),
        stdout=subprocess.PIPE,
        check=True,
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def decode_in_javascript(links: list[str]) -> list[Plain]:
    found: list[Plain] = in_javascript(decode=links)["decoded"]
    return found


Decode = Callable[[list[str]], list[Plain]]
both = pytest.mark.parametrize("decode", [decode_in_python, decode_in_javascript])


@both
def test_golden_vectors(decode: Decode) -> None:
    vectors = VECTORS["good"]
    for vector, found in zip(vectors, decode([v["link"] for v in vectors]), strict=True):
        assert found.get("program") == vector["program"], (vector["name"], found)


@both
def test_golden_vectors_of_bad_links(decode: Decode) -> None:
    vectors = VECTORS["bad"]
    for vector, found in zip(vectors, decode([v["link"] for v in vectors]), strict=True):
        assert "error" in found, vector["name"]
        if vector["problem"]:
            assert found["error"]["problem"] == vector["problem"], vector["name"]
        assert vector["says"] in found["error"]["message"], vector["name"]
        assert len(found["error"]["message"]) < 200, vector["name"]
        assert found["ms"] < 1000, vector["name"]


def test_both_say_the_same_of_bad_links() -> None:
    links = [vector["link"] for vector in VECTORS["bad"]]
    python, javascript = decode_in_python(links), decode_in_javascript(links)
    assert [found["error"] for found in python] == [found["error"] for found in javascript]


def test_vectors_are_as_generated() -> None:
    # Each machine's zlib packs as it likes; what it unpacks to is what counts.
    made = json.loads(make_v2.content())
    for kind in ("good", "bad"):
        assert [v["name"] for v in made[kind]] == [v["name"] for v in VECTORS[kind]]
        for new, kept in zip(made[kind], VECTORS[kind], strict=True):
            assert {**new, "link": ""} == {**kept, "link": ""}


def test_dictionary_is_the_one_that_links_were_made_with() -> None:
    """A change of it makes every link unreadable: it is part of version 2."""
    assert hashlib.sha256(dictionary()).hexdigest() == VECTORS["dictionary"]


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=300)
names = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="/\\:"), max_size=20
)
names = names.filter(lambda name: name not in ("", ".", ".."))
paths = st.lists(names, min_size=1, max_size=3).map("/".join)
contents = st.one_of(st.binary(max_size=300), texts.map(str.encode), st.just(b""))


@st.composite
def programs(draw: st.DrawFn) -> Program:
    entry = draw(st.one_of(st.just("app.py"), names))
    files = {entry: draw(texts).encode()} | {
        path: data
        for path, data in draw(st.dictionaries(paths, contents, max_size=4)).items()
        if path.split("/")[0] != entry
    }
    order = draw(st.permutations(list(files)))
    options = draw(st.dictionaries(texts, st.one_of(st.booleans(), texts), max_size=3))
    requirements, runtime = draw(st.lists(texts, max_size=3)), draw(texts)
    try:
        return Program({p: files[p] for p in order}, entry, requirements, options, runtime)
    except ProgramError:  # a file in a file's place
        return Program({entry: files[entry]}, entry, requirements, options, runtime)


batches = settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@batches
@given(st.lists(programs(), min_size=10, max_size=20))
def test_any_program_from_python_to_javascript_and_back(given_programs: list[Program]) -> None:
    wanted = [plain(program) for program in given_programs]
    links = [f"#{encode_program(program)}" for program in given_programs]
    assert [found.get("program") for found in decode_in_python(links)] == wanted
    found = in_javascript(decode=links, encode=wanted)
    assert [one.get("program") for one in found["decoded"]] == wanted
    assert [one.get("program") for one in decode_in_python(found["encoded"])] == wanted


@pytest.mark.parametrize(
    "data",
    [b"", b"x" * 1_000_000, os.urandom(1_000_000), ("größe 圖 🚀\n" * 50_000).encode()],
    ids=["empty", "1 MB of a letter", "1 MB of noise", "1 MB of words"],
)
def test_large_and_empty_files_both_ways(data: bytes) -> None:
    program = Program({"app.py": b"", "data.bin": data})
    wanted, link = plain(program), f"#{encode_program(program)}"
    found = in_javascript(decode=[link], encode=[wanted])
    assert found["decoded"][0]["program"] == wanted
    assert found["decoded"][0]["ms"] < 1000
    assert decode_in_python(found["encoded"])[0]["program"] == wanted


headers = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-5, 9), st.just("a.py"), st.just("b")),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from(["files", "entry", "requirements", "options", "runtime", "x"]), inner
        ),
    ),
    max_leaves=12,
)


@batches
@given(st.lists(st.tuples(headers, st.binary(max_size=6)), min_size=20, max_size=40))
def test_decoders_agree_on_any_header(given_payloads: list[tuple[Any, bytes]]) -> None:
    links = [make_v2.link(make_v2.pack(make_v2.payload(h, data))) for h, data in given_payloads]
    python, javascript = decode_in_python(links), decode_in_javascript(links)
    for results in (python, javascript):
        for result in results:
            del result["ms"]
    assert python == javascript


@batches
@given(
    st.lists(
        st.one_of(
            texts, st.text("AZaz09+/-_= %&#.;\t\r\n<v2", max_size=60), st.binary(max_size=40)
        ),
        min_size=20,
    )
)
def test_decoders_agree_on_junk(junk: list[str | bytes]) -> None:
    links = [
        f"#v2.{one.replace('&', '')}" if isinstance(one, str) else make_v2.link(one) for one in junk
    ]
    python, javascript = decode_in_python(links), decode_in_javascript(links)
    assert [r.get("error") for r in python] == [r.get("error") for r in javascript]


@both
def test_hostile_links_take_less_than_a_second(decode: Decode) -> None:
    most, app = MAX_PART_CHARS, b"print(1)"
    zeros = make_v2.pack(make_v2.payload({}, bytes(1_000_000_000 // 8)))
    nested = make_v2.payload("[" * 199_000, app)
    hostile = {
        "10 MB of letters": "#v2." + "A" * 10_000_000,
        "10 MB of junk": "#v2." + "<%\u4e00 =" * 2_000_000,
        "10 MB of separators": "#" + "&" * 10_000_000,
        "10 MB of versions": "#" + "v2.&" * 2_500_000,
        "10 MB of v": "#" + "v" * 10_000_000,
        "longest, letters": "#v2." + "A" * most,
        "longest, escapes of escapes": "#v2." + "%25" * (most // 3),
        "a bomb of 125 MB": make_v2.link(zeros),
        "a deep header": make_v2.link(make_v2.pack(nested)),
        "many files in nothing": make_v2.link(
            make_v2.pack(make_v2.payload({"files": [[f"{n}", 0] for n in range(15_000)]}))
        ),
        "mixed encodings": "?demo=x&code=YWI%3D&reqs=%FF#v2.eyJ4IjoxfQ%3D%3D+/-_%20&url=x&v2.AAAA",
    }
    for name, found in zip(hostile, decode(list(hostile.values())), strict=True):
        assert found["ms"] < 1000, f"{name}: {found['ms']:.0f} ms"
        if name != "10 MB of separators" and name != "10 MB of v":
            assert "error" in found or "program" in found, name


@pytest.mark.skipif(not LEGACY.is_dir(), reason="the wiki's own links are not here")
@pytest.mark.parametrize("number", [1, 2])
def test_length_against_the_old_form(number: int) -> None:
    """At most 0.35 of the old form's base64, from either encoder."""
    code = (LEGACY / f"link-{number}.py").read_bytes()
    program = Program({"app.py": code})
    old = len(base64.b64encode(code))
    (from_javascript,) = in_javascript(encode=[plain(program)])["encoded"]
    assert len(encode_program(program)) <= 0.35 * old
    assert len(from_javascript) <= 0.35 * old


def test_what_is_too_large_is_not_encoded() -> None:
    with pytest.raises(ProgramError, match="10000000"):
        encode_program(Program({"app.py": b" " * 10_000_001}))
    with pytest.raises(ProgramError, match="compressed"):
        encode_program(Program({"app.py": b"", "noise": os.urandom(2_000_000)}))
