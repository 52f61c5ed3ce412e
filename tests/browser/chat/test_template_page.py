"""The template app, opened by a link, against the real test service with its real CORS."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from playpage_site.demo import ASSISTANT_ID, DEMO_KEY, Service, running_service
from playpage_site.dev.start import demo_program
from playpage_site.links.legacy import legacy_link
from playwright.sync_api import Page, expect
from support.playground import Playground, Site, Traffic


@pytest.fixture
def service() -> Iterator[Service]:
    with running_service() as service:
        yield service


def test_conversation_with_a_typed_key(
    site: Site, page: Page, service: Service, traffic: Traffic
) -> None:
    """One thread for the conversation, a tool call, and the thread deleted when cleared."""
    playground = Playground(page)
    playground.open(legacy_link(site.url, demo_program(service.base_url, ASSISTANT_ID, "")))
    playground.say("hello")
    playground.expect_answer("Type the key")
    key = playground.app.locator("input[type=password]")
    key.fill("wrong")
    playground.say("hello")
    playground.expect_answer("does not accept this key", turn=2)
    # What could not be sent is still in the box.
    expect(playground.app.locator("textarea").last).to_have_value("hello")

    key.fill(DEMO_KEY)
    playground.say("hello")
    playground.expect_answer("demo assistant", turn=3)
    playground.say("weather in Lima")
    playground.expect_answer("Lima", turn=4)
    assert len(service.open_threads) == 1
    playground.app.get_by_role("button", name="Clear", exact=True).last.click()
    expect(playground.app.locator(".message.bot")).to_have_count(0)
    expect(key).to_have_value(DEMO_KEY)
    ends_s = time.monotonic() + 20
    while service.open_threads and time.monotonic() < ends_s:
        page.wait_for_timeout(50)
    assert service.open_threads == []
    assert len(service.deleted_threads) == 1
    assert DEMO_KEY not in " ".join(traffic.seen)
    assert page.evaluate("JSON.stringify({...localStorage, ...sessionStorage})").find(DEMO_KEY) < 0


def test_service_out_of_reach(site: Site, page: Page, traffic: Traffic) -> None:
    with running_service() as service:
        address = service.base_url
    playground = Playground(page)
    playground.open(legacy_link(site.url, demo_program(address, ASSISTANT_ID, DEMO_KEY)))
    playground.say("hello")
    playground.expect_answer("cannot be reached")
