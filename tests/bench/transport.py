"""Measure the fetch transport beside what it is built on and what it replaces.

`python tests/bench/transport.py [ROUNDS]` prints medians of interleaved rounds, from one
worker in one browser, and fails when a bar is missed.
"""

from __future__ import annotations

import statistics
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / folder) for folder in ("tests", "py")]

from browser.transport.harness import Runtime, Servers  # noqa: E402
from playwright.sync_api import sync_playwright  # noqa: E402
from support.chromium import launch_chromium  # noqa: E402

STREAM_BYTES = 64 * 1024 * 1024
STREAMS = 3
POSTS = 40
RAW, PYFETCH, JSFETCH = "fetch in JavaScript", "pyfetch", "httpx2-jsfetch 1.0"
OURS2, OURS = "ours, httpx2", "ours, httpx"
NAMES = (RAW, PYFETCH, JSFETCH, OURS2, OURS)
COLUMNS = ("MB/s", "ms/POST", "first byte ms", "bytes after close", "ms to disconnect")

Row = dict[str, list[float]]


def measure(runtime: Runtime, servers: Servers, name: str, row: Row, mark: str) -> None:
    """One round of everything for one contender."""
    origin = servers.page.origin

    def do(what: str, url: str, repeat: int = 1) -> float | None:
        code = "from cases.contenders import main"
        result: float | None = runtime.run(
            code, name=name, what=what, url=origin + url, repeat=repeat
        )
        return result

    seconds = do("stream", f"/blast/{STREAM_BYTES}", STREAMS)
    assert seconds is not None
    row["MB/s"].append(STREAM_BYTES / 1e6 / seconds)
    seconds = do("post", "/status/200", POSTS)
    assert seconds is not None
    row["ms/POST"].append(seconds * 1000)
    got_ms = do("first_byte", f"/drip?n=2&gap=0.1&{mark}1")
    assert got_ms is not None
    [exchange] = servers.page.find(mark + "1")
    row["first byte ms"].append(got_ms - exchange.sends[1][0] * 1000)
    # A reply that nobody aborts must not hold one of the browser's six connections for long.
    closed_ms = do("close", f"/endless?size=4096&gap=0.001&life=3&{mark}2")
    if closed_ms is not None:
        [exchange] = servers.page.find(mark + "2")
        # Also so that the next contender has the machine for itself.
        while not (exchange.disconnected or exchange.finished):
            time.sleep(0.01)
        gone = exchange.disconnected or time.time()
        row["bytes after close"].append(exchange.bytes_after(closed_ms / 1000))
        row["ms to disconnect"].append(gone * 1000 - closed_ms)


def show(rows: dict[str, Row]) -> None:
    print(f"{'medians':22}" + "".join(f"{column:>19}" for column in COLUMNS))
    for name, row in rows.items():
        cells = []
        for column in COLUMNS:
            value = statistics.median(row[column]) if row[column] else None
            digits = 2 if column == "ms/POST" else 1 if "ms" in column else 0
            cells.append(f"{'-' if value is None else f'{value:,.{digits}f}':>19}")
        print(f"{name:22}" + "".join(cells))


def bars(rows: dict[str, Row]) -> bool:
    """Print each bar and whether it is met; answer whether all are."""

    def ratio(column: str, name: str, other: str) -> float:
        # Of each round, so that what slows the machine down slows both.
        pairs = zip(rows[name][column], rows[other][column], strict=True)
        return statistics.median(a / b for a, b in pairs)

    checks = []
    for ours in (OURS2, OURS):
        checks += [
            (f"{ours}: stream / {RAW}", ratio("MB/s", ours, RAW), ">=", 0.7),
            (f"{ours}: stream / {JSFETCH}", ratio("MB/s", ours, JSFETCH), ">=", 1.5),
            (f"{ours}: POST / {PYFETCH}", ratio("ms/POST", ours, PYFETCH), "<=", 1.3),
            (f"{ours}: KB after close", max(rows[ours]["bytes after close"]) / 1024, "<=", 64),
        ]
    good = True
    for text, value, relation, bar in checks:
        met = value >= bar if relation == ">=" else value <= bar
        good &= met
        print(f"{'ok  ' if met else 'MISS'} {text}: {value:.2f} ({relation} {bar})")
    return good


def main() -> int:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 7
    rows: dict[str, Row] = {name: {column: [] for column in COLUMNS} for name in NAMES}
    servers = Servers.start()
    with sync_playwright() as playwright:
        browser = launch_chromium(playwright)
        runtime = Runtime(browser, servers, "worker", True)
        for number in range(rounds + 1):
            print(f"round {number} of {rounds}{'' if number else ' (not counted)'}", flush=True)
            for name in (*NAMES[number % 5 :], *NAMES[: number % 5]):
                row = rows[name] if number else {column: [] for column in COLUMNS}
                measure(runtime, servers, name, row, f"r{number}{NAMES.index(name)}z")
        runtime.close()
        browser.close()
    servers.close()
    show(rows)
    return 0 if bars(rows) else 1


if __name__ == "__main__":
    sys.exit(main())
