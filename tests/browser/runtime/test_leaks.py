"""A page that stays open: what messages and re-runs leave behind, counted after collection.

Counts alone, no times: objects that live on are the same in number on every machine.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from playpage_site.links.legacy import legacy_link
from playwright.sync_api import CDPSession, Page, Worker, expect
from support.playground import BOOT_MS, Playground, Site, Traffic

MESSAGES = 25
RERUNS = 6

#: The program lends the test its interpreter; otherwise no page can reach into the worker.
CHAT = """
import gradio as gr, js, pyodide_js
js.globalThis.peek = pyodide_js
gr.ChatInterface(lambda words, history: words.upper(), type="messages", title="One").launch()
"""

COUNT = """
import asyncio, collections, gc, json
gc.collect()
kinds = collections.Counter(type(it).__name__ for it in gc.get_objects())
tasks = len(asyncio.all_tasks())
json.dumps({"tasks": tasks, **{name: kinds[name] for name in (
    "JsProxy", "PyodideTask", "coroutine", "Request", "Event", "Blocks", "Queue", "module")}})
"""


def worker_of(page: Page) -> Worker:
    [worker] = [it for it in page.workers if it.url.endswith("/worker.js")]
    return worker


def ports(cdp: CDPSession) -> int:
    """MessagePorts of the page that are alive, after a collection."""
    proto = cdp.send("Runtime.evaluate", {"expression": "MessagePort.prototype"})["result"]
    found = cdp.send("Runtime.queryObjects", {"prototypeObjectId": proto["objectId"]})["objects"]
    asked: dict[str, Any] = {"objectId": found["objectId"], "returnByValue": True}
    asked["functionDeclaration"] = "function () { return this.length }"
    count: int = cdp.send("Runtime.callFunctionOn", asked)["result"]["value"]
    return count


def counts(page: Page, cdp: CDPSession) -> dict[str, int]:
    """What is alive in Python, its references to JavaScript, and the page's ports."""
    page.wait_for_timeout(1000)  # requests that nobody waits for end
    cdp.send("HeapProfiler.collectGarbage")
    worker = worker_of(page)
    found: dict[str, int] = json.loads(worker.evaluate("code => peek.runPython(code)", COUNT))
    found["references"] = worker.evaluate("() => peek._module._hiwire_num_refs()")
    found["wasm MB"] = worker.evaluate("() => peek._module.HEAPU8.length / 1e6 | 0")
    found["ports"] = ports(cdp)
    return found


def growth(
    page: Page,
    cdp: CDPSession,
    step: Callable[[int], None],
    warm: int,
    turns: int,
    limits: Mapping[str, float],
) -> dict[str, float]:
    """What `turns` steps add to each count, a step, once `warm` have been done: those counts that
    grow by more than the limit of their name, or of "others".

    What is on its way out may take a while on a busy machine, so it is counted several times.
    """
    for turn in range(1, warm + 1):
        step(turn)
    before = counts(page, cdp)
    for turn in range(warm + 1, warm + turns + 1):
        step(turn)
    for _ in range(10):
        after = counts(page, cdp)
        grown = {name: (after[name] - before[name]) / turns for name in before}
        too_much = {
            name: by for name, by in grown.items() if by > limits.get(name, limits["others"])
        }
        if not too_much:
            break
    return too_much


def test_messages_leave_nothing(page: Page, site: Site, traffic: Traffic) -> None:
    """A request's ports, its references to JavaScript, its task and its event all go."""
    playground = Playground(page)
    playground.open(legacy_link(site.url, CHAT))
    cdp = page.context.new_cdp_session(page)

    def say(turn: int) -> None:
        playground.say(f"message {turn}")
        playground.expect_answer(f"MESSAGE {turn}", turn)

    assert growth(page, cdp, say, 5, MESSAGES, {"others": 0.25}) == {}


def test_reruns_leave_nothing(page: Page, site: Site, traffic: Traffic) -> None:
    """An app that was replaced goes, with its queue and its program's module."""
    playground = Playground(page)
    playground.open(legacy_link(site.url, CHAT))
    expect(playground.app.locator("textarea").last).to_be_visible(timeout=BOOT_MS)
    cdp = page.context.new_cdp_session(page)

    def rerun(turn: int) -> None:
        playground.set_code(CHAT.replace("One", f"Run {turn}"))
        playground.run()
        expect(playground.app.get_by_role("heading", name=f"Run {turn}")).to_be_visible()

    assert growth(page, cdp, rerun, 3, RERUNS, {"wasm MB": 5, "others": 0.5}) == {}
