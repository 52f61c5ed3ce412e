"""The helper that changes something of a third party refuses what is not the seam."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from playpage.patches.check import check_live, resolve
from playpage.patches.seam import Seam, SeamMoved, assign, is_replaced, name_of, replace


class Theirs:
    """Somebody's class."""

    value = 1

    def method(self) -> str:
        return "theirs"

    @classmethod
    def of_class(cls) -> str:
        return cls.__name__

    @staticmethod
    def static() -> str:
        return "static"


@pytest.fixture
def owner() -> Any:
    """A class whose members are those of `Theirs`, for one test."""
    return type("Copy", (Theirs,), {})


NAME = f"{__name__}.Theirs"


def test_original_is_returned_and_can_be_called(owner: Any) -> None:
    def method(self: Any) -> str:
        return f"ours over {original(self)}"

    original = replace(owner, "method", method, seam=f"{NAME}.method")
    assert owner().method() == "ours over theirs"
    assert is_replaced(owner.method)
    assert not is_replaced(Theirs.method)


def test_replaced_again_the_original_is_still_theirs(owner: Any) -> None:
    def put(number: int) -> None:
        def method(self: Any) -> str:
            return f"{number} over {original(self)}"

        original = replace(owner, "method", method, seam=f"{NAME}.method")

    put(1)
    put(2)
    assert owner().method() == "2 over theirs"


@pytest.mark.parametrize(("name", "kind"), [("of_class", classmethod), ("static", staticmethod)])
def test_class_and_static_methods(owner: Any, name: str, kind: Any) -> None:
    for _ in range(2):
        original = replace(owner, name, kind(lambda *_: "ours"), seam=f"{NAME}.{name}")
        assert original() in ("Copy", "static")
        assert getattr(owner(), name)() == "ours"
        assert is_replaced(getattr(owner, name))


@pytest.mark.parametrize(
    ("name", "seam", "problem"),
    [
        ("gone", f"{NAME}.gone", r"\.Theirs\.gone: Copy has no 'gone' any more$"),
        (
            "static",
            f"{NAME}.method",
            r"\.Theirs\.method: 'static' of Copy is .*\.Theirs\.static now$",
        ),
        ("value", f"{NAME}.value", r"'value' of Copy is \. now$"),
    ],
)
def test_what_is_not_the_seam_is_left_and_named(
    owner: Any, name: str, seam: str, problem: str
) -> None:
    before = dict(vars(owner))
    with pytest.raises(SeamMoved, match=problem):
        replace(owner, name, lambda *_: None, seam=seam)
    assert dict(vars(owner)) == before


def test_only_what_is_there_is_assigned(owner: Any) -> None:
    assign(owner, "value", 2, seam="their.value")
    assert owner.value == 2
    with pytest.raises(SeamMoved, match=r"^their\.value: Copy has no 'valeu' any more$"):
        assign(owner, "valeu", 3, seam="their.value")
    assert not hasattr(owner, "valeu")


def test_live_attributes_that_are_missing_are_named() -> None:
    seam = Seam("m.C.f", needs=("a", "other.m.b"), secrets=("key",))
    check_live(SimpleNamespace(a=1, key=""), seam)
    for missing, there in (("a", {"key": ""}), ("key", {"a": 1})):
        with pytest.raises(SeamMoved, match=rf"^m\.C\.f: SimpleNamespace has no '{missing}'"):
            check_live(SimpleNamespace(**there), seam)


@pytest.mark.parametrize(
    "name", ["no_such_module.x", "json.no_such", "json.decoder.JSONDecoder.no"]
)
def test_name_that_resolves_to_nothing_is_named(name: str) -> None:
    with pytest.raises(SeamMoved, match=name.replace(".", r"\.")):
        resolve(name, Seam(name))


def test_names_resolve_to_what_they_name() -> None:
    import json

    decode = resolve("json.decoder.JSONDecoder.decode", Seam("x"))
    assert decode is json.JSONDecoder.decode
    assert name_of(decode) == "json.decoder.JSONDecoder.decode"
    load: Any = resolve("importlib._bootstrap._load_unlocked", Seam("x"))
    assert name_of(load) == "importlib._bootstrap._load_unlocked"
