"""Stand-in modules for packages that gradio imports and a chat never uses.

gradio imports numpy, pandas, Pillow, orjson, PyYAML, brotli, ffmpy and audioop when it
is imported. None has a wheel for the browser on the package index. A stand-in lets the
import succeed; the first real use of it raises PackageUnavailableError with the remedy.
orjson is the exception: gradio serialises every answer with it, so it works.
"""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from types import ModuleType
from typing import Any

from .errors import PackageUnavailableError, package_unavailable

#: Import name to the project that has the real module.
PROJECTS = {
    "PIL": "pillow",
    "audioop": "audioop-lts",
    "brotli": "brotli",
    "ffmpy": "ffmpy",
    "numpy": "numpy",
    "orjson": "orjson",
    "pandas": "pandas",
    "yaml": "pyyaml",
}


#: True while gradio is being imported: it calls a few of these at module level
#: (`PIL.Image.init()`), which has no effect on a chat.
_lenient = False


@contextmanager
def lenient_standins() -> Iterator[None]:
    """Let stand-ins be called, to no effect, within this block."""
    global _lenient
    _lenient = True
    try:
        yield
    finally:
        _lenient = False


class _Missing(type):
    """A class that can be named, subscripted and united in annotations, but not used."""

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("__") and name.endswith("__"):
            raise AttributeError(name)
        return _missing(f"{cls.__qualname__}.{name}")

    def __call__(cls, *_args: Any, **_kwargs: Any) -> Any:
        if _lenient:
            return None
        top_level = cls.__qualname__.partition(".")[0]
        raise PackageUnavailableError(
            package_unavailable([PROJECTS[top_level]], f"{cls.__qualname__}()")
        )

    def __getitem__(cls, _item: Any) -> Any:
        return cls

    def __or__(cls, other: Any) -> Any:
        return other

    __ror__ = __or__


def _missing(qualified_name: str) -> Any:
    return _Missing(qualified_name, (), {})


class _StandIn(ModuleType):
    """A module of which every attribute is a `_Missing` class."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.__path__: list[str] = []

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") and name.endswith("__"):
            raise AttributeError(name)
        value = _missing(f"{self.__name__}.{name}")
        setattr(self, name, value)
        return value


def _orjson() -> ModuleType:
    """orjson's dumps and loads over pydantic_core and json.

    Infinity and NaN become null, as in orjson: JSON has no such numbers, and the front
    end's parser refuses them.
    """
    from pydantic_core import PydanticSerializationError, to_json

    def dumps(
        value: Any, default: Callable[[Any], Any] | None = None, option: int | None = None
    ) -> bytes:
        def fallback(item: Any) -> Any:
            # What orjson does with numpy's arrays and scalars (OPT_SERIALIZE_NUMPY).
            if hasattr(item, "tolist"):
                return item.tolist()
            if default is None:
                raise TypeError(f"Type is not JSON serializable: {type(item).__name__}")
            return default(item)

        indent = 2 if option and option & 1 else None
        try:
            return to_json(value, fallback=fallback, inf_nan_mode="null", indent=indent)
        except PydanticSerializationError as error:
            raise TypeError(str(error)) from error

    module = ModuleType("orjson")
    module.__dict__.update(
        dumps=dumps,
        loads=json.loads,
        JSONDecodeError=json.JSONDecodeError,
        JSONEncodeError=TypeError,
        OPT_INDENT_2=1,
        # Accepted and ignored: what they allow is allowed anyway, or is never sent.
        OPT_NON_STR_KEYS=4,
        OPT_SERIALIZE_NUMPY=16,
        OPT_SORT_KEYS=32,
        OPT_PASSTHROUGH_DATETIME=512,
    )
    return module


class StandInFinder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Answers for the modules above when nothing else on the path has them."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname.partition(".")[0] not in PROJECTS:
            return None
        return importlib.machinery.ModuleSpec(fullname, self, is_package=True)

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType:
        return _orjson() if spec.name == "orjson" else _StandIn(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """Nothing to execute: the module was made complete."""


def is_standin(name: str) -> bool:
    """Is the module of this name loaded, and only a stand-in?"""
    return isinstance(getattr(sys.modules.get(name), "__loader__", None), StandInFinder)


def install_standins() -> None:
    """Put the finder last, so that a real package, once installed, comes first."""
    if not any(isinstance(finder, StandInFinder) for finder in sys.meta_path):
        sys.meta_path.append(StandInFinder())
