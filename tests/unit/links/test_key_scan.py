"""The search for keys: the same in Python and in the page, and never slow."""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from playpage_site.links.key_scan import scan

ROOT = Path(__file__).parents[3]
CASES: dict[str, Any] = json.loads((ROOT / "tests/golden/keys.json").read_text("utf-8"))
FOUND = [(line.replace("#", "abcdefghijklmnop"), what) for line, what in CASES["found"]]
FREE = [line.replace("#", "abcdefghijklmnop") for line in CASES["free"]]

SCRIPT = """
import { readFileSync } from "node:fs";
import { scan } from "./js/link/key-scan.js";
const texts = JSON.parse(readFileSync(0, "utf8"));
console.log(JSON.stringify(texts.map((text) => {
  const start = performance.now();
  const found = scan("a.py", text);
  return { found, s: (performance.now() - start) / 1000 };
})));
"""

#: For each text what was found, and how long it took, in seconds.
Scan = Callable[[list[str]], list[tuple[list[dict[str, Any]], float]]]


def in_python(texts: list[str]) -> list[tuple[list[dict[str, Any]], float]]:
    results = []
    for text in texts:
        start = time.perf_counter()
        found = [vars(finding) for finding in scan("a.py", text)]
        results.append((found, time.perf_counter() - start))
    return results


def in_javascript(texts: list[str]) -> list[tuple[list[dict[str, Any]], float]]:
    command = ["node", "--input-type=module", "-e", SCRIPT]
    done = subprocess.run(
        command, cwd=ROOT, input=json.dumps(texts).encode(), stdout=subprocess.PIPE, check=True
    )
    return [(result["found"], result["s"]) for result in json.loads(done.stdout)]


both = pytest.mark.parametrize("search", [in_python, in_javascript])


@both
def test_keys_are_found(search: Scan) -> None:
    for (line, what), (found, _) in zip(FOUND, search([f"\n{t}" for t, _ in FOUND]), strict=True):
        expected = [{"path": "a.py", "line": 2, "what": what}] if what else []
        assert found == expected, line


@both
def test_what_is_no_key_is_not(search: Scan) -> None:
    for line, (found, _) in zip(FREE, search(FREE), strict=True):
        assert found == [], line


@both
def test_long_texts_take_less_than_a_second(search: Scan) -> None:
    texts = ["api_key" * 140_000, "secret_ \n" * 110_000, "sk-" * 330_000, "://" * 330_000]
    texts += ["eyJ" * 330_000, '"' * 1_000_000, "-----BEGIN " * 90_000, "your " * 200_000]
    for text, (_, taken_s) in zip(texts, search(texts), strict=True):
        assert taken_s < 1, text[:20]


words = st.sampled_from(
    ["api_key", "API_KEY", "secret", "=", ":", " ", '"', "'", "sk-", "a" * 16, "eyJ", ".", "_", "ß"]
)


@settings(max_examples=15, deadline=None)
@given(st.lists(st.lists(words, max_size=12).map("".join), min_size=50, max_size=80))
def test_both_agree(texts: list[str]) -> None:
    python, javascript = in_python(texts), in_javascript(texts)
    assert [found for found, _ in python] == [found for found, _ in javascript]
