"""Functions that would go to a thread run in the loop, in whatever order that was arranged."""

from __future__ import annotations

import asyncio
import contextvars
import importlib
import itertools
import sys
import threading
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import anyio.to_thread
import pytest
from httpx_pyfetch.patching import ANYIO_BACKEND, patch_threads
from playpage.patches import anyio as patches
from playpage.patches.seam import SeamMoved
from playpage.runtime import environment
from playpage.runtime.errors import PlaypageError

#: As gradio and starlette do, before anything is patched.
COPIED_NAME = anyio.to_thread.run_sync

VARIABLE: contextvars.ContextVar[str] = contextvars.ContextVar("variable", default="none")


@pytest.fixture
def backend() -> Iterator[ModuleType]:
    """anyio's backend, put back afterwards."""
    module = importlib.import_module(ANYIO_BACKEND)
    method = vars(module.AsyncIOBackend)["run_sync_in_worker_thread"]
    finders = list(sys.meta_path)
    yield module
    module.AsyncIOBackend.run_sync_in_worker_thread = method
    sys.meta_path[:] = finders


def by_the_runtime(_backend: ModuleType) -> None:
    environment._run_threads_in_the_loop()


ORDERS = list(itertools.permutations((by_the_runtime, patch_threads)))


@pytest.mark.parametrize("order", ORDERS, ids=lambda order: order[0].__name__)
def test_the_runtime_has_its_way_in_any_order(backend: ModuleType, order: Any) -> None:
    for patch in (*order, *order):
        patch(backend)

    async def main() -> list[str]:
        events: list[str] = []

        def function(name: str) -> int:
            assert VARIABLE.get() == "outside"
            VARIABLE.set("inside")
            events.append(name)
            return threading.get_ident()

        VARIABLE.set("outside")
        asyncio.get_running_loop().call_soon(events.append, "turn")
        assert await COPIED_NAME(function, "call") == threading.get_ident()
        assert VARIABLE.get() == "outside"
        with pytest.raises(PlaypageError, match=r"^A handler called sys\.exit\(\)"):
            await COPIED_NAME(sys.exit, 3, abandon_on_cancel=True)
        with pytest.raises(ZeroDivisionError):
            await COPIED_NAME(lambda: 1 // 0)
        return events

    assert asyncio.run(main()) == ["turn", "call"]


def test_cancelled_before_its_turn_does_not_run(backend: ModuleType) -> None:
    by_the_runtime(backend)
    called: list[int] = []

    async def main() -> None:
        task = asyncio.create_task(COPIED_NAME(called.append, 1))
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(main())
    assert called == []


@pytest.mark.parametrize("is_runtime_first", [True, False])
def test_backend_is_patched_when_it_is_imported(
    is_runtime_first: bool, backend: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither imports it; another version that is imported afterwards is httpx_pyfetch's."""
    import httpx_pyfetch

    monkeypatch.setattr(sys, "platform", "emscripten")
    # Only threads are looked at: httpx itself is left alone, for the tests that follow.
    monkeypatch.setattr("httpx_pyfetch.patching.LIBRARIES", ())
    monkeypatch.setattr(sys, "meta_path", list(sys.meta_path))
    monkeypatch.delitem(sys.modules, ANYIO_BACKEND)
    installs = [environment._run_threads_in_the_loop, httpx_pyfetch.install]
    for install in installs if is_runtime_first else reversed(installs):
        install()
    assert ANYIO_BACKEND not in sys.modules
    made = importlib.import_module(ANYIO_BACKEND).AsyncIOBackend.run_sync_in_worker_thread
    assert made.__module__ == patches.__name__
    monkeypatch.delitem(sys.modules, ANYIO_BACKEND)
    made = importlib.import_module(ANYIO_BACKEND).AsyncIOBackend.run_sync_in_worker_thread
    assert made.__module__ == patch_threads.__module__
    monkeypatch.undo()


def test_transport_alone_runs_functions_at_once(backend: ModuleType) -> None:
    patch_threads(backend)

    async def main() -> list[str]:
        events: list[str] = []
        asyncio.get_running_loop().call_soon(events.append, "turn")
        await COPIED_NAME(events.append, "call", abandon_on_cancel=True)
        return events

    assert asyncio.run(main()) == ["call", "turn"]


def test_transport_alone_knows_the_backend_of_anyio_3() -> None:
    """There it is a module with a function, which takes the arguments one by one."""
    backend = ModuleType("anyio._backends._asyncio")

    async def run_sync_in_worker_thread(*_args: Any, **_options: Any) -> None:
        raise AssertionError("a thread")

    run_sync_in_worker_thread.__module__ = backend.__name__
    backend.run_sync_in_worker_thread = run_sync_in_worker_thread  # type: ignore[attr-defined]
    patch_threads(backend)
    run: Any = backend.run_sync_in_worker_thread
    assert asyncio.run(run(max, 2, 7, cancellable=True, limiter=None)) == 7


def test_somebody_elses_replacement_is_left_alone_or_named(backend: ModuleType) -> None:
    async def theirs(*_args: Any) -> None: ...

    backend.AsyncIOBackend.run_sync_in_worker_thread = theirs
    patch_threads(backend)
    assert backend.AsyncIOBackend.run_sync_in_worker_thread is theirs
    with pytest.raises(SeamMoved, match=r"AsyncIOBackend\.run_sync_in_worker_thread: .*theirs"):
        by_the_runtime(backend)


def test_asyncio_to_thread_lets_the_loop_turn_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asyncio, "to_thread", asyncio.to_thread)
    patches_stdlib = importlib.import_module("playpage.patches.stdlib")
    patches_stdlib.turn_before_to_thread()

    async def main() -> list[str]:
        events: list[str] = []
        asyncio.get_running_loop().call_soon(events.append, "turn")
        await asyncio.to_thread(events.append, "call")
        return events

    assert asyncio.run(main()) == ["turn", "call"]
