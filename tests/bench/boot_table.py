"""Tables of what was measured, in Markdown, and the text of docs/benchmarks.md.

Pure functions of `Samples`: lists of numbers by name, as tests/bench/starts.py fills them.
What was not measured is a dash in a table, and a bar without a verdict.
"""

from __future__ import annotations

import statistics
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

Samples = Mapping[str, Sequence[float]]

BEGIN, END = "<!-- bench:boot -->", "<!-- /bench:boot -->"
BARE = "plain bare cold ready"
DASH = "–"

#: Row title, and the name of what it shows.
STARTS = (
    ("bare `loadPyodide()`", BARE),
    ("bare `loadPyodide()`, second visit", "plain bare second ready"),
    ("first paint", "plain ours cold first paint"),
    ("Python and the runtime ready", "plain ours cold Python ready"),
    ("chat box accepts input", "plain ours cold ready"),
    ("chat box accepts input, second visit", "plain ours second ready"),
    ("first answer, from navigation, typing included", "plain ours cold answer"),
    ("first answer, from Enter", "plain ours cold Enter to answer"),
    ("Run after an edit, until the new app can be used", "plain ours open rerun"),
    ("Restart, until the chat box of a new Python accepts input", "plain ours open restart"),
)

SLOW = (
    ("10 Mbit/s", "10"),
    ("50 Mbit/s", "50"),
    ("CPU 4x slower", "cpu"),
)

SLOWNESS = (
    "The host's line is shared by all connections and 40 ms pass before each answer; a CPU 4x "
    "slower is the whole browser standing still for three quarters of the time."
)


def median(samples: Samples, name: str) -> float | None:
    """The middle one, or the mean of the middle two; None when nothing was measured."""
    return statistics.median(samples[name]) if samples.get(name) else None


def ratio(samples: Samples, name: str, base: str) -> float | None:
    """Of the medians."""
    value, unit = median(samples, name), median(samples, base)
    return value / unit if value is not None and unit else None


def number(value: float | None, digits: int = 0) -> str:
    return DASH if value is None else f"{value:,.{digits}f}"


def markdown(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table, its first column to the left and the numbers to the right."""
    lines = ["| " + " | ".join(head) + " |", "| --- |" + " ---: |" * (len(head) - 1)]
    return "\n".join([*lines, *("| " + " | ".join(row) + " |" for row in rows)])


def start_table(samples: Samples) -> str:
    rows = [
        (title, number(median(samples, name)), number(ratio(samples, name, BARE), 2))
        for title, name in STARTS
        if samples.get(name)
    ]
    return markdown(("", "ms", "ratio"), rows)


def slow_table(samples: Samples) -> str:
    """A row for each condition and visit: bare, ours, and ours started without the snapshot."""
    rows = []
    for title, how in SLOW:
        for visit, said in (("cold", title), ("second", f"{title}, second visit")):
            names = [f"{how} {who} {visit} ready" for who in ("bare", "ours", "normal")]
            if samples.get(names[1]):
                shown = [number(median(samples, name)) for name in names]
                rows.append((said, *shown, number(ratio(samples, names[1], names[0]), 2)))
    head = ("", "bare, ms", "chat, ms", "chat without snapshot, ms", "chat / bare")
    return markdown(head, rows)


def traffic_table(samples: Samples, kinds: Sequence[str]) -> str:
    """Until ready, cold: requests, MB as sent, MB as a host sends that gzips text and wasm.

    Its last row is what came after that, while the reader wrote a message and stayed.
    """

    def cells(who: str, kind: str) -> list[str]:
        sizes = [median(samples, f"plain {who} cold {what} {kind}") for what in ("bytes", "gzip")]
        megabytes = [None if size is None else size / 1e6 for size in sizes]
        requests = number(median(samples, f"plain {who} cold requests {kind}"))
        return [requests, *(number(size, 2) for size in megabytes)]

    titles = {**{kind: kind for kind in (*kinds, "all")}, "later": "after that"}
    rows = [(title, *cells("ours", kind), *cells("bare", kind)) for kind, title in titles.items()]
    head = ["", "chat: requests", "MB", "MB with gzip", "bare: requests", "MB", "MB with gzip"]
    return markdown(head, rows)


def memory_table(samples: Samples) -> str:
    rows = []
    for title, who in (("bare", "bare"), ("chat", "ours")):
        name = f"memory {who} cold pss"
        value = median(samples, name)
        megabytes = None if value is None else value / 1e6
        shown = number(ratio(samples, name, "memory bare cold pss"), 2)
        rows.append((title, number(megabytes), shown))
    return markdown(("", "MB", "ratio"), rows)


def stage_table(samples: Samples, start: str) -> str:
    """The page's own marks in the order of their medians, each with the time since the last.

    "" when the page set none.
    """
    prefix = f"{start} mark "
    names = [name for name in samples if name.startswith(prefix) and samples[name]]
    found = sorted((statistics.median(samples[name]), name.removeprefix(prefix)) for name in names)
    rows, before = [], 0.0
    for at, mark in found:
        rows.append((mark, number(at), number(at - before)))
        before = at
    return markdown(("mark", "ms", "since the one before"), rows) if rows else ""


@dataclass(frozen=True)
class Bar:
    """A figure that is to stay at or below `limit`; without a limit it is there to compare."""

    title: str
    value: float | None
    limit: float | None

    @property
    def verdict(self) -> str:
        if self.limit is None or self.value is None:
            return DASH
        return "met" if self.value <= self.limit else "**missed**"


def bars(samples: Samples) -> list[Bar]:
    def megabytes(name: str) -> float | None:
        value = median(samples, name)
        return None if value is None else value / 1e6

    second, usual = "plain ours second ready", "10 normal cold ready"
    return [
        Bar("chat ready / bare", ratio(samples, "plain ours cold ready", BARE), 0.8),
        Bar("chat ready on the second visit / bare", ratio(samples, second, BARE), 0.6),
        Bar(
            "the same / bare's own second visit",
            ratio(samples, second, "plain bare second ready"),
            None,
        ),
        Bar("first paint / bare", ratio(samples, "plain ours cold first paint", BARE), 0.1),
        Bar("Run after an edit / bare", ratio(samples, "plain ours open rerun", BARE), 0.2),
        Bar(
            "10 Mbit/s: chat ready / without the snapshot",
            ratio(samples, "10 ours cold ready", usual),
            1.0,
        ),
        Bar("MB with gzip until ready", megabytes("plain ours cold gzip all"), 20.0),
        Bar("the same without the snapshot", megabytes("10 normal cold gzip all"), 12.0),
        Bar("requests until ready", median(samples, "plain ours cold requests all"), 40.0),
        Bar(
            "memory of the tab / bare",
            ratio(samples, "memory ours cold pss", "memory bare cold pss"),
            2.0,
        ),
    ]


def bar_table(samples: Samples) -> str:
    rows = [
        (bar.title, number(bar.value, 2), number(bar.limit, 1), bar.verdict)
        for bar in bars(samples)
    ]
    return markdown(("bar", "value", "at most", ""), rows)


def document_text(samples: Samples, rounds: int, cores: int | None) -> str:
    """What stands between the markers: what was measured where, and two tables."""
    machine = f"a machine with {cores} cores" if cores else "one machine"
    parts = [
        f"Medians of {rounds} interleaved rounds on {machine}, each start in a fresh browser "
        "and profile, on loopback.",
        start_table(samples),
    ]
    if any(samples.get(f"{how} ours cold ready") for _, how in SLOW):
        parts += [
            f"The same, until the chat box accepts input, when slowed down. {SLOWNESS}",
            slow_table(samples),
        ]
    sizes = [median(samples, f"plain ours cold {what} all") for what in ("bytes", "gzip")]
    requests = median(samples, "plain ours cold requests all")
    if requests is not None and None not in sizes:
        sent, zipped = (number(size / 1e6, 1) for size in sizes if size is not None)
        parts.append(
            f"Until then the browser made {requests:.0f} requests for {sent} MB, {zipped} MB "
            "from a host that gzips text and WebAssembly."
        )
    pss = [median(samples, f"memory {who} cold pss") for who in ("ours", "bare")]
    if pss[0] and pss[1]:
        parts.append(
            f"The tab then takes {pss[0] / 1e6:,.0f} MB of memory, {pss[0] / pss[1]:.1f} times "
            f"that of the bare one."
        )
    # Sentences as wide as the rest of the document; a table's rows stay lines.
    return "\n\n".join(part if part[0] == "|" else textwrap.fill(part, 100) for part in parts)
