"""Checks that names of tests are unique: `python -m playpage_site.dev.unique_tests`.

Two modules of one name cannot be told apart in a report; of two functions of one name in a module,
the first never runs.
"""

from __future__ import annotations

import ast
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from playpage_site.common import ROOT


def repeated_names(tests: Path) -> list[str]:
    """One sentence for each name that is used twice below the folder `tests`."""
    modules: dict[str, list[Path]] = defaultdict(list)
    problems: list[str] = []
    for path in sorted(tests.rglob("test_*.py")):
        place = path.relative_to(tests)
        modules[path.name].append(place)
        tree = ast.parse(path.read_text("utf-8"), str(path))
        problems += [f"{place}, {problem}" for problem in _repeated_in(tree)]
    for name, places in modules.items():
        if len(places) > 1:
            problems.append(f"{name} is the name of {' and '.join(map(str, places))}")
    return problems


def _repeated_in(tree: ast.Module) -> Iterator[str]:
    """Tests and test classes of one name, in the module or in one of its classes."""
    scopes: list[ast.Module | ast.ClassDef] = [tree]
    scopes += [node for node in tree.body if isinstance(node, ast.ClassDef)]
    for scope in scopes:
        lines: dict[str, int] = {}
        for node in scope.body:
            if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                continue
            if node.name.lower().startswith("test") and node.name in lines:
                yield f"line {node.lineno}: {node.name} is in line {lines[node.name]}, too"
            lines.setdefault(node.name, node.lineno)


def main() -> int:
    """Print what is wrong; gives the exit code."""
    problems = repeated_names(ROOT / "tests")
    for problem in problems:
        print(problem, file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
