"""The benchmark's tables: medians, ratios, bars, and the document's part between its markers."""

from __future__ import annotations

import pytest
from bench import boot_table as table
from bench.host import KINDS, Line, kind_of
from bench.import_profile import Import, import_report
from support.documents import put_between_markers

SAMPLES = {
    "plain bare cold ready": [1000.0, 3000.0, 2000.0],
    "plain ours cold ready": [1500.0, 1700.0, 1600.0],
    "plain ours second ready": [1300.0],
    "plain ours cold first paint": [100.0],
    "plain ours cold mark wasm": [900.0, 700.0, 800.0],
    "plain ours cold mark worker": [50.0],
    "plain ours cold gzip all": [21_500_000.0],
    "plain ours cold bytes all": [40_000_000.0],
    "plain ours cold requests all": [40.0],
    "10 ours cold ready": [9000.0],
    "10 normal cold ready": [10000.0],
}


def test_median() -> None:
    assert table.median(SAMPLES, "plain bare cold ready") == 2000
    assert table.median({"x": [1.0, 2.0]}, "x") == 1.5
    assert table.median({"x": []}, "x") is None
    assert table.median({}, "x") is None


def test_start_table_has_the_ratio_to_bare_and_leaves_out_what_was_not_measured() -> None:
    rows = table.start_table(SAMPLES).splitlines()
    assert rows[2] == "| bare `loadPyodide()` | 2,000 | 1.00 |"
    assert "| chat box accepts input | 1,600 | 0.80 |" in rows
    assert not any("Restart" in row for row in rows)


def test_bars() -> None:
    bars = {bar.title: bar for bar in table.bars(SAMPLES)}
    assert bars["chat ready / bare"].verdict == "met"  # at the bar is within it
    assert bars["chat ready on the second visit / bare"].value == 0.65
    assert bars["chat ready on the second visit / bare"].verdict == "**missed**"
    assert bars["the same / bare's own second visit"].verdict == table.DASH
    assert bars["10 Mbit/s: chat ready / without the snapshot"].value == 0.9
    assert bars["MB with gzip until ready"].value == 21.5
    assert bars["MB with gzip until ready"].verdict == "**missed**"
    assert bars["requests until ready"].verdict == "met"
    assert bars["memory of the tab / bare"].verdict == table.DASH


def test_without_bare_no_bar_is_met() -> None:
    bars = table.bars({"plain ours cold ready": [1.0]})
    assert {bar.verdict for bar in bars} == {table.DASH}


def test_stages_in_order_with_their_differences() -> None:
    rows = table.stage_table(SAMPLES, "plain ours cold").splitlines()[2:]
    assert rows == ["| worker | 50 | 50 |", "| wasm | 800 | 750 |"]
    assert table.stage_table(SAMPLES, "plain ours second") == ""


def test_traffic_by_kind_and_what_came_later() -> None:
    samples = {**SAMPLES, "plain ours cold bytes later": [2_500_000.0]}
    rows = table.traffic_table(samples, KINDS).splitlines()[2:]
    assert len(rows) == len(KINDS) + 2
    assert rows[-2] == "| all | 40 | 40.00 | 21.50 | – | – | – |"
    assert rows[-1] == "| after that | – | 2.50 | – | – | – | – |"


def test_slow_table_shows_only_what_ran() -> None:
    rows = table.slow_table(SAMPLES).splitlines()[2:]
    assert rows == ["| 10 Mbit/s | – | 9,000 | 10,000 | – |"]


def test_document_text_goes_between_the_markers() -> None:
    document = f"before\n{table.BEGIN}\nold | text\n{table.END}\nafter\n"
    text = table.document_text(SAMPLES, 3, 2)
    new = put_between_markers(document, text, table.BEGIN, table.END)
    assert new.startswith(f"before\n{table.BEGIN}\nMedians of 3 interleaved rounds on a machine")
    assert new.endswith(f"\n{table.END}\nafter\n")
    assert "old" not in new
    assert "40 requests for 40.0 MB, 21.5 MB" in new
    assert put_between_markers(new, text, table.BEGIN, table.END) == new


@pytest.mark.parametrize(
    "document",
    [
        "no markers",
        f"only {table.BEGIN}",
        f"{table.END} before {table.BEGIN}",
        f"{table.BEGIN}{table.END}{table.BEGIN}{table.END}",
        f"{table.END}{table.BEGIN}{table.END}",
    ],
)
def test_markers_that_are_not_there_once(document: str) -> None:
    with pytest.raises(ValueError, match="each once"):
        put_between_markers(document, "text", table.BEGIN, table.END)


def test_every_path_has_a_kind() -> None:
    paths = {
        "/site/pyodide/pyodide.asm.wasm": "wasm",
        "/site/packs/heap-b80378504141.pack": "packs",
        "/pyodide/python_stdlib.zip": "stdlib",
        "/site/packs/stdlib-7fa4c0778f0d.pack": "stdlib",
        "/site/js/main.js": "scripts",
        "/pyodide/pyodide.mjs": "scripts",
        "/site/lite/assets/Textbox-CwUOFQzi.js": "front end",
        "/site/": "other",
    }
    assert {path: kind_of(path) for path in paths} == paths
    assert set(paths.values()) == set(KINDS)


def test_line_is_shared(monkeypatch: pytest.MonkeyPatch) -> None:
    """8 kbit/s: two kilobytes take two seconds, whoever sends them."""
    slept: list[float] = []
    monkeypatch.setattr("bench.host.time.monotonic", lambda: 100.0)
    monkeypatch.setattr("bench.host.time.sleep", slept.append)
    line = Line(8000)
    line.wait(1000)
    line.wait(1000)
    assert slept == pytest.approx([0.9, 1.9])  # it was idle before: 0.1 s in hand


def test_import_report_sums_by_package() -> None:
    imports = [
        Import("gradio", 0.5, 0.9),
        Import("gradio.blocks", 0.4, 0.4),
        Import("openai", 0.2, 0.2),
    ]
    report = import_report(imports)
    assert "3 modules, 1,100.0 ms" in report
    assert "| `gradio` | 500.0 | 900.0 |" in report
    assert "| `gradio` | 2 | 900.0 |" in report
