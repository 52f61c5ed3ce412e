"""What a program needs, read from its source without running it.

It is decided before gradio is imported: gradio binds numpy, pandas and Pillow when it
is imported, so a stand-in cannot be exchanged for the real package afterwards.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass

#: gradio components and their string shortcuts that compute with a package when used.
_IMAGE = {"AnnotatedImage", "Gallery", "Image", "ImageEditor", "ImageMask", "ImageSlider"}
_IMAGE |= {"Paint", "SimpleImage", "Sketchpad"}
_TABLE = {"BarPlot", "DataFrame", "Dataframe", "LinePlot", "Matrix", "Numpy", "ScatterPlot"}
COMPONENT_PACKAGES: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(_IMAGE, ("numpy", "pillow")),
    **dict.fromkeys(_TABLE, ("numpy", "pandas")),
    "Audio": ("numpy",),
    "Plot": ("numpy", "pillow"),
}

#: Import name to project name, where a stand-in would otherwise hide the import.
MODULE_PACKAGES = {"PIL": "pillow", "numpy": "numpy", "pandas": "pandas", "yaml": "pyyaml"}

_SHORTCUTS = {name.lower(): packages for name, packages in COMPONENT_PACKAGES.items()}
_PIN = re.compile(r"^\s*([A-Za-z0-9][A-Za-z0-9._-]*)\s*(\[[^\]]*\])?\s*(.*)$")


@dataclass(frozen=True)
class Needs:
    """What one program asks for, before anything of it has run.

    modules: top-level names that it imports.
    packages: projects whose real package it needs in place of a stand-in.
    requirements: literal arguments of `micropip.install`.
    """

    modules: frozenset[str] = frozenset()
    packages: frozenset[str] = frozenset()
    requirements: tuple[str, ...] = ()


def read_needs(code: str) -> Needs:
    """Read a program's needs. A program that does not parse has none: running it says why."""
    try:
        tree = compile(
            code, "<program>", "exec", ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
        )
    except (SyntaxError, ValueError):
        return Needs()
    modules = set(_imports(tree))
    packages = {MODULE_PACKAGES[name] for name in modules if name in MODULE_PACKAGES}
    if "gradio" in modules:
        for name in _component_names(tree):
            packages.update(COMPONENT_PACKAGES.get(name, ()))
        for shortcut in _interface_shortcuts(tree):
            packages.update(_SHORTCUTS.get(shortcut, ()))
    return Needs(frozenset(modules), frozenset(packages), tuple(_installs(tree)))


def project_name(requirement: str) -> str:
    """`Some_Project[extra]>=1` to `some-project` (PEP 503). A URL gives an empty string."""
    match = _PIN.match(requirement)
    if match is None or "://" in requirement or requirement.strip().endswith(".whl"):
        return ""
    return re.sub(r"[-_.]+", "-", match[1]).lower()


def _imports(tree: ast.AST) -> list[str]:
    names: list[str] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names += [alias.name.partition(".")[0] for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
            names.append(node.module.partition(".")[0])
    return names


def _component_names(tree: ast.AST) -> list[str]:
    """Attribute names (`gr.Image`) and names imported from gradio (`from gradio import Image`)."""
    names: list[str] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            names.append(node.attr)
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("gradio"):
            names += [alias.name for alias in node.names]
    return names


def _interface_shortcuts(tree: ast.AST) -> list[str]:
    """Strings given to a call of `Interface`: `gr.Interface(f, "image", "label")`."""
    found: list[str] = []
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        called = node.func
        name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
        if name != "Interface":
            continue
        for argument in [*node.args, *(keyword.value for keyword in node.keywords)]:
            found += [
                constant.value
                for constant in ast.walk(argument)
                if isinstance(constant, ast.Constant) and isinstance(constant.value, str)
            ]
    return found


def _installs(tree: ast.AST) -> list[str]:
    """Literal requirements in calls of `micropip.install(...)`."""
    found: list[str] = []
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr == "install"
            and isinstance(node.func.value, ast.Name)
            and node.func.value.id == "micropip"
            and node.args
        ):
            found += [
                constant.value
                for constant in ast.walk(node.args[0])
                if isinstance(constant, ast.Constant) and isinstance(constant.value, str)
            ]
    return found
