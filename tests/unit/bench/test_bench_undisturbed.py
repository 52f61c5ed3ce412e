"""What the benchmark keeps when the machine was busy with others."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from bench import undisturbed


def keep(shares: list[float], monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The samples after one measuring, whose n-th attempt loses the n-th share and notes n."""
    bench: Any = SimpleNamespace(samples={"x": [7.0]})
    times = [at for share in shares for at in ((0, 0), (round(100 - 100 * share), 100 * share))]
    monkeypatch.setattr(undisturbed, "cpu_times", lambda: times.pop(0))
    calls: list[float] = []

    def measure() -> None:
        calls.append(len(calls))
        bench.samples["x"].append(calls[-1])

    undisturbed.undisturbed(bench, measure)
    return cast("list[float]", bench.samples["x"])


def test_a_quiet_measuring_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    assert keep([0.01], monkeypatch) == [7, 0]


def test_a_disturbed_one_is_made_again(monkeypatch: pytest.MonkeyPatch) -> None:
    assert keep([0.5, 0.2, 0.0], monkeypatch) == [7, 2]


def test_the_least_disturbed_is_kept_where_all_are(monkeypatch: pytest.MonkeyPatch) -> None:
    shares = [0.5, 0.4, 0.2, 0.3, 0.6, 0.7]
    assert len(shares) == undisturbed.ATTEMPTS
    assert keep(shares, monkeypatch) == [7, 2]


def test_stolen_time_is_read(tmp_path: Path) -> None:
    stat = tmp_path / "stat"
    stat.write_text("cpu  10 1 20 500 5 2 3 40 0 0\ncpu0 1 1 1 1 1 1 1 1 0 0\n")
    assert undisturbed.cpu_times(stat) == (36, 40)
    assert undisturbed.cpu_times(tmp_path / "none") == (0, 0)
