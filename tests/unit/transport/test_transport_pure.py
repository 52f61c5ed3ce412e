"""The parts of the transport that know no JavaScript: headers, errors, timeouts, options."""

from __future__ import annotations

from typing import Any

import httpx
import httpx2
import pytest
from httpx_pyfetch import errors, headers, options, timeouts
from httpx_pyfetch.errors import RefusalError
from hypothesis import given
from hypothesis import strategies as st

NAMES = st.from_regex(r"\A[A-Za-z][A-Za-z0-9-]{0,20}\Z").map(str.encode)
VALUES = st.binary(max_size=40).filter(lambda v: not set(v) & {0, 10, 13})
RAW = st.lists(st.tuples(NAMES, VALUES), max_size=8)
ANY = st.binary(max_size=30)
SECRETS = st.text(st.characters(codec="ascii", categories=["L", "N"]), min_size=8, max_size=30)


def nothing(_name: bytes) -> bool:
    return False


def parsed(text: str) -> list[tuple[str, str]]:
    parts = text.split("\n") if text else []
    return list(zip(parts[::2], parts[1::2], strict=True))


@given(RAW)
def test_request_headers_keep_their_bytes_and_order(raw: list[tuple[bytes, bytes]]) -> None:
    sent = parsed(headers.to_fetch(raw, nothing))
    kept = [(n.encode("latin-1"), v.encode("latin-1")) for n, v in sent]
    assert kept == [
        (n, v)
        for n, v in raw
        if n.lower() not in headers.BROWSER_SETS and not n.lower().startswith((b"proxy-", b"sec-"))
    ]


@given(RAW, st.sampled_from(sorted(headers.BROWSER_SETS)), st.booleans())
def test_headers_of_the_browser_are_never_given_to_it(
    raw: list[tuple[bytes, bytes]], name: bytes, upper: bool
) -> None:
    name = name.upper() if upper else name
    sent = parsed(headers.to_fetch([*raw, (name, b"v")], nothing))
    assert name.decode().lower() not in {n.lower() for n, _ in sent}


@given(ANY, ANY)
def test_any_request_header_is_sent_whole_or_refused(name: bytes, value: bytes) -> None:
    try:
        text = headers.to_fetch([(name, value)], nothing)
    except RefusalError as refusal:
        raised = refusal
    else:
        # Nothing in a header can make another one.
        assert parsed(text) in ([], [(name.decode("latin-1"), value.decode("latin-1"))])
        return
    assert raised.kind == "LocalProtocolError"


def test_a_line_break_in_a_header_is_refused() -> None:
    for raw in [(b"x", b"a\r\nb: c"), (b"x y", b"a"), (b"", b"a"), (b"x", b"\x00")]:
        with pytest.raises(RefusalError):
            headers.to_fetch([raw], nothing)


@given(st.lists(NAMES, max_size=6))
def test_dropped_headers(names: list[bytes]) -> None:
    drop = headers.drop_rule(["x-stainless-*", "X-Exact"])
    raw = [(n, b"1") for n in [*names, b"X-Stainless-OS", b"x-exact", b"x-exact-not"]]
    sent = {n.lower() for n, _ in parsed(headers.to_fetch(raw, drop))}
    assert "x-exact-not" in sent
    assert "x-exact" not in sent
    assert not any(n.startswith("x-stainless-") for n in sent)


@given(RAW, st.booleans())
def test_response_headers_are_all_there_and_repeated_ones_apart(
    raw: list[tuple[bytes, bytes]], has_body: bool
) -> None:
    items = [part.decode("latin-1") for pair in raw for part in pair]
    kept = headers.from_fetch(items, has_body)
    wanted = [(n.lower(), v) for n, v in raw if n.lower() not in headers.HOP_BY_HOP]
    if any(n == b"content-encoding" for n, _ in wanted):
        gone = (b"content-encoding", b"content-length")
        kept = [(n, v) for n, v in kept if n not in gone]
        wanted = [(n, v) for n, v in wanted if n not in gone]
    assert kept == wanted


@pytest.mark.parametrize("coding", ["gzip", "br", "deflate", "zstd", "GZip", "gzip, br"])
def test_what_fetch_decoded_is_not_said_again(coding: str) -> None:
    items = ["content-encoding", coding, "content-length", "9", "x", "1"]
    assert headers.from_fetch(items, has_body=True) == [(b"x", b"1")]
    assert len(headers.from_fetch(items, has_body=False)) == 3


def test_an_encoding_that_fetch_does_not_know_is_kept() -> None:
    items = ["content-encoding", "exi", "content-length", "9"]
    assert len(headers.from_fetch(items, has_body=True)) == 2


def test_set_cookie_headers_stay_apart() -> None:
    kept = headers.from_fetch(["set-cookie", "a=1", "set-cookie", "b=2"], has_body=True)
    assert httpx.Headers(kept).get_list("set-cookie") == ["a=1", "b=2"]


@given(SECRETS, st.booleans(), st.sampled_from(["https://page.example", "null", ""]))
def test_no_message_shows_more_of_a_url_than_its_origin(
    secret: str, online: bool, page: str
) -> None:
    failure = f"TypeError\nFailed to parse https://api.example/{secret}?key={secret}"
    origin = "https://api.example"
    for message in (
        errors.blocked_message(origin, page, online, failure),
        errors.cut_message(origin, failure),
        errors.timeout_message(origin, 1500, "headers"),
    ):
        assert origin in message
        assert secret not in message


def test_a_blocked_request_names_its_possible_causes() -> None:
    message = errors.blocked_message("https://a.example", "https://p.example", True, "E\nFailed")
    assert all(word in message for word in ("CORS", "resolve", "refused", "Failed"))
    assert "mixed content" not in message
    assert "offline" in errors.blocked_message("https://a.example", "", False, "")


@pytest.mark.parametrize(
    ("origin", "mixed"),
    [
        ("http://api.example", True),
        ("http://api.example:8080", True),
        ("http://localhost:8000", False),
        ("http://127.0.0.1:8000", False),
        ("http://app.localhost", False),
        ("https://api.example", False),
    ],
)
def test_mixed_content_is_named_where_it_can_be(origin: str, mixed: bool) -> None:
    message = errors.blocked_message(origin, "https://page.example", True, "")
    assert ("mixed content" in message) is mixed


@pytest.mark.parametrize("library", [httpx, httpx2])
def test_a_cut_body_is_both_errors_that_a_native_client_tells_apart(library: Any) -> None:
    error = errors.cut_error(library)
    assert issubclass(error, library.ReadError)
    assert issubclass(error, library.RemoteProtocolError)
    assert errors.cut_error(library) is error


SECONDS = st.none() | st.floats(min_value=0, max_value=1e12)


@given(SECONDS, SECONDS, SECONDS, st.integers(0, 10**9))
def test_timeouts(
    connect: float | None, read: float | None, write: float | None, size: int
) -> None:
    timeout = {"connect": connect, "read": read, "write": write, "pool": connect}
    limits = timeouts.limits_of({"timeout": timeout}, size)
    # A number that setTimeout takes, whatever was asked for.
    for value in (limits.headers_ms, limits.chunk_ms):
        assert value == timeouts.NONE_MS or 0 <= value <= timeouts.LONGEST_MS
    assert (limits.chunk_ms == timeouts.NONE_MS) == (read is None)
    if size <= timeouts.SMALL_BODY_BYTES:
        assert limits.headers_ms == limits.chunk_ms
    # connect has no say.
    other = timeouts.limits_of({"timeout": timeout | {"connect": 0.001, "pool": 0.001}}, size)
    assert other == limits


def test_no_timeout_extension_is_no_timeout() -> None:
    assert timeouts.limits_of({}, 0) == timeouts.Limits(timeouts.NONE_MS, timeouts.NONE_MS)
    assert timeouts.limits_of({"timeout": None}, 0).chunk_ms == timeouts.NONE_MS


@pytest.mark.parametrize(
    ("wrong", "text"),
    [
        ({"credential": "include"}, "unknown fetch option 'credential'"),
        ({"credentials": "yes"}, "use one of"),
        ({"integrity": 3}, "takes a string"),
    ],
)
def test_wrong_options_are_told(wrong: dict[str, object], text: str) -> None:
    with pytest.raises(ValueError, match=text):
        options.check_options(wrong)
    with pytest.raises(RefusalError, match=text):
        options.options_of({"fetch": wrong}, {})


def test_a_requests_options_lie_over_its_transports() -> None:
    defaults = {"cache": "no-store", "credentials": "omit"}
    own = {"fetch": {"credentials": "include"}}
    assert options.options_of(own, defaults) == {"cache": "no-store", "credentials": "include"}
    assert options.options_of({}, defaults) == defaults
    with pytest.raises(RefusalError, match="must be a dict"):
        options.options_of({"fetch": "include"}, defaults)
