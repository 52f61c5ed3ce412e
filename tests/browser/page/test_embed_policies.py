"""The page in another site's page: sandboxes and content-security policies."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect
from support.embedding import CHAT, chat, embedding, lines, picture, wiki_page
from support.playground import BOOT_MS

CORS = {"Access-Control-Allow-Origin": "*"}
#: All that the page needs of a content-security policy.
STRICT = {
    "script-src": "'self' 'unsafe-inline' 'wasm-unsafe-eval'",
    "worker-src": "'self'",
    "connect-src": "'self' data:",
    "frame-src": "'self'",
    "style-src": "'self' 'unsafe-inline'",
    "img-src": "'self' data:",
    "default-src": "'none'",
}


@pytest.mark.parametrize("sandbox", ["allow-scripts", "allow-scripts allow-same-origin"])
def test_sandboxed(page: Page, sandbox: str) -> None:
    headers = {} if "same-origin" in sandbox else CORS
    with embedding(headers) as site, wiki_page(page, lines(site, CHAT, sandbox=sandbox)):
        chat(page.frame_locator("iframe").first)
        picture(page, f"sandbox-{len(sandbox)}")


def test_sandbox_without_scripts(page: Page) -> None:
    with embedding() as site, wiki_page(page, lines(site, CHAT, sandbox="allow-same-origin")):
        notice = page.frame_locator("iframe").first.locator("noscript .notice")
        expect(notice).to_be_visible()
        expect(notice).to_contain_text("allow-scripts")
        picture(page, "no-scripts")


def test_sandbox_without_cors(page: Page) -> None:
    with embedding() as site, wiki_page(page, lines(site, CHAT, sandbox="allow-scripts")):
        message = page.frame_locator("iframe").first.locator("#message-text")
        expect(message).to_contain_text("allow-same-origin", timeout=BOOT_MS)
        expect(message).to_contain_text("Access-Control-Allow-Origin: *")
        picture(page, "no-cors")


def test_strict_policy_with_all_that_is_needed(page: Page) -> None:
    policy = "; ".join(f"{name} {value}" for name, value in STRICT.items())
    with embedding({"Content-Security-Policy": policy}) as site, wiki_page(page, lines(site, CHAT)):
        chat(page.frame_locator("iframe").first)


#: The page tries the snapshot, is refused, and tries without.
GIVEN_UP = pytest.mark.falls_back


@pytest.mark.parametrize(
    ("name", "value", "asked"),
    [
        pytest.param("script-src", "'self'", "script-src 'wasm-unsafe-eval'", marks=GIVEN_UP),
        pytest.param(
            "script-src", "'self' 'unsafe-inline'", "script-src 'wasm-unsafe-eval'", marks=GIVEN_UP
        ),
        pytest.param("worker-src", "'none'", "worker-src 'self'", marks=GIVEN_UP),
        pytest.param("connect-src", "'none'", "connect-src 'self' data:", marks=GIVEN_UP),
        ("frame-src", "'none'", "frame-src 'self'"),
        ("script-src", "'none'", "script-src 'self' 'wasm-unsafe-eval'"),
    ],
)
def test_policy_that_lacks_something_is_named(
    page: Page, name: str, value: str, asked: str
) -> None:
    policy = "; ".join(f"{n} {v}" for n, v in {**STRICT, name: value}.items())
    with embedding({"Content-Security-Policy": policy}) as site, wiki_page(page, lines(site, CHAT)):
        frame = page.frame_locator("iframe").first
        shown = frame.locator("#message-text:visible, #stuck:visible, #error-list:visible")
        expect(shown).to_contain_text(re.compile(re.escape(asked)), timeout=BOOT_MS)
        picture(page, f"policy-{name}-{len(value)}")
