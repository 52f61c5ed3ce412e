"""One chat that the tests take turns at: to open a page takes longer than most of them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playpage_site.demo import ASSISTANT_ID, Service, running_service
from playwright.sync_api import Browser, expect
from support.chats import Chat, open_chat
from support.playground import Site


@pytest.fixture(scope="session")
def service() -> Iterator[Service]:
    with running_service(piece_s=0.02, clock_s=0.1) as service:
        yield service


@pytest.fixture(scope="session")
def unhurried_service() -> Iterator[Service]:
    """A service whose answers take long enough to be seen coming, and to be stopped."""
    with running_service(piece_s=0.03, slow_s=8) as service:
        yield service


@pytest.fixture(scope="session")
def idle_chats() -> Iterator[list[Chat]]:
    """The page of the last test, if it was left in order."""
    chats: list[Chat] = []
    yield chats
    for chat in chats:
        chat.playground.page.context.close()


@pytest.fixture
def chat(
    browser: Browser,
    site: Site,
    unhurried_service: Service,
    idle_chats: list[Chat],
    request: pytest.FixtureRequest,
) -> Iterator[Chat]:
    """A new conversation; in a new page if the last test has failed."""
    if idle_chats:
        chat = idle_chats.pop()
    else:
        context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
        keywords = f"assistant_id={ASSISTANT_ID!r}, examples=['hello'], follow_ups=['say more']"
        chat = open_chat(context.new_page(), site, unhurried_service, keywords)
    failed_before = request.session.testsfailed
    yield chat
    if request.session.testsfailed == failed_before:
        expect(chat.playground.errors.locator("> *")).to_have_count(0)
        chat.start_anew()
        idle_chats.append(chat)
    else:
        chat.playground.page.context.close()
