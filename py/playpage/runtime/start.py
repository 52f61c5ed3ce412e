"""What every start does and imports before a program runs; the build does it ahead of time."""

from __future__ import annotations

import importlib

import httpx_pyfetch

from .environment import prepare_environment
from .standins import install_standins

#: What the start of a chat imports, besides gradio, which `prepare_gradio` has to import.
#: The first two are the worker's own entries (js/worker/boot.js).
MODULES = (
    "playpage.runtime.bridge",
    "playpage.runtime.wake",
    "httpx",
    "jiter",
    "micropip",
    "openai",
)


def prepare_interpreter() -> None:
    """Make this interpreter one that programs can run in. Idempotent."""
    prepare_environment()
    install_standins()
    # So that ordinary desktop code, sync clients too, sends through fetch unchanged.
    httpx_pyfetch.install()


def import_modules() -> None:
    """Import all of `MODULES`."""
    for name in MODULES:
        importlib.import_module(name)
