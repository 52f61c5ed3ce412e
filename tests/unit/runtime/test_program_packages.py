"""Where a program's packages are taken from, with a host that only takes notes."""

from __future__ import annotations

import asyncio
import importlib.metadata
from pathlib import Path
from typing import Any

import pytest
from playpage.runtime.detect import read_needs
from playpage.runtime.errors import PackageUnavailableError
from playpage.runtime.packages import Bundle, Packages, forget_modules, module_names

BUNDLE = Bundle(
    layers={
        "base": {"httpx": "0.28.1"},
        "gradio": {"gradio": "5.45.0"},
        "openai": {"openai": "3.57.0"},
    },
    modules={"httpx": "base", "gradio": "gradio", "tqdm": "gradio", "openai": "openai"},
    absent=frozenset(),
    index_url="http://host/index/",
    index=frozenset({"openai"}),
    distribution={"numpy": "numpy", "PIL": "pillow", "openai": "openai", "surely_absent": "absent"},
)


class NotingHost:
    """Stands in for the worker, which only a browser has."""

    def __init__(self) -> None:
        self.layers: list[str] = []
        self.packages: list[str] = []

    async def load_layer(self, name: str) -> None:
        self.layers.append(name)

    async def load_distribution(self, packages: list[str]) -> str:
        self.packages += packages
        return "it could not be reached"


@pytest.fixture
def host(monkeypatch: pytest.MonkeyPatch) -> NotingHost:
    """A page in which nothing is installed."""

    def version(name: str) -> str:
        raise importlib.metadata.PackageNotFoundError(name)

    monkeypatch.setattr(importlib.metadata, "version", version)
    monkeypatch.setattr("playpage.runtime.packages.accepts", _accepts)
    return NotingHost()


def _accepts(requirement: str, version: str) -> bool:
    """As in the page, where micropip's own copy of packaging decides."""
    from packaging.requirements import Requirement

    return Requirement(requirement).specifier.contains(version)


def prepare(host: NotingHost, code: str, *requirements: str) -> bool:
    needs = read_needs(code)
    return asyncio.run(Packages(host, BUNDLE).prepare(needs, requirements))


def test_layers_of_the_imports_in_order(host: NotingHost) -> None:
    assert prepare(host, "import openai, gradio, httpx, json")
    assert host.layers == ["gradio", "openai"]


def test_plain_script_loads_none(host: NotingHost) -> None:
    assert prepare(host, "import json, httpx")
    assert (host.layers, host.packages) == ([], [])


def test_playpage_needs_both(host: NotingHost) -> None:
    assert prepare(host, "from playpage import AssistantChat")
    assert host.layers == ["gradio", "openai"]


@pytest.mark.parametrize("pin", ["openai==1.39.0", "openai<3"])
def test_pin_of_another_version_leaves_the_layer_out(host: NotingHost, pin: str) -> None:
    code = f"import micropip\nawait micropip.install({pin!r})\nimport openai"
    assert prepare(host, code)
    assert (host.layers, host.packages) == ([], [])


@pytest.mark.parametrize("pin", ["openai", "openai>=3", "openai==3.57.0"])
def test_pin_that_the_layer_meets_takes_it(host: NotingHost, pin: str) -> None:
    code = f"import micropip\nawait micropip.install({pin!r})\nimport openai"
    assert prepare(host, code)
    assert host.layers == ["openai"]


def test_package_out_of_reach(host: NotingHost) -> None:
    with pytest.raises(PackageUnavailableError, match=r"--with absent"):
        prepare(host, "import surely_absent")
    assert host.packages == ["absent"]


def test_package_that_the_program_installs_itself_is_left_to_it(host: NotingHost) -> None:
    code = "import micropip\nawait micropip.install('absent')\nimport surely_absent"
    assert prepare(host, code)
    assert host.packages == []


def test_bound_standin_asks_for_a_new_interpreter(
    host: NotingHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("playpage.runtime.packages.is_standin", lambda name: name == "numpy")
    code = "import gradio as gr\ngr.Image()"
    assert prepare(host, code) is False
    assert host.packages == []


def test_module_names_and_forgetting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import sys
    from types import ModuleType

    info = tmp_path / "some_thing-1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: some-thing\nVersion: 1\n")
    record = "some_thing/__init__.py,,\nsome_one.py,,\nsome_thing-1.dist-info/METADATA,,\n"
    (info / "RECORD").write_text(record)
    distribution: Any = importlib.metadata.Distribution.at(info)
    names = module_names(distribution)
    assert names == {"some_thing", "some_one"}
    for name in ("some_thing", "some_thing.part", "some_one", "some_thing_else"):
        monkeypatch.setitem(sys.modules, name, ModuleType(name))
    forget_modules(names)
    assert "some_thing_else" in sys.modules
    assert not {"some_thing", "some_thing.part", "some_one"} & sys.modules.keys()
