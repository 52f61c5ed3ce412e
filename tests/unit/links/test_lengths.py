"""What a link's length fits into: one table, read by the command line and by the page."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from playpage_site.common import ROOT
from playpage_site.links.lengths import describe_length, limits
from playpage_site.site.bundler import bundle

TABLE: list[dict[str, Any]] = json.loads((ROOT / "js/link/limits.json").read_text("utf-8"))


def test_limits_ascend() -> None:
    numbers = [limit for limit, _ in limits()]
    assert numbers == sorted(set(numbers))
    assert numbers == [row["characters"] for row in TABLE]
    assert "verdict" in TABLE[0]
    assert "verdict" in TABLE[-1]


@pytest.mark.parametrize(
    ("characters", "says"),
    [
        (2000, "2,000 characters. Short enough for any tool (2,000"),
        (2001, "2,001 characters. Too long for: any tool (2,000"),
        (2001, "Short enough for a Slack message in one piece"),
        (2_000_001, "a MediaWiki page (2,000,000)."),
    ],
)
def test_command_line_names_what_is_too_small(characters: int, says: str) -> None:
    assert says in describe_length("x" * characters)


def test_beyond_the_table_nothing_is_short_enough() -> None:
    assert "Short enough" not in describe_length("x" * 2_000_001)


def test_page_has_one_verdict_for_each_step(tmp_path: Path) -> None:
    entry, script = tmp_path / "entry.mjs", tmp_path / "lengths.mjs"
    entry.write_text(
        f'import {{ lengthVerdict }} from "{ROOT}/js/link/lengths.js";\n'
        "console.log(JSON.stringify(process.argv.slice(2).map((n) => lengthVerdict(Number(n)))));\n"
    )
    script.write_bytes(bundle([str(entry)]))
    lengths = [1, 2000, 2001, 8000, 8001, 32_000, 32_001, 2_000_000, 2_090_000]
    done = subprocess.run(
        ["node", script, *map(str, lengths)], stdout=subprocess.PIPE, check=True, text=True
    )
    verdicts = [row["verdict"] for row in TABLE if "verdict" in row]
    any_tool, most, few, wiki = verdicts
    assert json.loads(done.stdout) == [
        *(any_tool, any_tool, most, most, few, few, wiki, wiki, wiki),
    ]
