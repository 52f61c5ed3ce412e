"""What the table of sizes counts, and what `npm run bench` runs."""

from __future__ import annotations

from pathlib import Path

from bench import sizes
from playpage_site.dev import suite


def test_link_is_counted_whole() -> None:
    ((name, characters, link, old, ratio),) = sizes.link_rows([("a.py", "x" * 3000)])
    assert (name, characters) == ("`a.py`", "3,000")
    assert int(old.replace(",", "")) == len(sizes.BASE + "?demo=Hello_World&code=") + 4000
    assert len(sizes.BASE + "#v2.") < int(link) < 150
    assert ratio == f"{int(link) / int(old.replace(',', '')):.2f}"


def test_tables() -> None:
    text = sizes.tables([("`a.py`", "1", "2")], [("the site", "3.0", "2.0")])
    assert "| `a.py` | 1 | 2 |" in text
    assert "| the site | 3.0 | 2.0 |" in text


def test_options_reach_a_benchmark() -> None:
    assert suite.benchmarks([]) == [("sizes", []), ("boot", []), ("transport", [])]
    assert suite.benchmarks(["sizes", "--write"]) == [("sizes", ["--write"])]
    assert suite.benchmarks(["transport", "3"]) == [("transport", ["3"])]
    assert suite.benchmarks(["--rounds", "1"]) == [("boot", ["--rounds", "1"])]


def test_every_benchmark_is_there() -> None:
    folder = Path(__file__).parents[2] / "bench"
    assert all((folder / f"{name}.py").exists() for name in suite.BENCHMARKS)
