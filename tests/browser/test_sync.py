"""Desktop code with the SDK's synchronous client runs from a link, with JSPI and without."""

from __future__ import annotations

import re

import pytest
from browser.playground import BOOT_MS, Playground, Site, Traffic, lead_to, without_jspi
from links import legacy_link
from playwright.sync_api import BrowserContext, Page, expect
from servers.assistants import ASSISTANT_ID, DEMO_KEY, running_service
from start import LEGACY

HOST = "assistants.example"

OWN = f"""\
import json
from openai import OpenAI

API_KEY = ''
ASSISTANT_ID = ''
client = OpenAI(base_url="https://{HOST}/api/assts/v1", api_key=API_KEY)
thread = client.beta.threads.create()
client.beta.threads.messages.create(thread.id, role="user", content="weather in Rome")
run = client.beta.threads.runs.create_and_poll(thread_id=thread.id, assistant_id=ASSISTANT_ID)
while run.status == "requires_action":
    outputs = []
    for call in run.required_action.submit_tool_outputs.tool_calls:
        answer = client._client.post(
            f"{{client.base_url}}pluginapi",
            params={{"tid": thread.id, "aid": ASSISTANT_ID, "pid": call.function.name}},
            headers={{"Authorization": f"Bearer {{API_KEY}}"}},
            json=json.loads(call.function.arguments),
        )
        outputs.append({{"tool_call_id": call.id, "output": answer.text}})
    run = client.beta.threads.runs.submit_tool_outputs_and_poll(
        run_id=run.id, thread_id=thread.id, tool_outputs=outputs
    )
messages = client.beta.threads.messages.list(thread_id=thread.id, order="desc")
print(messages.data[0].content[0].text.value)
"""

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
        lead_to(context, host, service.url)
        if not jspi:
            context.route("**/js/worker.js", without_jspi)
        playground = Playground(page)
        playground.open(legacy_link(site.url, code))
        expect(playground.console).to_contain_text(answer, timeout=BOOT_MS)
        playground.wait_until_ended()
        expect(playground.errors.locator("> *")).to_have_count(0)
        if not jspi:
            expect(playground.console).to_contain_text("XMLHttpRequest")
