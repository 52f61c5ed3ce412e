"""What a program chooses, and what fetch refuses: options, credentials, headers, methods."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from browser.transport.harness import (
    INCREMENTAL,
    WAYS,
    Run,
    Runtime,
    Servers,
    Way,
    every,
    marker,
)


@every(WAYS)
@pytest.mark.parametrize(
    ("method", "url", "kind"),
    [
        ("GET", "ftp://127.0.0.1/file", "UnsupportedProtocol"),
        ("TRACE", "/echo", "LocalProtocolError"),
    ],
)
def test_what_fetch_cannot_send_is_an_error(
    run: Run, way: Way, method: str, url: str, kind: str
) -> None:
    assert run("failure", method=method, url=url)["classes"][0] == kind


@every(WAYS)
def test_a_body_with_get_is_an_error(run: Run, way: Way) -> None:
    outcome = run("failure", method="GET", url="/echo", content="body")
    assert outcome["classes"][0] == "LocalProtocolError"


@every(WAYS)
def test_a_password_in_the_url(run: Run, way: Way, servers: Servers) -> None:
    seen = run("echo", base=servers.page.origin.replace("//", "//me:secret@"))
    assert dict(seen["headers"])["Authorization"] == "Basic bWU6c2VjcmV0"
    assert "secret" not in seen["target"]


@every(INCREMENTAL)
def test_nothing_is_read_ahead_without_bound(run: Run, way: Way, servers: Servers) -> None:
    pulled, largest = run("slow_reader", marker=marker())
    # Measured above the browser's own buffer, which in Chromium takes some 64 MB.
    assert pulled <= 2 * 1024 * 1024 + 2 * largest


@every([way for way in WAYS if way.incremental])
def test_fetch_options_of_one_request_and_of_a_transport(
    run: Run, runtimes: Callable[..., Runtime], way: Way, servers: Servers
) -> None:
    runtimes(way.place, way.jspi).page.evaluate("document.cookie = 'seen=1; path=/'")
    path = f"{servers.api.origin}/echo"

    def cookies(extensions: dict[str, Any], **transport: Any) -> bool:
        outcome = run("with_options", path=path, extensions=extensions, transport=transport)
        return any(name.lower() == "cookie" for name, _ in outcome["headers"])

    assert not cookies({})
    assert cookies({"fetch": {"credentials": "include"}})
    assert cookies({}, fetch={"credentials": "include"})
    assert not cookies({"fetch": {"credentials": "omit"}}, fetch={"credentials": "include"})


@every(WAYS)
def test_wrong_fetch_options_are_errors(run: Run, way: Way, servers: Servers) -> None:
    outcome = run("with_options", path="/echo", extensions={"fetch": {"credential": "include"}})
    assert outcome["classes"][0] == "LocalProtocolError"
    assert "unknown fetch option 'credential'" in outcome["message"]
    if way.incremental:
        wrong = {"cache": "only-if-cached"}  # fetch itself refuses it without same-origin
        outcome = run("with_options", path="/echo", extensions={"fetch": wrong})
        assert outcome["classes"][0] == "LocalProtocolError"


@every(WAYS)
def test_credentials_over_xhr_and_fetch_are_the_pages_own_by_default(
    run: Run, runtimes: Callable[..., Runtime], way: Way, servers: Servers
) -> None:
    runtimes(way.place, way.jspi).page.evaluate("document.cookie = 'seen=1; path=/'")
    own = run("echo", base=servers.page.origin)
    other = run("echo", base=servers.api.origin)
    names = [{name.lower() for name, _ in seen["headers"]} for seen in (own, other)]
    assert ["cookie" in found for found in names] == [True, False]


@every(WAYS)
def test_headers_that_a_preflight_refuses_can_be_dropped(
    run: Run, way: Way, servers: Servers
) -> None:
    outcome = run(
        "failure",
        method="GET",
        url=f"{servers.api.origin}/echo?refuse=x-stainless",
        headers={"x-stainless-os": "Emscripten"},
    )
    assert outcome["classes"][0] == "ConnectError"
    seen = run(
        "dropping",
        path=f"{servers.api.origin}/echo?refuse=x-stainless",
        headers={"x-stainless-os": "Emscripten", "x-kept": "1"},
        drop=["x-stainless-*"],
    )
    assert dict(seen["headers"])["x-kept"] == "1"
