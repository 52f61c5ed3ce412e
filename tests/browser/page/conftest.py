"""Pages of which a test needs the surroundings of the app alone."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page
from support.playground import Traffic, without_python

#: The editor is a script of its own, loaded late.
EDITOR = re.compile(r"/js/chunk-.*\.js$")


@pytest.fixture
def still(page: Page, traffic: Traffic) -> Page:
    """A page whose Python stays at its first stage."""
    without_python(page)
    return page


@pytest.fixture
def plain(still: Page) -> Page:
    """One that keeps the plain text box, too, which has the whole text."""
    still.route(EDITOR, lambda route: route.abort())
    return still
