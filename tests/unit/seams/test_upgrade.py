"""What an upgrade would take, without asking any registry."""

from __future__ import annotations

from pathlib import Path

import pytest
from packaging.specifiers import SpecifierSet
from playpage_site.common import BuildError
from playpage_site.dev import lock, registries, upgrade
from playpage_site.dev.upgrade import Step, step
from playpage_site.registry.wheels import wheels


@pytest.mark.parametrize(
    ("versions", "caps", "expected", "line"),
    [
        (["1.0"], [], ("1.2", "1.2"), "it 1.2"),
        (["1.3", "1.2.1"], [], ("1.3", "1.3"), "it 1.2 -> 1.3"),
        (["2.1", "1.3"], [], ("2.1", "1.3"), "it 1.2 -> 2.1 (taken: 1.3)"),
        (["2.0rc1", "odd", "1.4.dev1"], [], ("1.2", "1.2"), "it 1.2"),
        (["1.3", "2"], [("user", "<2")], ("2", "1.3"), "it 1.2 -> 2 (taken: 1.3); capped: user <2"),
        (["2.0"], [], ("2.0", "1.2"), "it 1.2 -> 2.0 (another major version, not taken)"),
        (["1.3"], [("user", "==1.2")], ("1.3", "1.2"), "it 1.2 -> 1.3; capped: user ==1.2"),
    ],
)  # fmt: skip
def test_newest_of_the_major_version_within_the_caps(
    versions: list[str], caps: list[tuple[str, str]], expected: tuple[str, str], line: str
) -> None:
    made = step("it", "1.2", versions, [(who, SpecifierSet(spec)) for who, spec in caps])
    assert (made.newest, made.target) == expected
    assert str(made) == line


def test_requirements_of_others_are_caps() -> None:
    locked = wheels(["base", "gradio"])
    caps = dict(upgrade.requirements_of("aiofiles", locked))
    assert str(caps["gradio"]) == "<25.0,>=22.0"
    # gradio's own cap of pydantic is not kept; pydantic's of its core is.
    assert "gradio" not in dict(upgrade.requirements_of("pydantic", locked))
    assert str(dict(upgrade.requirements_of("pydantic-core", locked))["pydantic"]).startswith("==")


def test_only_targets_are_written_and_only_exact_pins(tmp_path: Path) -> None:
    file = tmp_path / "packages.toml"
    file.write_text('["a==1.0", "ab==1.0", "a==1.0.1", "b==2.0"]')
    steps = [Step("a", "1.0", "2.0", "1.5"), Step("b", "2.0", "3.0", "2.0", ("x <3",))]
    upgrade.replace_pins(file, steps, '"{name}=={version}"')
    assert file.read_text() == '["a==1.5", "ab==1.0", "a==1.0.1", "b==2.0"]'


def test_seams_of_a_version_that_moved_one_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """The wheel of another project stands for a version in which nothing is where it was."""
    found = {wheel.name: wheel.path for wheel in wheels(["base"])}
    monkeypatch.setattr(registries, "fetch", lambda *_, **__: found["sniffio"])
    lines = upgrade.moved_seams(Step("anyio", "4.16.0", "5.0", "4.16.0"))
    assert len(lines) == 2
    assert lines[1] == "anyio 5.0: anyio no longer has to_thread.run_sync"
    monkeypatch.setattr(registries, "fetch", lambda *_, **__: found["anyio"])
    assert upgrade.moved_seams(Step("anyio", "4.16.0", "4.17", "4.17")) == ["anyio 4.17: none"]
    assert upgrade.moved_seams(Step("anyio", "4.16.0", "4.16.0", "4.16.0")) == []
    assert upgrade.moved_seams(Step("idna", "3.20", "3.21", "3.21")) == []


def test_wheel_that_cannot_be_had_is_a_line(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> Path:
        raise BuildError("no network")

    monkeypatch.setattr(registries, "fetch", fail)
    step_ = Step("anyio", "4.16.0", "5.0", "4.16.0")
    assert upgrade.moved_seams(step_) == ["anyio 5.0: no network"]


def test_write_alone_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    for arguments in (["--write"], ["--seams", "--upgrade"], ["--tests", "--write"]):
        with pytest.raises(SystemExit) as exit_:
            lock.main(arguments)
        assert exit_.value.code == 2
    assert "--write belongs to --upgrade" in capsys.readouterr().err
