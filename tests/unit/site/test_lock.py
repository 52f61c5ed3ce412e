"""The lock is complete for the browser, and a file that differs from it stops the build."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from pathlib import Path

import pytest
from playpage_site.common import BuildError
from playpage_site.dev.lock import PACKAGES
from playpage_site.registry import npm
from playpage_site.registry import wheels as fetch
from playpage_site.registry.requirements_check import missing_requirements
from playpage_site.registry.wheels import Wheel, check, read_lock, wheels

LAYERS = ("base", "gradio", "openai", "index")


@pytest.fixture(scope="module")
def locked() -> list[Wheel]:
    return wheels(LAYERS)


def test_lock_holds_just_what_packages_toml_names() -> None:
    packages = tomllib.loads(PACKAGES.read_text("utf-8"))
    named = {r for layer in packages["layers"].values() for r in layer}
    assert {f"{w.name}=={w.version}" for w in read_lock()} == named


def test_every_requirement_is_met(locked: list[Wheel]) -> None:
    provided = tomllib.loads(PACKAGES.read_text("utf-8"))["provided"]
    assert missing_requirements(locked, provided) == []


def test_missing_requirement_is_found(locked: list[Wheel]) -> None:
    without = [wheel for wheel in locked if wheel.name != "anyio"]
    assert any("anyio" in problem for problem in missing_requirements(without, {}))


def test_file_that_differs_is_named_with_both_hashes(
    locked: list[Wheel], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wheel = min(locked, key=lambda w: w.size)
    monkeypatch.setattr(fetch, "CACHE", tmp_path)
    content = bytearray((Path(__file__).parents[3] / ".cache/wheels" / wheel.file).read_bytes())
    content[-1] ^= 1
    wheel.path.write_bytes(content)
    monkeypatch.setattr(fetch, "read_lock", lambda: [wheel])
    with pytest.raises(BuildError) as raised:
        wheels([wheel.layer])
    message = str(raised.value)
    assert wheel.file in message
    assert f"expected: sha256 {wheel.sha256}" in message
    assert f"found:    sha256 {fetch.sha256(wheel.path)}" in message


def test_npm_tarball_that_differs_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    npm.tarball_files("pyodide", "package.json")
    (real,) = npm.CACHE.glob("pyodide-*.tgz")
    (tmp_path / real.name).write_bytes(real.read_bytes() + b"x")
    monkeypatch.setattr(npm, "CACHE", tmp_path)
    with pytest.raises(BuildError, match=r"(?s)pyodide-.*expected: sha512.*found:    sha512"):
        npm.tarball_files("pyodide", "")


def test_check_accepts_the_locked_file(locked: list[Wheel]) -> None:
    check(locked[0].path, locked[0].sha256)
    with pytest.raises(BuildError):
        check(locked[0].path, replace(locked[0], sha256="0" * 64).sha256)
