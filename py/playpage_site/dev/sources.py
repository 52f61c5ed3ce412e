"""The Python sources of the locked packages, and what a name is defined as in them."""

from __future__ import annotations

import ast
import hashlib
import io
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from playpage_site.registry.npm import parts_licenses, tarball_files
from playpage_site.registry.wheels import wheels

#: The import names of the packages that have seams, and their projects.
PROJECTS = {
    "anyio": "anyio",
    "gradio": "gradio",
    "gradio_client": "gradio-client",
    "micropip": "micropip",
    "pydantic": "pydantic",
}
#: The npm package that has Python's standard library, and Pyodide's own Python, in a zip.
PYODIDE, STDLIB = "pyodide", "python_stdlib.zip"

#: Nodes that define one name; several with the same name are one definition.
Definitions = Sequence[ast.AST]

#: Modules whose functions draw random values.
RANDOM = {"secrets", "random", "uuid", "urandom"}


class Sources:
    """Sources by module name.

    archives: by the first part of the module name, (project and version, its zip); "" stands
    for all others. changed: sources that are taken in place of a module's own.
    """

    def __init__(
        self,
        archives: Mapping[str, tuple[str, zipfile.ZipFile]],
        changed: Mapping[str, str] | None = None,
    ) -> None:
        self._archives = archives
        self._changed = changed or {}
        self._names = {key: set(archive.namelist()) for key, (_, archive) in archives.items()}
        self._trees: dict[str, ast.Module] = {}

    def changed(self, module: str, text: str) -> Sources:
        """The same sources, but for this module."""
        return Sources(self._archives, {module: text})

    def text(self, module: str) -> str:
        """The source of a module. Raises KeyError when there is none."""
        if module in self._changed:
            return self._changed[module]
        path = self._path(module)
        if path is None:
            raise KeyError(module)
        return self._archive(module)[1].read(path).decode("utf-8")

    def tree(self, module: str) -> ast.Module:
        """The syntax tree of a module. Raises KeyError when there is no such module."""
        if module not in self._trees:
            self._trees[module] = ast.parse(self.text(module))
        return self._trees[module]

    def split(self, name: str) -> tuple[str, list[str]]:
        """A complete name as the module, "" when there is none, and the parts within it."""
        parts = name.split(".")
        for count in range(len(parts), 0, -1):
            module = ".".join(parts[:count])
            if module in self._changed or self._path(module):
                return module, parts[count:]
        return "", parts

    def owner(self, name: str) -> str:
        """The class that a seam is, or is in, and the module where there is no class."""
        module, parts = self.split(name)
        if find(name, self) and isinstance(find(name, self)[0], ast.ClassDef):
            return name
        return ".".join([module, *parts[:-1]])

    def read_in(self, name: str) -> str:
        """Project, version and file of a complete name."""
        module, _ = self.split(name)
        return f"{self._archive(module)[0]}, {self._path(module)}"

    def _archive(self, module: str) -> tuple[str, zipfile.ZipFile]:
        return self._archives[self._key(module)]

    def _key(self, module: str) -> str:
        top = module.partition(".")[0]
        return top if top in self._archives else ""

    def _path(self, module: str) -> str | None:
        folder = module.replace(".", "/")
        names = self._names[self._key(module)]
        return next((p for p in (f"{folder}.py", f"{folder}/__init__.py") if p in names), None)


def locked_sources(replaced: Mapping[str, tuple[str, Path]] | None = None) -> Sources:
    """The sources of the locked packages.

    replaced: other wheels by import name, each with its project and version; "" is a zip of
    the standard library.
    """
    found = {wheel.name: wheel for wheel in wheels(["base", "gradio"])}
    archives = {
        module: (f"{project} {found[project].version}", zipfile.ZipFile(found[project].path))
        for module, project in PROJECTS.items()
    }
    ((_, version, _),) = parts_licenses([PYODIDE])
    stdlib = io.BytesIO(tarball_files(PYODIDE, "")[STDLIB])
    archives[""] = (f"{PYODIDE} {version}", zipfile.ZipFile(stdlib))
    for module, (label, path) in (replaced or {}).items():
        archives[module] = (label, zipfile.ZipFile(path))
    return Sources(archives)


def find(name: str, sources: Sources) -> Definitions:
    """What defines a complete name; nothing when it is not defined."""
    module, parts = sources.split(name)
    if not module:
        return []
    found: list[ast.AST] = [sources.tree(module)]
    for part in parts:
        found = [node for scope in found for node in _defined(scope, part)]
    return found


def _defined(scope: ast.AST, name: str) -> Iterator[ast.AST]:
    """The nodes that bind a name in a module, or an attribute of a class or its instances."""
    for node in _statements(scope):
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                if node.name == name:
                    yield node
                if isinstance(scope, ast.ClassDef) and not isinstance(node, ast.ClassDef):
                    yield from _instance_attributes(node, name)
            case ast.Assign() | ast.AnnAssign():
                if any(isinstance(t, ast.Name) and t.id == name for t in _targets(node)):
                    yield node
            case ast.Import() | ast.ImportFrom():
                yield from (a for a in node.names if (a.asname or a.name) == name)


def _statements(scope: ast.AST) -> Iterator[ast.AST]:
    """The statements of a module or class, those in its `if` and `try` blocks too."""
    if not isinstance(scope, ast.Module | ast.ClassDef):
        return
    waiting: list[ast.AST] = list(scope.body)
    while waiting:
        node = waiting.pop(0)
        yield node
        if isinstance(node, ast.If | ast.Try | ast.With):
            waiting += [n for n in ast.iter_child_nodes(node) if isinstance(n, ast.stmt)]


def _instance_attributes(method: ast.AST, name: str) -> Iterator[ast.AST]:
    """The assignments of `self.name` in a method."""
    for node in ast.walk(method):
        if isinstance(node, ast.Assign | ast.AnnAssign) and name in _self_targets(node):
            yield node


def _targets(node: ast.Assign | ast.AnnAssign) -> list[ast.expr]:
    return node.targets if isinstance(node, ast.Assign) else [node.target]


def _self_targets(node: ast.Assign | ast.AnnAssign) -> list[str]:
    return [
        target.attr
        for target in _targets(node)
        if isinstance(target, ast.Attribute)
        and isinstance(target.value, ast.Name)
        and target.value.id == "self"
    ]


def secrets_of(definitions: Definitions) -> set[str]:
    """The attributes that a constructor fills with something random."""
    return {
        name
        for definition in definitions
        for node in ast.walk(definition)
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value and _is_random(node.value)
        for name in _self_targets(node)
    }


def _is_random(value: ast.expr) -> bool:
    """Does an expression name one of `RANDOM`, or something imported from them?"""
    names = [n.id for n in ast.walk(value) if isinstance(n, ast.Name)]
    names += [n.attr for n in ast.walk(value) if isinstance(n, ast.Attribute)]
    return any(name in RANDOM or name.startswith(("token_", "uuid")) for name in names)


def tree_hash(definitions: Iterable[ast.AST]) -> str:
    """SHA-256 of syntax trees, without positions and docstrings.

    The same in every version of Python that can parse them: fields that are empty do not count,
    for newer versions have more of them.
    """
    digest = hashlib.sha256()
    for node in definitions:
        digest.update(_dump(node).encode("utf-8"))
    return digest.hexdigest()


def _dump(node: Any) -> str:
    if isinstance(node, list):
        return f"[{','.join(map(_dump, node))}]"
    if not isinstance(node, ast.AST):
        return repr(node)
    fields = {name: value for name, value in ast.iter_fields(node) if value not in (None, [])}
    if isinstance(node, ast.Constant):
        # None is a value here.
        fields = {"value": node.value}
    elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        fields["body"] = node.body[1:] if _is_docstring(node.body[0]) else node.body
    inner = ",".join(f"{name}={_dump(value)}" for name, value in fields.items())
    return f"{type(node).__name__}({inner})"


def _is_docstring(node: ast.stmt) -> bool:
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )
