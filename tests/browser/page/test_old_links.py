"""Links of the old playground open here and chat, with every third-party host blocked.

The project's own three stand for the three encodings that were in use. Links from the
wild are added from the folder that PLAYPAGE_LEGACY names, where it is there.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from playpage_site.demo import ASSISTANT_ID, DEMO_KEY, running_service
from playpage_site.dev.legacy import LEGACY
from playwright.sync_api import BrowserContext, Page, expect
from support.playground import Playground, Site, Traffic, lead_to

GOLDEN = Path(__file__).resolve().parents[2] / "golden" / "links.json"


def own_links() -> list[tuple[str, str]]:
    entries = json.loads(GOLDEN.read_text("utf-8"))["links"]
    return [(entry["encoding"], entry["query"]) for entry in entries]


def wild_links() -> list[tuple[str, str]]:
    return [
        (path.stem, path.read_text("utf-8").strip()) for path in sorted(LEGACY.glob("link-*.txt"))
    ]


@pytest.mark.parametrize(("name", "link"), own_links() + wild_links(), ids=lambda value: value[:20])
def test_old_link_chats(
    name: str, link: str, site: Site, page: Page, context: BrowserContext, traffic: Traffic
) -> None:
    playground = Playground(page)
    with running_service() as service:
        playground.open(f"{site.url}?{link.partition('?')[2]}")
        playground.wait_until_ended()
        code = _text_of(link)
        host = re.search(r"https://([^/\"]+)/api/assts/v1", code)
        assert host is not None
        lead_to(context, traffic, host[1], service.url)

        filled = _fill_in(code, DEMO_KEY)
        playground.set_code(filled)
        playground.run()
        playground.say("hello")
        playground.expect_answer("demo assistant")
        playground.say("weather in Taipei")
        playground.expect_answer("Taipei", turn=2)
        calls = [record for record in service.log if record.path.endswith("/pluginapi")]
        assert len(calls) == 1

        playground.set_code(_fill_in(code, "wrong-key"))
        playground.run()
        playground.say("hello again")
        expect(playground.app.get_by_text(re.compile("401|key", re.I)).first).to_be_visible(
            timeout=30_000
        )
        expect(playground.errors).to_contain_text("401")
        assert DEMO_KEY not in " ".join(traffic.seen)


def _text_of(link: str) -> str:
    from playpage_site.links.legacy import decode_link

    code = decode_link(link).code
    assert code is not None
    return code


def _fill_in(code: str, key: str) -> str:
    """What the reader types: the key and the id, into the two empty strings."""
    code, keys = re.subn(r'(?m)^API_KEY = ""', f'API_KEY = "{key}"', code)
    code, ids = re.subn(r'(?m)^ASSISTANT_ID = ""', f'ASSISTANT_ID = "{ASSISTANT_ID}"', code)
    assert (keys, ids) == (1, 1)
    return code
