"""js/seams/pyodide.js lists what snapshots need of Pyodide's Module, and names what is missing."""

from __future__ import annotations

import json
import subprocess

from playpage_site.common import ROOT
from playpage_site.registry.npm import tarball_files

PROGRAM = """
import { MODULE_KEYS, missingKeys } from "./js/seams/pyodide.js";
const inner = {
  API: {
    serializeHiwireState() {}, restoreSnapshot() {}, config: {}, public_api: {},
  },
  LDSO: { loadedLibsByName: {}, loadedLibsByHandle: {} },
};
const samples = { object: {}, function() {}, number: 1 };
const whole = () => ({
  ...Object.fromEntries(Object.entries(MODULE_KEYS).map(([key, type]) => [key, samples[type]])),
  API: { ...inner.API },
  LDSO: { ...inner.LDSO },
});
const without = {};
for (const key of Object.keys(MODULE_KEYS)) {
  const Module = whole();
  delete Module[key];
  without[key] = missingKeys(Module);
}
for (const [owner, object] of Object.entries(inner)) {
  for (const key of Object.keys(object)) {
    const Module = whole();
    delete Module[owner][key];
    without[`${owner}.${key}`] = missingKeys(Module);
  }
}
const otherwise = missingKeys({ ...whole(), growMemory: 1 });
console.log(JSON.stringify({ none: missingKeys(whole()), without, otherwise }));
"""


def test_each_missing_member_is_named() -> None:
    command = ["node", "--input-type=module", "-e", PROGRAM]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert result.returncode == 0, result.stderr
    found = json.loads(result.stdout)
    assert found["none"] == []
    assert len(found["without"]) > 20
    for key, missing in found["without"].items():
        assert key in missing
        assert all(name.startswith(key) for name in missing)
    assert found["otherwise"] == ["growMemory"]


def test_options_that_pyodide_does_not_document_are_read_by_the_locked_one() -> None:
    """It would ignore one that it has renamed, and a start would silently be something else."""
    files = tarball_files("pyodide", "")
    text = (files["pyodide.mjs"] + files["pyodide.asm.mjs"]).decode()
    for name in (
        *("createPyodideModule", "_makeSnapshot", "_loadSnapshot", "_sysExecutable"),
        *("_snapshotDeserializer", "restoreSnapshot", "on_fatal", "instantiateStreaming"),
    ):
        assert f".{name}" in text, name
