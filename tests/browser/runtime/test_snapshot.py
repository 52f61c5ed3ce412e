"""Starting from the memory snapshot: the same answers as a normal start, and a way out of it."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playpage_site.links.legacy import legacy_link
from playwright.sync_api import Browser, Page, Route, expect
from support.playground import BOOT_MS, Playground, Site, Traffic, without_jspi
from support.starts import CHAT, CONFORMANCE, flip, watch


def facts(page: Page, site: Site) -> dict[str, str]:
    playground = Playground(page)
    playground.open(legacy_link(site.url, CONFORMANCE))
    expect(playground.console).to_contain_text("random", timeout=BOOT_MS)
    lines = playground.console.inner_text().splitlines()
    return dict(line.split(" ", 1) for line in lines if " " in line)


def test_plain_start_is_restored(site: Site, page: Page) -> None:
    """Nothing but time tells a reader that it was not; any other test fails then, too.

    That a test can fail so is checked with `falls_back` below.
    """
    asked_for = watch(page)
    playground = Playground(page)
    playground.open(legacy_link(site.url, CHAT))
    playground.chat()
    assert asked_for("heap")
    assert not asked_for("code-base")
    marks = page.evaluate("performance.getEntriesByType('mark').map((mark) => mark.name)")
    assert "playpage:module" in marks


@pytest.mark.falls_back
def test_same_answers_as_a_normal_start(browser: Browser, site: Site) -> None:
    """Restored with and without JSPI, and started normally, in a zone that is not the build's."""
    found = []
    for blocked, jspi in (("", True), ("", False), ("**/packs/heap-*", True)):
        with browser.new_context(timezone_id="Asia/Kathmandu") as context:
            page = context.new_page()
            asked_for = watch(page)
            if blocked:
                context.route(blocked, lambda route: route.abort())
            if not jspi:
                context.route("**/js/worker.js", without_jspi)
            found.append(facts(page, site))
            assert asked_for("code-base") is bool(blocked)
    first, second, normal = found
    # Numbers, names and gradio's secrets: none is the snapshot's.
    randoms = [one.pop("random").split() for one in found]
    assert [len(set(values)) for values in zip(*randoms, strict=True)] == [3] * 7
    assert [one.pop("jspi") for one in found] == ["True", "False", "True"]
    assert first == second == normal
    assert first["extension"] == "True [1, 'x', 2.5]"
    assert first["zone"] == "-20700 -20700 20700"
    assert first["pydantic"] == "int_parsing"


def cut(route: Route) -> None:
    body = route.fetch().body()
    route.fulfill(body=body[: len(body) // 2], content_type="application/octet-stream")


def missing(route: Route) -> None:
    route.fulfill(status=404, body="not here")


def hang(_route: Route) -> None:
    """Never answered."""


@pytest.mark.falls_back
@pytest.mark.parametrize("spoil", [missing, cut, flip, hang], ids=lambda f: f.__name__)
def test_bad_snapshot_ends_in_a_working_chat(
    spoil: Callable[[Route], None], site: Site, page: Page, traffic: Traffic
) -> None:
    asked_for = watch(page)
    heap = re.compile(r"/packs/heap-\w+\.pack")
    page.context.route(heap, spoil)
    if spoil is hang:
        page.clock.install()
    playground = Playground(page)
    with page.expect_request(heap):
        playground.open(legacy_link(site.url, CHAT))
    if spoil is hang:
        page.clock.fast_forward(20_000)
    playground.chat()
    assert asked_for("heap")
    assert asked_for("code-base")
    expect(playground.errors.locator("> *")).to_have_count(0)


def test_damaged_copy_in_the_cache_is_fetched_anew(site: Site, page: Page) -> None:
    """The first answer stands for the cache's; then the file is asked of the host itself."""
    asked_for = watch(page)
    answers = [flip]
    page.context.route(
        re.compile(r"/packs/heap-\w+\.pack"),
        lambda route: (answers.pop() if answers else Route.continue_)(route),
    )
    playground = Playground(page)
    playground.open(legacy_link(site.url, CHAT))
    playground.chat()
    assert not answers
    assert not asked_for("code-base"), "not restored"


def begin_worker_with(page: Page, script: str) -> None:
    """Let the worker's engine be another one in what this script changes."""

    def prepend(route: Route) -> None:
        response = route.fetch()
        route.fulfill(response=response, body=script + response.text())

    page.context.route("**/js/worker.js", prepend)


def use_slots(page: Page, count: int) -> None:
    """Let the worker's engine use this many slots more of the function table than V8 does."""
    grow = (
        "const table = WebAssembly.Table.prototype; const grow = table.grow;"
        "let once = true; table.grow = function (n, ...rest) {"
        f" if (once) {{ once = false; grow.call(this, {count}); }}"
        " return grow.call(this, n, ...rest); };"
    )
    begin_worker_with(page, grow)


def test_engine_that_lays_functions_out_otherwise(site: Site, page: Page) -> None:
    """All are moved, each but the last to where another was; ctypes asks the linker for some."""
    asked_for = watch(page)
    use_slots(page, 1)
    found = facts(page, site)
    assert not asked_for("code-base")
    assert found["pydantic"] == "int_parsing"
    assert found["linked"] == "hello 42"


#: Refuses what the snapshot needs at once. A start without it grows in small steps.
SHORT_OF_MEMORY = """
const {grow} = WebAssembly.Memory.prototype;
WebAssembly.Memory.prototype.grow = function (pages) {
  if (pages > 400) throw new RangeError("Maximum memory size exceeded");
  return grow.call(this, pages);
};
"""


@pytest.mark.falls_back
@pytest.mark.parametrize(
    ("script", "reason"),
    [(None, "more of the function table"), (SHORT_OF_MEMORY, "there is not enough memory")],
    ids=["table", "memory"],
)
def test_engine_that_cannot_hold_the_snapshot(
    script: str | None, reason: str, site: Site, page: Page
) -> None:
    if script:
        begin_worker_with(page, script)
    else:
        use_slots(page, 5000)
    warnings: list[str] = []
    page.on("console", lambda message: warnings.append(message.text))
    playground = Playground(page)
    playground.open(legacy_link(site.url, CHAT))
    playground.chat()
    assert any(reason in text for text in warnings), warnings


def test_plain_script_needs_no_snapshot(site: Site, page: Page, traffic: Traffic) -> None:
    asked_for = watch(page)
    playground = Playground(page)
    playground.open(legacy_link(site.url, "print('plain')"))
    expect(playground.console).to_contain_text("plain", timeout=BOOT_MS)
    assert not asked_for("heap")
