"""Every change that a patch makes goes through the helper, and names a seam that is declared."""

from __future__ import annotations

import ast
from pathlib import Path
from types import ModuleType

import pytest
from playpage.patches import check


def tree(module: ModuleType) -> ast.Module:
    assert module.__file__
    return ast.parse(Path(module.__file__).read_text("utf-8"))


def seams_used(module: ModuleType, helper: str) -> set[str]:
    """The seams that are passed to a helper, with the module's constants put in."""
    used = set()
    for node in ast.walk(tree(module)):
        match node:
            case ast.Call(func=ast.Name(id=name)) if name == helper:
                (value,) = (k.value for k in node.keywords if k.arg == "seam")
                used.add(eval(compile(ast.Expression(value), "seam", "eval"), vars(module)))
    return used


@pytest.mark.parametrize("module", check.PATCHES, ids=lambda module: module.__name__)
def test_what_is_replaced_is_declared_and_the_other_way_round(module: ModuleType) -> None:
    replaced = {seam.name for seam in module.SEAMS if seam.at}
    assert seams_used(module, "replace") == replaced
    declared = {seam.name for seam in module.SEAMS}
    assert seams_used(module, "assign") <= declared


@pytest.mark.parametrize("module", check.PATCHES, ids=lambda module: module.__name__)
def test_docstring_says_what_was_read_and_names_each_seam(module: ModuleType) -> None:
    text = module.__doc__ or ""
    assert "Read in " in text
    for seam in module.SEAMS:
        if not seam.name.startswith("pydantic."):
            assert seam.name.rpartition(".")[2] in text or seam.name.split(".")[-2] in text


def test_no_seam_is_declared_twice() -> None:
    names = [seam.name for seam in check.SEAMS]
    assert len(set(names)) == len(names)


def is_foreign(target: ast.expr, imported: set[str]) -> bool:
    """Is this an attribute of something that was imported from a third party?"""
    while isinstance(target, ast.Attribute):
        target = target.value
        if isinstance(target, ast.Name) and target.id in imported:
            return True
    return False


RUNTIME = sorted((Path(check.__file__).parents[1] / "runtime").glob("*.py"))
FILES = [*RUNTIME, *(Path(str(module.__file__)) for module in check.PATCHES)]
#: Public and documented to be set.
PUBLIC = {"sys.stdout", "sys.argv", "sys.stderr", "os.link"}


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_nothing_is_set_on_a_third_party_but_with_the_helper(path: Path) -> None:
    nodes = list(ast.walk(ast.parse(path.read_text("utf-8"))))
    imported = set()
    for node in nodes:
        if isinstance(node, ast.Import) or (isinstance(node, ast.ImportFrom) and not node.level):
            imported |= {(a.asname or a.name).partition(".")[0] for a in node.names}
    found = []
    for node in nodes:
        if isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            for target in targets:
                parts = target.elts if isinstance(target, ast.Tuple) else [target]
                found += [ast.unparse(part) for part in parts if is_foreign(part, imported)]
    assert set(found) <= PUBLIC


@pytest.mark.parametrize("path", RUNTIME, ids=lambda path: path.name)
def test_runtime_reaches_into_no_private_attribute(path: Path) -> None:
    """Those of its own objects are `self`'s and `cls`'s."""
    found = [
        ast.unparse(node)
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Attribute)
        and node.attr.startswith("_")
        and not node.attr.endswith("__")
        and not (isinstance(node.value, ast.Name) and node.value.id in ("self", "cls"))
    ]
    assert found == []
