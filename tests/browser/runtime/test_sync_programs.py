"""Desktop code with the SDK's synchronous client runs from a link, with JSPI and without."""

from __future__ import annotations

import re

import pytest
from playpage_site.demo import ASSISTANT_ID, DEMO_KEY, running_service
from playpage_site.dev.legacy import LEGACY
from playpage_site.links.legacy import legacy_link
from playwright.sync_api import BrowserContext, Page, expect
from support.playground import BOOT_MS, Playground, Site, Traffic, lead_to, without_jspi
from support.sync_program import HOST, OWN

PROGRAMS = {"own": (OWN, HOST, "In Rome it is")}
if (LEGACY / "sync-snippet.py").exists():
    snippet = (LEGACY / "sync-snippet.py").read_text("utf-8")
    host = re.search(r"https://([^/']+)/api", snippet)
    assert host is not None
    PROGRAMS["snippet"] = (snippet, host[1], "What do you think about this image?")


@pytest.mark.parametrize("jspi", [True, False], ids=["jspi", "no-jspi"])
@pytest.mark.parametrize("name", PROGRAMS)
def test_synchronous_program_prints_its_answer(
    name: str, jspi: bool, site: Site, page: Page, context: BrowserContext, traffic: Traffic
) -> None:
    code, host, answer = PROGRAMS[name]
    for variable, value in (("API_KEY", DEMO_KEY), ("ASSISTANT_ID", ASSISTANT_ID)):
        code, filled = re.subn(rf"(?m)^{variable} = ''", f"{variable} = '{value}'", code)
        assert filled == 1
    with running_service() as service:
        lead_to(context, traffic, host, service.url)
        if not jspi:
            context.route("**/js/worker.js", without_jspi)
        playground = Playground(page)
        playground.open(legacy_link(site.url, code))
        expect(playground.console).to_contain_text(answer, timeout=BOOT_MS)
        playground.wait_until_ended()
        expect(playground.errors.locator("> *")).to_have_count(0)
        if not jspi:
            expect(playground.console).to_contain_text("XMLHttpRequest")
