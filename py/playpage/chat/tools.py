"""Tools that a model can call: Python functions of the author's, and the service's plugins."""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Any, cast

import pydantic
import pydantic_core

from .failures import ToolError

#: A longer output is cut: that is what the services take.
MAX_CHARACTERS = 8000

#: Runs a tool that is not a function of the author's: (name, arguments) -> the answer's text.
Plugins = Callable[[str, Any], Awaitable[str]]


@dataclass(frozen=True)
class Result:
    """What a tool gave, for the model and the reader."""

    output: str
    failed: bool = False


class Tools:
    """The tools of one chat.

    functions: the model sees their names, signatures and docstrings.
    plugins: takes calls of any other name; None where nobody does.
    Raises TypeError for a function that has no JSON schema, ValueError for two of one name.
    """

    def __init__(
        self, functions: Iterable[Callable[..., Any]] = (), plugins: Plugins | None = None
    ) -> None:
        self._functions: dict[str, Callable[..., Any]] = {}
        self._plugins = plugins
        self.schemas: list[dict[str, Any]] = []
        for function in functions:
            name = name_of(function)
            if name in self._functions:
                raise ValueError(f"Two tools are called {name}: give one another name.")
            self.schemas.append(schema_of(function))
            self._functions[name] = pydantic.validate_call(function)

    def with_plugins(self, plugins: Plugins | None) -> Tools:
        """The same functions, with `plugins` for all other calls."""
        tools = Tools()
        tools._functions, tools.schemas, tools._plugins = self._functions, self.schemas, plugins
        return tools

    async def run(self, name: str, arguments: str) -> Result:
        """Run one call. `arguments` is JSON. A failure is a result, too."""
        try:
            found = read_arguments(arguments)
            if name in self._functions:
                output = await self._call(name, found)
            elif self._plugins:
                output = unwrapped(await self._plugins(name, found))
            else:
                raise ToolError(f"There is no tool {name}.")
        except ToolError as problem:
            return Result(str(problem)[:MAX_CHARACTERS], failed=True)
        except pydantic.ValidationError as error:
            problems = "; ".join(
                f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors()
            )
            return Result(f"Wrong arguments for {name}: {problems}"[:MAX_CHARACTERS], failed=True)
        except Exception as error:  # noqa: BLE001 - the author's function may raise anything
            reason = str(error) or type(error).__name__
            return Result(f"{name} failed: {reason}"[:MAX_CHARACTERS], failed=True)
        # A lone surrogate, as file names can have, cannot be sent.
        return Result(output[:MAX_CHARACTERS].encode(errors="replace").decode())

    async def _call(self, name: str, arguments: Any) -> str:
        if not isinstance(arguments, dict):
            raise ToolError(f"Wrong arguments for {name}: expected a JSON object.")
        value = self._functions[name](**arguments)
        if inspect.isawaitable(value):
            value = await value
        if isinstance(value, str):
            return value
        return pydantic_core.to_json(value, fallback=str).decode()


def name_of(function: Callable[..., Any]) -> str:
    """A function's name. Raises TypeError if it has none, or one that the APIs refuse."""
    name = getattr(function, "__name__", None)
    if not isinstance(name, str) or not re.fullmatch(r"[A-Za-z0-9_-]{1,64}", name):
        raise TypeError(
            f"{name or function!r} cannot be a tool: define it by `def`, with a name of up to 64 "
            "letters a to z, digits and underscores."
        )
    return name


def schema_of(function: Callable[..., Any]) -> dict[str, Any]:
    """A function as Chat Completions and the Assistants API describe it: name, description,
    parameters (JSON Schema). Raises TypeError where a parameter has no schema."""
    name = name_of(function)
    try:
        adapter: pydantic.TypeAdapter[Any] = pydantic.TypeAdapter(cast("Any", function))
        parameters = adapter.json_schema()
    except (pydantic.PydanticUserError, pydantic_core.PydanticOmit, NameError) as error:
        raise TypeError(f"{name} cannot be a tool: {error}") from error
    if parameters.get("type") != "object":
        raise TypeError(f"{name} cannot be a tool: give it no positional-only names.")
    return {
        "name": name,
        "description": inspect.getdoc(function) or "",
        "parameters": parameters,
    }


def read_arguments(arguments: str) -> Any:
    """The arguments of a call, which some services encode twice. Raises ToolError."""
    try:
        found = json.loads(arguments or "{}")
        return json.loads(found) if isinstance(found, str) else found
    except ValueError:
        raise ToolError(f"The arguments are not JSON: {arguments[:200]}") from None


def unwrapped(text: str) -> str:
    """The text of an answer of the form `{"text": …}`; any other answer as it is."""
    try:
        found = json.loads(text)
    except ValueError:
        return text
    if isinstance(found, dict) and found.keys() == {"text"} and isinstance(found["text"], str):
        return str(found["text"])
    return text
