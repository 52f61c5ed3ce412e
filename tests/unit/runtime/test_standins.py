"""Stand-ins let an import succeed and name what is missing when they are used."""

from __future__ import annotations

import importlib
import math
import sys
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import pytest
from playpage.runtime import standins
from playpage.runtime.errors import PackageUnavailableError
from playpage.runtime.standins import StandInFinder, is_standin, lenient_standins


@pytest.fixture(autouse=True)
def _standins_first(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The finder, before whatever of these packages this machine has."""
    hidden = {n: m for n, m in sys.modules.items() if n.partition(".")[0] in standins.PROJECTS}
    for name in hidden:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr(sys, "meta_path", [StandInFinder(), *sys.meta_path])
    yield
    for name in [n for n in sys.modules if n.partition(".")[0] in standins.PROJECTS]:
        del sys.modules[name]


def module(name: str) -> Any:
    return importlib.import_module(name)


def test_names_serve_in_annotations_and_type_tests() -> None:
    numpy, pillow = module("numpy"), module("PIL.Image")
    assert numpy.ndarray | None is None
    assert str | numpy.ndarray is str
    assert not isinstance(3, numpy.ndarray)
    assert not isinstance(3, pillow.Image)
    assert is_standin("numpy")
    assert not is_standin("json")


def test_use_names_the_package_and_the_remedy() -> None:
    with pytest.raises(PackageUnavailableError, match=r"numpy\.array\(\).*--with numpy"):
        module("numpy").array([1])
    with pytest.raises(PackageUnavailableError, match="--with pillow"):
        module("PIL.Image").open("x.png")
    with pytest.raises(PackageUnavailableError, match="--with pandas"):
        module("pandas").io.parsers.read_csv("x")


def test_use_is_let_pass_only_while_gradio_is_imported() -> None:
    with lenient_standins():
        assert module("PIL.Image").init() is None
    with pytest.raises(PackageUnavailableError):
        module("PIL.Image").init()


@pytest.mark.parametrize("value", [math.inf, -math.inf, math.nan])
def test_orjson_writes_no_number_that_json_has_not(value: float) -> None:
    orjson = module("orjson")
    assert orjson.dumps({"x": [value, 1.5]}) == b'{"x":[null,1.5]}'


def test_orjson_keeps_unicode_and_asks_the_default() -> None:
    orjson = module("orjson")
    assert orjson.loads(orjson.dumps({"ключ": "值"})) == {"ключ": "值"}
    assert orjson.dumps({"m": ModuleType}, default=lambda x: x.__name__) == b'{"m":"module"}'
    with pytest.raises(TypeError):
        orjson.dumps(object())
