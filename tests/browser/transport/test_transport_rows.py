"""One test for each thing that transports over fetch get wrong, in every way we run."""

from __future__ import annotations

import base64

import pytest
from browser.transport.harness import (
    ASYNC,
    INCREMENTAL,
    SENT_AFTER_BYTES,
    SOON_S,
    WAYS,
    Run,
    Servers,
    Way,
    every,
    marker,
)
from support.waiting import until


@every(WAYS)
def test_connect_timeout_does_not_bound_the_time_to_headers(
    run: Run, way: Way, servers: Servers
) -> None:
    mark = marker()
    assert run("slow_headers", seconds=0.6, connect=0.1, marker=mark) == "late"
    assert len(servers.page.find(mark)) == 1


@every(WAYS)
def test_chunks_are_bytes(run: Run, way: Way) -> None:
    assert run("chunk_types") == ["bytes"]


@every(INCREMENTAL)
def test_response_arrives_incrementally(run: Run, way: Way) -> None:
    first, end = run("first_chunk", gap=0.3)
    assert end - first > 0.3  # of 0.6 s between the first chunk and the last
    assert end > 0.6


@every(INCREMENTAL)
@pytest.mark.parametrize("how", ["close", "context", "lose"])
def test_leaving_a_body_aborts_the_request(run: Run, way: Way, servers: Servers, how: str) -> None:
    mark = marker()
    left = run("close_early", how=how, marker=mark)
    [exchange] = servers.page.find(mark)
    until(lambda: exchange.disconnected)
    assert exchange.disconnected - left < SOON_S
    assert exchange.bytes_after(left) <= SENT_AFTER_BYTES


@every(INCREMENTAL)
def test_closing_an_unread_response_aborts(run: Run, way: Way, servers: Servers) -> None:
    mark = marker()
    run("unread", marker=mark)
    until(lambda: servers.page.find(mark)[0].disconnected)


@every(ASYNC)
@pytest.mark.parametrize("path", ["/delay?s=20", "/stall?s=20"], ids=["headers", "body"])
def test_cancelling_the_task_aborts(run: Run, way: Way, servers: Servers, path: str) -> None:
    mark = marker()
    raised, when = run("cancel", path=f"{path}&marker={mark}")
    assert raised == "CancelledError"
    [exchange] = servers.page.find(mark)
    until(lambda: exchange.disconnected)
    assert exchange.disconnected - when < SOON_S


@every(ASYNC)
def test_the_callers_own_time_limit_is_not_a_timeout_of_httpx(run: Run, way: Way) -> None:
    assert run("own_timeout", path="/delay?s=20") == "TimeoutError"


@every(WAYS)
def test_no_reply_is_a_connect_error_without_secrets(run: Run, way: Way) -> None:
    outcome = run("failure", method="GET", url="http://127.0.0.1:9/path?api_key=sk-secret")
    assert outcome["classes"][0] == "ConnectError"
    assert "http://127.0.0.1:9" in outcome["message"]
    assert "CORS" in outcome["message"]
    assert "sk-secret" not in outcome["message"]
    assert "/path" not in outcome["message"]


@every(WAYS)
def test_a_reply_without_cors_is_a_connect_error(run: Run, way: Way, servers: Servers) -> None:
    outcome = run("failure", method="GET", url=f"{servers.api.origin}/echo?cors=no")
    assert outcome["classes"][0] == "ConnectError"


@every(INCREMENTAL)
@pytest.mark.parametrize("how", ["length", "chunked"])
def test_a_body_cut_off_is_an_error(run: Run, way: Way, how: str) -> None:
    outcome = run("read_all", path=f"/cut?how={how}", read=5)
    assert {"RemoteProtocolError", "ReadError"} <= set(outcome["classes"])
    assert outcome["size"] == 4


@every(WAYS)
def test_replies_without_a_body(run: Run, way: Way) -> None:
    expected = [[204, ""], [304, ""], [200, ""], [200, ""], [500, "status 500"]]
    assert run("statuses") == expected


@every(WAYS)
def test_multipart_upload(run: Run, way: Way) -> None:
    content_type, body = run("multipart")
    assert content_type == "multipart/form-data; boundary=frontier"
    assert b"\x00\xff data" in base64.b64decode(body)


@every(WAYS)
def test_generator_body(run: Run, way: Way) -> None:
    assert base64.b64decode(run("generator_body")) == b"one two three"


@every(WAYS)
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
def test_raw_body(run: Run, way: Way, method: str) -> None:
    for body in (b"", bytes(range(256))):
        seen = run("echo_bytes", method=method, body=list(body))
        assert seen["method"] == method
        assert base64.b64decode(seen["body"]) == body


@every(WAYS)
def test_a_large_body_arrives_whole(run: Run, way: Way) -> None:
    seen = run("echo", content="0123456789" * 30_000)
    assert base64.b64decode(seen["body"]) == b"0123456789" * 30_000


@every(WAYS)
def test_content_encoding_is_not_decoded_twice(run: Run, way: Way) -> None:
    assert run("gzip") == [True, True]


@every(WAYS)
def test_read_timeout_counts_until_headers(run: Run, way: Way, servers: Servers) -> None:
    mark = marker()
    outcome = run("read_all", path=f"/delay?s=20&marker={mark}", read=0.3)
    assert outcome["classes"][0] == "ReadTimeout"
    assert 0.25 < outcome["seconds"] < SOON_S
    until(lambda: servers.page.find(mark)[0].disconnected)


@every(INCREMENTAL)
def test_read_timeout_counts_for_each_chunk(run: Run, way: Way, servers: Servers) -> None:
    mark = marker()
    outcome = run("read_all", path=f"/stall?s=20&marker={mark}", read=0.3)
    assert outcome["classes"][0] == "ReadTimeout"
    assert outcome["size"] == 6
    until(lambda: servers.page.find(mark)[0].disconnected)
    # A body may take longer than the timeout, when no chunk does.
    assert run("read_all", path="/drip?n=5&gap=0.15", read=0.4)["size"] > 0


@every(ASYNC)
def test_the_http_cache_is_bypassed(run: Run, way: Way, servers: Servers) -> None:
    mark = marker()
    # A cache that is asked makes the second request wait for the first.
    assert run("four_at_once", path=f"/delay?s=0.8&marker={mark}") < 2.4
    run("four_at_once", path=f"/slow-cacheable?s=0&marker={mark}c")
    assert len(servers.page.find(f"{mark}c")) == 4


@every(WAYS)
def test_headers_that_the_browser_owns_are_left_out(run: Run, way: Way, servers: Servers) -> None:
    sent = [["user-agent", "sdk/1"], ["x-kept", "1"], ["x-kept", "2"], ["te", "trailers"]]
    mark = marker()
    _, names = run("headers", sent=sent, base=f"{servers.api.origin}")
    assert "te" not in names
    values, _ = run("headers", sent=[["x-kept", "1"], ["x-kept", "2"]])
    assert values == ["1, 2"]
    run("echo", path=f"/echo?marker={mark}", base=servers.api.origin, headers=sent)
    [preflight] = servers.api.preflights(mark)
    assert preflight.header_map["access-control-request-headers"] == "x-kept"


@every(WAYS)
def test_header_bytes_are_sent_as_they_are(run: Run, way: Way) -> None:
    values, _ = run("headers", sent=[["x-name", "Zoë 測試"]])
    assert values[0].encode("latin-1").decode() == "Zoë 測試"


@every(WAYS)
def test_repeated_response_headers(run: Run, way: Way) -> None:
    assert run("repeated") == ["a", "b"]


@every(WAYS)
def test_reason_version_and_final_url(run: Run, way: Way, servers: Servers) -> None:
    outcome = run("head_of", path="/status/418?reason=Teapot%20here")
    assert outcome["reason"] == "Teapot here"
    assert outcome["version"] == "HTTP/1.1"
    assert outcome["extensions"]["redirected"] is False
    outcome = run("head_of", path="/redirect?to=/status/200")
    assert outcome["url"] == f"{servers.page.origin}/status/200"
    assert outcome["extensions"]["url"] == outcome["url"]
    assert outcome["extensions"]["redirected"] is True
