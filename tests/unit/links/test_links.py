"""The link codec: golden vectors, the two decoders against each other, hostile links."""

from __future__ import annotations

import base64
import json
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from golden import make_links
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from playpage_site.dev.legacy import LEGACY
from playpage_site.links.base64_part import MAX_PART_CHARS
from playpage_site.links.legacy import Link, decode_link, legacy_link

ROOT = Path(__file__).parents[3]
GOLDEN = ROOT / "tests/golden"

VECTORS: list[dict[str, Any]] = json.loads((GOLDEN / "legacy.json").read_text("utf-8"))["vectors"]
OWN_LINKS: list[dict[str, Any]] = json.loads((GOLDEN / "links.json").read_text("utf-8"))["links"]

#: Decodes many links at once to plain dicts, and says how long each took, in seconds.
Decode = Callable[[list[str]], list[tuple[dict[str, Any], float]]]


def plain(link: Link) -> dict[str, Any]:
    fields = ("part", "problem", "raw", "position")
    errors = [
        {name: getattr(e, name) for name in fields} | {"message": str(e)} for e in link.errors
    ]
    return {
        "demo": link.demo,
        "code": link.code,
        "requirements": link.requirements,
        "errors": errors,
    }


def decode_in_python(links: list[str]) -> list[tuple[dict[str, Any], float]]:
    results = []
    for link in links:
        start = time.process_time()
        decoded = decode_link(link)
        results.append((plain(decoded), time.process_time() - start))
    return results


def decode_in_javascript(links: list[str]) -> list[tuple[dict[str, Any], float]]:
    """One Node process decodes the whole batch with the page's own module."""
    done = subprocess.run(
        ["node", GOLDEN / "decode.mjs"],
        input=json.dumps(links).encode(),
        stdout=subprocess.PIPE,
        check=True,
    )
    return [(result["link"], result["ms"] / 1000) for result in json.loads(done.stdout)]


@pytest.fixture(scope="module", params=[decode_in_python, decode_in_javascript])
def decode(request: pytest.FixtureRequest) -> Decode:
    decoder: Decode = request.param
    return decoder


def test_golden_vectors(decode: Decode) -> None:
    found = decode([vector["query"] for vector in VECTORS])
    for vector, (link, _) in zip(VECTORS, found, strict=True):
        expected = {"demo": None, "code": None, "requirements": []} | vector["link"]
        assert {name: link[name] for name in expected} == expected, vector["name"]
        if wanted := vector.get("error"):
            (error,) = link["errors"]
            assert wanted["says"] in error["message"], vector["name"]
            for name in ("part", "problem", "raw", "position"):
                assert error[name] == wanted[name], vector["name"]
        else:
            assert link["errors"] == [], vector["name"]


def test_own_links(decode: Decode) -> None:
    found = decode([link["query"] for link in OWN_LINKS])
    assert [link["encoding"] for link in OWN_LINKS] == ["latin-1", "utf-8", "raw"]
    for own, (link, _) in zip(OWN_LINKS, found, strict=True):
        assert link["errors"] == []
        assert link["code"] == own["code"]
        assert link["requirements"] == own["requirements"]


def test_own_links_are_as_generated() -> None:
    text = (GOLDEN / "links.json").read_text("utf-8")
    assert make_links.content() == text


@pytest.mark.skipif(not LEGACY.is_dir(), reason="the wiki's own links are not here")
@pytest.mark.parametrize("number", [1, 2])
def test_links_of_the_wiki(decode: Decode, number: int) -> None:
    link = (LEGACY / f"link-{number}.txt").read_text("utf-8").strip()
    expected = (LEGACY / f"link-{number}.py").read_text("utf-8")
    ((found, _),) = decode([link])
    assert found == {
        "demo": "Hello_World",
        "code": expected,
        "requirements": [],
        "errors": [],
    }


def test_hostile_links_take_less_than_a_second(decode: Decode) -> None:
    most, junk = MAX_PART_CHARS, 10_000_000
    hostile = {
        "10 MB of letters": "?code=" + "A" * junk,
        "10 MB of junk": "?code=" + "<%\u4e00 =" * (junk // 5),
        "10 MB of separators": "?" + "&" * junk,
        "10 MB of half names": "?" + "&code" * (junk // 5),
        "10 MB of question marks": "?" * junk,
        "10 MB without a query": "x" * junk,
        "longest, escaped": "?code=" + "%41" * (most // 3),
        "longest, bad at the end": "?code=" + "A" * (most - 1) + "<",
        "longest, escaped, bad at the end": "?code=" + "%41" * (most // 3 - 1) + "<",
        "longest, escapes of escapes": "?code=" + "%25" * (most // 3),
        "longest, padding then a letter": "?code=" + "=" * (most - 1) + "x",
        "longest, spaces": "?code=" + " " * most,
        "longest, empty requirements": "?reqs=" + "Cg0K" * (most // 4),
        "longest, many requirements": "?reqs=" + "YWIK" * (most // 4),
        "longest, spaces as requirements": "?reqs=" + "ICAg" * (most // 4 - 1) + "YWIK",
    }
    for name, (link, taken_s) in zip(hostile, decode(list(hostile.values())), strict=True):
        assert taken_s < 1, f"{name}: {taken_s:.2f} s"
        for error in link["errors"]:
            assert len(error["message"]) < 200, name


def test_too_long_is_said(decode: Decode) -> None:
    raw = "A" * (MAX_PART_CHARS + 4)
    ((whole, _), (link, _)) = decode(["?code=" + raw[4:], "?code=" + raw])
    assert whole["errors"] == []
    (error,) = link["errors"]
    assert error["problem"] == "too-long"
    assert error["raw"] == raw
    assert str(MAX_PART_CHARS) in error["message"]


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=200)
junk = st.one_of(
    texts,
    st.text("AZaz09+/-_= %&#?;\t\r\n<%", max_size=60),
    st.lists(
        st.sampled_from(["%2B", "%252f", "%25", "%", "=", " ", "+", "YWI", "_-", "&", "&amp;"])
    ).map("".join),
)
batches = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@batches
@given(st.lists(st.tuples(junk, junk), min_size=20, max_size=60))
def test_decoders_agree_on_anything(parts: list[tuple[str, str]]) -> None:
    links = [f"?demo={code[:5]}&code={code}&reqs={reqs}" for code, reqs in parts]
    python = [link for link, _ in decode_in_python(links)]
    javascript = [link for link, _ in decode_in_javascript(links)]
    assert python == javascript


@batches
@given(st.lists(st.tuples(st.binary(max_size=80), st.binary(max_size=80)), min_size=30))
def test_decoders_agree_on_any_bytes(parts: list[tuple[bytes, bytes]]) -> None:
    links = [
        f"?code={base64.b64encode(code).decode()}&reqs={base64.urlsafe_b64encode(reqs).decode()}"
        for code, reqs in parts
    ]
    python = [link for link, _ in decode_in_python(links)]
    assert all(link["errors"] == [] for link in python)
    assert python == [link for link, _ in decode_in_javascript(links)]


@batches
@given(st.lists(texts.filter(lambda text: not text.startswith("\ufeff")), min_size=20))
def test_written_links_are_read_back(codes: list[str]) -> None:
    links = [legacy_link("https://play.example/", code, ["a>=1", "b"]) for code in codes]
    for decode_all in (decode_in_python, decode_in_javascript):
        for code, (link, _) in zip(codes, decode_all(links), strict=True):
            assert link["errors"] == []
            assert (link["code"] or "") == code
            assert link["requirements"] == ["a>=1", "b"]


@given(st.text(st.characters(max_codepoint=127)))
def test_written_ascii_opens_where_atob_did(code: str) -> None:
    query = parse_qs(urlsplit(legacy_link("https://old.example/playground", code)).query)
    assert query["demo"] == ["Hello_World"]
    assert base64.b64decode(query.get("code", [""])[0], validate=True).decode("latin-1") == code


def test_written_link_keeps_the_base() -> None:
    assert legacy_link("./", "ab", demo="x y") == "./?demo=x%20y&code=YWI%3D"
    assert legacy_link("/p?lang=en#top", "ab") == "/p?lang=en&demo=Hello_World&code=YWI%3D#top"


def test_lone_surrogate_cannot_be_written() -> None:
    with pytest.raises(UnicodeEncodeError):
        legacy_link("/", "\ud800")
