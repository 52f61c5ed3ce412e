"""The page's one state machine (js/runtime/runtime.js), over workers that are played in Node."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from playpage_site.common import find_node
from playpage_site.registry.platform import NODE_MAJOR

BOOT = {"type": "boot", "code": "hint", "mayRestore": True}
BOOT_AGAIN = {"type": "boot", "code": "code", "mayRestore": False}
WRITE = {"type": "writeFile", "path": "a.txt", "data": {"0": 0}}
RUN: dict[str, Any] = {"type": "run", "code": "code", "requirements": []}


@pytest.fixture(scope="module")
def played() -> dict[str, Any]:
    """What became of each case of runtime_cases.mjs."""
    node = find_node(NODE_MAJOR)
    if node is None:
        pytest.skip("no Node.js that has what browsers have")
    script = Path(__file__).with_name("runtime_cases.mjs")
    result = subprocess.run([node, str(script)], capture_output=True, text=True, timeout=60)
    assert result.returncode == 0, result.stderr
    cases: dict[str, Any] = json.loads(result.stdout)
    return cases


def test_one_at_a_time_in_one_worker_with_its_files_handed_over_once(played: Any) -> None:
    case = played["runs_twice"]
    assert case["log"] == [
        *("booting", "idle"),
        *("running", "idle", {"end": "script"}),
        *("running", "idle", {"end": "app"}),
    ]
    environment = {"type": "setEnvironment", "environment": {"LANG": "en"}}
    assert case["commands"] == [[BOOT, environment, WRITE, RUN, RUN]]
    assert case["ended"] == [False]


def test_a_failed_restore_falls_back_to_a_new_worker(played: Any) -> None:
    case = played["falls_back"]
    assert case["log"] == ["booting", "idle", "running", "idle", {"end": "script"}]
    assert case["commands"] == [[BOOT], [{**BOOT_AGAIN, "code": "hint"}, WRITE, RUN]]
    assert case["ended"] == [True, False]


def test_a_start_that_failed_is_tried_again_by_run(played: Any) -> None:
    case = played["fails"]
    reason = "Python could not be started. no memory"
    assert case["log"] == [
        *("booting", "failed", {"reason": reason, "hadStarted": False}),
        *("booting", "idle", "running", "idle", {"end": "app"}),
    ]
    assert case["ended"] == [True, True, False]


def test_a_program_that_needs_a_new_interpreter_gets_one_that_restores_nothing(played: Any) -> None:
    case = played["starts_anew"]
    assert case["log"] == ["booting", "idle", "running", "idle", {"end": "app"}]
    assert case["commands"] == [[BOOT, WRITE, RUN], [BOOT_AGAIN, WRITE, RUN]]
    assert case["ended"] == [True, False]


def test_a_stopped_program_and_its_requests_end(played: Any) -> None:
    case = played["stops"]
    assert case["log"] == ["booting", "idle", "running", "booting", "idle"]
    assert case["result"] == {"type": "end", "error": "The program was stopped."}
    assert case["ended"] == [True, False]


def test_death_of_python_is_a_failure_and_ends_requests(played: Any) -> None:
    case = played["dies"]
    died = {"reason": "Python broke down.", "hadStarted": True}
    assert case["log"][-3:] == [{"end": "app"}, "failed", died]
    assert case["result"] == {"type": "end", "error": "Python is not running."}
    assert case["ended"] == [True]


def test_an_overtaken_start_changes_nothing(played: Any) -> None:
    case = played["overtaken"]
    assert case["log"] == ["booting", "booting", "idle"]
    assert case["ended"] == [True, False]
