"""Finds what the modules of a source tree import from one another, in Python and JavaScript."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

#: Folders that Python's import system looks in, as pyproject.toml and the pages' Python have them.
PYTHON_ROOTS = ("py", "tests", "tests/browser/transport")

#: Comments, and the literals in which something may look like a comment. A slash begins a regular
#: expression only where a value can begin.
TOKEN = re.compile(
    r"""(?P<comment>//[^\n]*|/\*.*?\*/)
      | "(?:\\.|[^"\\\n])*" | '(?:\\.|[^'\\\n])*' | `(?:\\.|[^`\\])*`
      | (?:[(,=:\[!&|?{};]|\breturn)\s*/(?![/*])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\[\n])+/""",
    re.DOTALL | re.VERBOSE,
)
STATIC = re.compile(
    r"""^(?:import|export)\s(?:[\w\s{},*$]*?\sfrom\s)?\s*["']([^"'\n]+)["']""", re.M
)
DYNAMIC = re.compile(r"""\bimport\(\s*["']([^"'\n]+)["']\s*\)""")
#: In a comment: `@import { Name } from "./file.js"` and `{import("./file.js").Name}`.
JSDOC = re.compile(r"""@import\s[^"']*?\sfrom\s+["']([^"'\n]+)["']|import\(["']([^"'\n]+)["']\)""")


@dataclass(frozen=True, order=True)
class Import:
    """One module's import of another of the same tree; both are paths from the tree's top.

    text: as it stands in the source. types_only: it is for type checkers and does nothing when
    the program runs.
    """

    source: str
    target: str
    text: str
    types_only: bool


def imports_of(top: Path, paths: Iterable[str]) -> Iterator[Import]:
    """All imports of the given files; those of third parties and of the standard library are not
    listed.

    Raises FileNotFoundError when a JavaScript file imports a file that is not there.
    """
    for path in paths:
        text = (top / path).read_text("utf-8")
        if path.endswith(".py"):
            yield from _python_imports(top, path, text)
        elif path.endswith((".js", ".mjs", ".d.ts")):
            yield from _javascript_imports(top, path, text)


def _python_imports(top: Path, path: str, text: str) -> Iterator[Import]:
    tree = ast.parse(text, path)
    for_types = {
        id(node)
        for test in ast.walk(tree)
        if isinstance(test, ast.If) and "TYPE_CHECKING" in ast.unparse(test.test)
        for statement in test.body
        for node in ast.walk(statement)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names = [(alias.name, "") for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                package = PurePosixPath(path).parents[node.level - 1]
                base = "/".join([str(package), *base.split(".")]).rstrip("/")
            names = [(base, alias.name) for alias in node.names]
        else:
            continue
        for base, name in names:
            target = _python_module(top, base, name)
            if target:
                yield Import(path, target, ast.unparse(node), id(node) in for_types)


def _python_module(top: Path, base: str, name: str) -> str | None:
    """The file of `base.name`, else of `base`; None when it is not of this tree.

    base: a dotted name, or for a relative import a folder's path from the top.
    """
    is_path = "/" in base
    parts = PurePosixPath(base if is_path else base.replace(".", "/"))
    for root in [""] if is_path else PYTHON_ROOTS:
        module = PurePosixPath(root) / parts
        for candidate in (module / name / "__init__.py", module / f"{name}.py") if name else ():
            if (top / candidate).is_file():
                return str(candidate)
        for candidate in (module / "__init__.py", module.with_suffix(".py")):
            if (top / candidate).is_file():
                return str(candidate)
    return None


def _javascript_imports(top: Path, path: str, text: str) -> Iterator[Import]:
    comments = [match[0] for match in TOKEN.finditer(text) if match["comment"]]
    code = TOKEN.sub(_without_comment, text)
    types_only = path.endswith(".d.ts")
    found = [
        *((match, types_only) for match in STATIC.finditer(code)),
        *((match, types_only) for match in DYNAMIC.finditer(code)),
        *((match, True) for match in JSDOC.finditer("\n".join(comments))),
    ]
    for match, for_types in found:
        address = next(group for group in match.groups() if group)
        if address.startswith("."):
            target = (top / path).parent.joinpath(address).resolve().relative_to(top.resolve())
            if not (top / target).is_file():
                raise FileNotFoundError(f"{path} imports {address}, which is not there")
            yield Import(path, target.as_posix(), " ".join(match[0].split()), for_types)


def _without_comment(token: re.Match[str]) -> str:
    """Templates go, too: no import stands in one, but a program's text may."""
    if token["comment"] or token[0].startswith("`"):
        return " "
    return token[0]


def circles(imports: Iterable[Import]) -> list[list[str]]:
    """Groups of modules that import one another when the program runs, each group sorted."""
    edges: dict[str, set[str]] = {}
    for one in imports:
        if not one.types_only and one.source != one.target:
            edges.setdefault(one.source, set()).add(one.target)
    reached = {module: _reachable(module, edges) for module in edges}
    groups = {
        tuple(sorted(other for other in reached[module] if module in reached.get(other, ())))
        for module in edges
        if module in reached[module]
    }
    return [list(group) for group in sorted(groups)]


def _reachable(module: str, edges: dict[str, set[str]]) -> set[str]:
    found: set[str] = set()
    waiting = [module]
    while waiting:
        for target in edges.get(waiting.pop(), ()):
            if target not in found:
                found.add(target)
                waiting.append(target)
    return found
