"""Runs inside Pyodide, at build time, after warm_up.py: compiles what that has imported.

Called by bytecode.mjs with `SITE_PACKAGES` and `STDLIB_ZIP` in its globals; the last
expression gives the compiled files. Only what a start imports is compiled: byte code for
everything would double the download for modules that nobody loads.
"""

# ruff: noqa: F821 - two names come from bytecode.mjs, three from warm_up.py
# mypy: ignore-errors

import ast
import base64
import json
import re
import sys
import zipfile

from playpage.patches import stdlib

#: Packages whose docstrings are not read at run time; they are a tenth of the memory.
#: gradio, fastapi and pydantic read their own.
WITHOUT_DOCSTRINGS = re.compile(
    r"site-packages/(anyio|filelock|fsspec|h11|httpcore|httpx|httpx2|huggingface_hub|micropip"
    r"|openai|requests|tqdm|urllib3|websockets)/"
)


def without_docstrings(source, name):
    tree = ast.parse(source, name)
    for node in ast.walk(tree):
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
            match node.body:
                case [ast.Expr(ast.Constant(str())) as text, *_]:
                    # A body needs a statement; an empty string takes no room.
                    text.value.value = ""
    return tree


def compiled(source, name):
    """A .pyc that is never checked against its source (PEP 552, unchecked hash)."""
    text = without_docstrings(source, name) if WITHOUT_DOCSTRINGS.search(name) else source
    return stdlib.unchecked_byte_code(compile(text, name, "exec", dont_inherit=True), source)


def imported_files():
    return sorted(
        {
            file
            for module in list(sys.modules.values())
            if (file := getattr(module, "__file__", None)) and file.endswith(".py")
        }
    )


class Imports:
    """Records the modules that are looked for, as a finder that finds nothing, and those loaded."""

    def __init__(self):
        self.asked, self.loaded = set(), set()
        stdlib.note_loads(self.loaded.add)
        sys.meta_path.insert(0, self)

    def find_spec(self, name, path=None, target=None):
        self.asked.add(name)


async def main():
    imports = Imports()
    await warm_up()
    await visit()
    absent = sorted(imports.asked - imports.loaded - sys.modules.keys())
    packages, stdlib = {}, {}
    with zipfile.ZipFile(STDLIB_ZIP) as archive:
        for file in imported_files():
            if file.startswith(SITE_PACKAGES + "/"):
                source = open(file, "rb").read()
                packages[file.removeprefix(SITE_PACKAGES + "/")] = compiled(source, file)
            elif file.startswith(STDLIB_ZIP + "/"):
                name = file.removeprefix(STDLIB_ZIP + "/")
                stdlib[name + "c"] = compiled(archive.read(name), file)
    # Last: what only this imports is not a reader's.
    check_seams()
    return json.dumps({"packages": as_text(packages), "stdlib": as_text(stdlib), "absent": absent})


def as_text(files):
    return {path: base64.b64encode(content).decode("ascii") for path, content in files.items()}


await main()
