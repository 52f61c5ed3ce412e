"""Which imports of a chat cost how much, in the page's own Python.

As `-X importtime` does, the time of every import of a module that was not there yet is
taken, and what it imported itself is taken off. Measured with the snapshot off, in which
everything is imported already. What the runtime imports before any program runs is not in it:
that is part of starting Python.
"""

from __future__ import annotations

import json
from statistics import median
from typing import NamedTuple

from bench.boot_table import markdown
from bench.browsers import fresh_profile
from bench.starts import LIMIT_MS, Bench, conditions, say
from playwright.sync_api import Playwright, expect
from support.playground import Playground

TOP = 30

# Two programs around the chat's, in the same Python. They import nothing that it needs.
BEGIN = """\
import _frozen_importlib, sys, time
found, inner, load = [], [0.0], _frozen_importlib._find_and_load
def timed(name, import_):
    inner.append(0.0)
    began = time.perf_counter()
    try:
        return load(name, import_)
    finally:
        took = time.perf_counter() - began
        found.append((name, took - inner.pop(), took))
        inner[-1] += took
_frozen_importlib._find_and_load = timed
sys.playpage_imports = found
"""
END = """\
import json, sys
for one in sys.playpage_imports:
    print("IMPORT", json.dumps(one))
print("IMPORTS END")
"""


class Import(NamedTuple):
    """One module's import; seconds. `all_s` is with what it imported itself."""

    name: str
    own_s: float
    all_s: float


def profile_imports(playwright: Playwright, bench: Bench, rounds: int) -> str:
    """Run the chat in as many fresh browsers, and give the report, in Markdown: of every
    module the medians, as a single import may meet a pause for collecting garbage."""
    found: dict[str, list[Import]] = {}
    for number in range(rounds):
        say(f"round {number + 1} of {rounds}")
        for one in _imports_of_one_start(playwright, bench):
            found.setdefault(one.name, []).append(one)
    return import_report(
        [
            Import(name, median(one.own_s for one in some), median(one.all_s for one in some))
            for name, some in found.items()
        ]
    )


def _imports_of_one_start(playwright: Playwright, bench: Bench) -> list[Import]:
    with fresh_profile(playwright) as profile:
        page = profile.page()
        bench.host.conditions = conditions("plain")
        playground = Playground(page)
        page.goto(bench.url("normal", BEGIN))
        expect(page.locator("#state")).to_have_text("Ready", timeout=LIMIT_MS)
        for program in (bench.program, END):
            playground.set_code(program)
            playground.run()
        expect(playground.console).to_contain_text("IMPORTS END")
        printed = playground.console.inner_text().splitlines()
    rows = [line.removeprefix("IMPORT ") for line in printed if line.startswith("IMPORT ")]
    return [Import(*json.loads(row)) for row in rows]


def import_report(imports: list[Import]) -> str:
    """The costliest modules by their own time, and the sum of each top-level package."""
    if not imports:
        return "Nothing was imported: the chat's modules were there before it ran."
    total_s = sum(one.own_s for one in imports)
    packages: dict[str, list[float]] = {}
    for one in imports:
        packages.setdefault(one.name.partition(".")[0], []).append(one.own_s)

    def ms(seconds: float) -> str:
        return f"{seconds * 1000:,.1f}"

    costliest = sorted(imports, key=lambda one: -one.own_s)[:TOP]
    sums = sorted(packages.items(), key=lambda item: -sum(item[1]))
    return "\n\n".join(
        (
            f"Imports of the chat, snapshot off: {len(imports)} modules, {ms(total_s)} ms.",
            markdown(
                ("module", "own, ms", "with its imports, ms"),
                [(f"`{one.name}`", ms(one.own_s), ms(one.all_s)) for one in costliest],
            ),
            markdown(
                ("package", "modules", "own, ms"),
                [(f"`{name}`", str(len(owns)), ms(sum(owns))) for name, owns in sums[:TOP]],
            ),
        )
    )
