"""Which way a start takes: by the line's speed, by what is cached, and on plain http."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playpage_site.links.legacy import legacy_link
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, Route, expect
from support.chromium import launch_chromium, launch_profile
from support.playground import BOOT_MS, Playground, Site
from support.starts import CHAT, flip, watch
from support.watched import Watched, watching

#: 10 Mbit/s.
SLOW_BYTES_PER_S = 10e6 / 8


def chat(context: BrowserContext, watched: Watched) -> set[str]:
    """Open a chat in a new tab and have an answer; gives the packs that were asked for."""
    watched.seen.clear()
    page = context.new_page()
    playground = Playground(page)
    playground.open(legacy_link(watched.url, CHAT))
    playground.chat()
    expect(playground.errors.locator("> *")).to_have_count(0)
    page.close()
    return {match[1] for path in watched.seen if (match := re.search(r"/packs/(.+)-", path))}


def test_fast_line_takes_the_snapshot_and_a_cached_one_is_used_on_a_slow_line(
    playwright_: Playwright, tmp_path: Path
) -> None:
    """In a profile on disk: Chromium's cache in memory takes no file of the snapshot's size."""
    for attempt in range(4):
        profile = tmp_path / str(attempt)
        with watching(looks_fast=False) as watched, launch_profile(playwright_, profile) as context:
            # A machine that is busy with other things may be too late to see how fast it was.
            if not {"start", "heap"} <= chat(context, watched):
                continue
            watched.bytes_per_s = SLOW_BYTES_PER_S
            # Neither again, as the name of a pack holds its hash. Late files may still come.
            assert not {"start", "heap", "code-base"} & chat(context, watched)
            return
    pytest.fail("never restored")


def test_slow_line_takes_the_code_and_stays_with_it(browser: Browser) -> None:
    """At a later visit, too: the code is cached, the snapshot would have to be fetched."""
    with watching(looks_fast=False) as watched, browser.new_context() as context:
        watched.bytes_per_s = SLOW_BYTES_PER_S
        first = chat(context, watched)
        assert "heap" not in first
        assert {"start", "stdlib", "code-base", "code-gradio", "code-openai"} <= first
        watched.bytes_per_s = None
        assert not {"start", "heap", "stdlib", "code-base"} & chat(context, watched)


#: The whole of a file at once, as the cache may give it.
IN_ONE_PART = """
const usual = self.fetch;
self.fetch = async (...request) => {
  const response = await usual(...request);
  const bytes = new Uint8Array(await response.arrayBuffer());
  const body = new ReadableStream({ start: (to) => (to.enqueue(bytes), to.close()) });
  return new Response(body, response);
};
"""


def test_pack_that_comes_in_one_part(site: Site, page: Page) -> None:
    """There is no time to measure, and no need to wait for one."""
    asked_for = watch(page)

    def prepend(route: Route) -> None:
        response = route.fetch()
        route.fulfill(response=response, body=IN_ONE_PART + response.text())

    page.context.route("**/js/unpacker.js", prepend)
    playground = Playground(page)
    playground.open(legacy_link(site.url, CHAT))
    playground.chat()
    assert asked_for("heap")
    assert not asked_for("code-base"), "not restored"


def test_plain_http_has_no_crypto_subtle_and_chats(playwright_: Playwright) -> None:
    """Only https and loopback addresses are secure contexts; a wiki's own server may be neither."""
    browser = launch_chromium(playwright_, "--host-resolver-rules=MAP wiki.test 127.0.0.1")
    with watching() as watched:
        watched.url = f"http://wiki.test:{watched.port}/"
        context = browser.new_context()
        page = context.new_page()
        page.goto(watched.url + "licenses.txt")
        assert page.evaluate("[isSecureContext, typeof crypto.subtle]") == [False, "undefined"]
        packs = chat(context, watched)
    browser.close()
    assert "heap" in packs
    assert "code-base" not in packs


@pytest.mark.falls_back
@pytest.mark.parametrize("pack", ["start", "stdlib"])
def test_damaged_pack_that_every_start_needs_is_named_until_it_is_mended(
    pack: str, site: Site, page: Page
) -> None:
    asked_for = watch(page)
    # Without the snapshot, which would need no standard library.
    page.context.route(re.compile(r"/packs/heap-"), lambda route: route.abort())
    damaged = re.compile(rf"/packs/{pack}-\w+\.pack")
    page.context.route(damaged, flip)
    playground = Playground(page)
    playground.open(legacy_link(site.url, CHAT))
    sentence = rf"packs/{pack}-\w+\.pack is not the file this page was built with"
    expect(page.locator("body")).to_contain_text(re.compile(sentence), timeout=BOOT_MS)
    assert asked_for(pack)
    page.context.unroute(damaged)
    page.get_by_role("button", name="Run").click()
    playground.chat()


@pytest.mark.falls_back
def test_unpacker_that_does_not_arrive(site: Site, page: Page) -> None:
    """Python's worker then fetches and decompresses by itself."""
    page.context.route("**/js/unpacker.js", lambda route: route.fulfill(status=404))
    playground = Playground(page)
    playground.open(legacy_link(site.url, CHAT))
    playground.chat()
