"""Does a page that stays open get slower or bigger? Many re-runs, and one long conversation."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence

from bench.boot_table import markdown, number
from bench.browsers import Profile, fresh_profile
from bench.starts import Bench, answer, say
from playwright.sync_api import Page, Playwright

EARLY = 5
RERUNS = 50
MESSAGES = 200


def long_run(playwright: Playwright, bench: Bench) -> str:
    """Do both, each in a fresh browser, and give the report, in Markdown.

    A time is the median of the five up to that one, so that one hiccup does not decide.
    """

    def rerun(page: Page, turn: int) -> float:
        return bench.rerun(page, turn)

    def message(page: Page, turn: int) -> float:
        ms = answer(page, turn)
        return ms["answer"] - ms["enter"]

    rows: list[Sequence[str]] = []
    for title, count, step in (
        ("Run after an edit", RERUNS, rerun),
        ("message and its answer", MESSAGES, message),
    ):
        with fresh_profile(playwright) as profile:
            page = bench.visit(profile, "plain ours cold")
            rows += _repeat(title, count, step, profile, page)
    return markdown(("", "turn", "ms", "to the first", "tab MB", "to the first"), rows)


def _repeat(
    title: str,
    count: int,
    step: Callable[[Page, int], float],
    profile: Profile,
    page: Page,
) -> list[Sequence[str]]:
    """A row for the EARLY turn and one for the last, each with its memory 2 s after."""
    times: list[float] = []
    seen: list[tuple[int, float, int | None]] = []
    for turn in range(1, count + 1):
        times.append(step(page, turn))
        if turn in (EARLY, count):
            page.wait_for_timeout(2000)
            seen.append((turn, statistics.median(times[-EARLY:]), profile.tab_pss_bytes()))
        if turn % 25 == 0:
            say(f"    {title} {turn}: {times[-1]:,.0f} ms")
    _, first_ms, first_bytes = seen[0]
    rows: list[Sequence[str]] = []
    for turn, ms, size in seen:
        megabytes = None if size is None else size / 1e6
        growth = size / first_bytes if size and first_bytes else None
        rows.append(
            (
                title,
                str(turn),
                number(ms),
                number(ms / first_ms, 2),
                number(megabytes),
                number(growth, 2),
            )
        )
    return rows
