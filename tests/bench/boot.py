"""How long until a chat can be typed into, beside a bare `loadPyodide()` in the same run.

`npm run bench`, or `python tests/bench/boot.py --rounds 5`. Every start has a fresh browser
and profile, on loopback; what is compared is measured in turns, and the medians of the rounds
and their ratios are printed. Absolute times say little on another machine.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Set
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "py"), str(ROOT / "tests")]

from bench import boot_table as table  # noqa: E402
from bench.browsers import fresh_profile  # noqa: E402
from bench.host import KINDS  # noqa: E402
from bench.import_profile import profile_imports  # noqa: E402
from bench.long_run import long_run  # noqa: E402
from bench.slow_cpu import slowed  # noqa: E402
from bench.starts import Bench, StartError, answer, benching, say  # noqa: E402
from bench.undisturbed import undisturbed  # noqa: E402
from playpage_site.cli.main import build_if_changed  # noqa: E402
from playwright.sync_api import Playwright, sync_playwright  # noqa: E402
from support.documents import BENCHMARKS, write_between_markers  # noqa: E402

PARTS = ("cold", "second", "rerun", "slow", "cpu", "bytes", "memory")
CPU_TIMES = 4
RERUNS = 3

#: How long a reader stays before the second visit. Chromium keeps compiled WebAssembly only
#: when no function was optimised for 2 s.
STAY_MS = 3000

#: The slow starts take minutes: only in the first round, and every so many after it.
SLOW_EVERY = 2


def main() -> int:
    options = read_options()
    build_if_changed()
    try:
        with benching() as bench, sync_playwright() as playwright:
            if options.imports:
                print(profile_imports(playwright, bench, options.rounds))
            elif options.long:
                print(long_run(playwright, bench))
            else:
                for number in range(options.rounds):
                    say(f"round {number + 1} of {options.rounds}")
                    run_round(playwright, bench, options.only, number)
                report(bench, options)
    except StartError as error:
        say(f"The benchmark failed: {error}")
        return 1
    return 0


def read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", type=_parts, default=set(PARTS), help=", ".join(PARTS))
    parser.add_argument("--json", type=Path, help="write every sample to this file")
    parser.add_argument("--write", action="store_true", help="write docs/benchmarks.md")
    parser.add_argument("--imports", action="store_true", help="instead: profile the imports")
    parser.add_argument("--long", action="store_true", help="instead: 50 re-runs, 200 messages")
    options = parser.parse_args()
    if options.rounds < 1:
        parser.error("--rounds must be at least 1")
    return options


def _parts(text: str) -> set[str]:
    parts = {part.strip() for part in text.split(",") if part.strip()}
    if unknown := sorted(parts - set(PARTS)):
        raise argparse.ArgumentTypeError(f"no such part: {', '.join(unknown)}")
    return parts


def run_round(playwright: Playwright, bench: Bench, only: Set[str], number: int) -> None:
    """Every start of `only` once; the slow ones not in every round."""
    subjects = ("bare", "ours") if number % 2 == 0 else ("ours", "bare")

    def pairs(how: str, subjects: tuple[str, ...]) -> None:
        def visits() -> None:
            for subject in subjects:
                visit_pair(playwright, bench, how, subject, only)

        undisturbed(bench, visits)

    if only & {"cold", "second", "rerun", "bytes"}:
        pairs("plain", subjects)
    if "memory" in only:
        for subject in subjects:
            with fresh_profile(playwright) as profile:
                page = bench.visit(profile, f"memory {subject} cold")
                page.wait_for_timeout(2000)
                bench.add(f"memory {subject} cold pss", profile.tab_pss_bytes())
    if number % SLOW_EVERY:
        return
    if "slow" in only:
        for how in ("50", "10"):
            pairs(how, (*subjects, "normal"))
    if "cpu" in only:
        pairs("cpu", subjects)


def visit_pair(
    playwright: Playwright, bench: Bench, how: str, subject: str, only: Set[str]
) -> None:
    """One browser: a cold visit, and a second one in it; then what an open page can do."""
    plain, again = how == "plain", "second" in only
    rerun = plain and subject == "ours" and "rerun" in only
    with fresh_profile(playwright) as profile:

        def visits() -> None:
            page = bench.visit(profile, f"{how} {subject} cold", plain and subject == "ours")
            if again and subject != "normal":
                page.wait_for_timeout(STAY_MS)
                bench.add_later_traffic(f"{how} {subject} cold")
                page = bench.visit(profile, f"{how} {subject} second")
            if rerun:
                for turn in range(RERUNS):
                    bench.add("plain ours open rerun", bench.rerun(page, turn))
                answer(page, 1)  # or it could not be used after all
                bench.add("plain ours open restart", bench.restart(page))

        if how == "cpu":
            if profile.main_pid is None:
                say("    the browser's processes were not found: no slow CPU")
                return
            with slowed(profile.main_pid, CPU_TIMES):
                visits()
        else:
            visits()


def report(bench: Bench, options: argparse.Namespace) -> None:
    samples, only = bench.samples, options.only
    print(f"Start: medians of {options.rounds} interleaved rounds, fresh browser, loopback\n")
    print(table.start_table(samples))
    if only & {"slow", "cpu"}:
        slow = -(-options.rounds // SLOW_EVERY)
        print(f"\nReady on a slow line or CPU, medians of {slow}. {table.SLOWNESS}\n")
        print(table.slow_table(samples))
    if "bytes" in only:
        print("\nUntil ready, cold: requests, and bytes of bodies\n")
        print(table.traffic_table(samples, KINDS))
    if "memory" in only:
        print("\nMemory of the tab's process (PSS), cold, 2 s after it was ready\n")
        print(table.memory_table(samples))
    for visit in ("cold", "second"):
        if stages := table.stage_table(samples, f"plain ours {visit}"):
            print(f"\nThe page's own marks, {visit}\n\n{stages}")
    print(f"\nBars\n\n{table.bar_table(samples)}")
    if options.json:
        options.json.write_text(json.dumps(samples, indent=1), "utf-8")
    if options.write:
        text = table.document_text(samples, options.rounds, os.cpu_count())
        write_between_markers(BENCHMARKS, text, table.BEGIN, table.END)


if __name__ == "__main__":
    sys.exit(main())
