"""The runtime's one door to JavaScript: what js/worker/ calls, and what it is called with.

`host` is an object of the worker (js/worker/boot.js): `loadLayer(name)` and
`loadDistribution(names)` give promises, `loadOnDemand()` fetches some of the on-demand files and
gives False when none was missing, `event(name, json)` and `progress(stage, label)` post to the
page.
"""

from __future__ import annotations

import asyncio
import gc
import importlib
import json
import sys
import traceback
from dataclasses import asdict
from typing import Any

from playpage.patches.pyodide import keep_loop_alive

from . import asgi, gradio_setup, index, runner
from .detect import read_needs
from .errors import PlaypageError
from .on_demand import OnDemandFinder, forget_listings, show_package_sources, skip_stdlib_metadata
from .packages import Bundle, Packages
from .start import prepare_interpreter


class _JsHost:
    """`packages.Host` over the worker's object."""

    def __init__(self, host_js: Any) -> None:
        self._host_js = host_js

    async def load_layer(self, name: str) -> None:
        await self._host_js.loadLayer(name)

    async def load_distribution(self, packages: list[str]) -> str:
        from pyodide.ffi import to_js

        return str(await self._host_js.loadDistribution(to_js(packages)))


class Bridge:
    """One interpreter, as the worker sees it. Made once, after Python has started."""

    def __init__(self, host_js: Any, bundle_json: str) -> None:
        raw = json.loads(bundle_json)
        raw |= {key: frozenset(raw[key]) for key in ("absent", "index")}
        bundle = Bundle(**raw)
        self._host_js = host_js
        self._packages = Packages(_JsHost(host_js), bundle)
        self._streams = sys.stdout, sys.stderr
        self._has_run = False
        for stream in self._streams:
            stream.reconfigure(write_through=True)  # type: ignore[union-attr]
        prepare_interpreter()
        index.prepare_micropip(bundle, host_js.loadOnDemand)
        skip_stdlib_metadata()
        show_package_sources(host_js.loadOnDemand)
        sys.meta_path.append(OnDemandFinder(bundle.modules, host_js.loadOnDemand, bundle.absent))

    async def run(self, code: str, requirements_js: Any) -> str:
        """Run a program. Gives JSON: {"kind": "app" | "script" | "error" | "restart"}.

        "restart": a new interpreter is needed, because this one has bound stand-ins that
        the program needs for real. Errors also go to the page as an "error" event.
        """
        await self._end_last_program()
        self._watch_loop()
        needs = read_needs(code)
        before = gradio_setup.launched_app()
        try:
            requirements = [r for r in map(str, requirements_js) if r.strip()]
            if not await self._packages.prepare(needs, requirements):
                return json.dumps({"kind": "restart"})
            if "gradio" in self._packages.loaded:
                self._host_js.progress("gradio", "Starting gradio")
                gradio_setup.prepare_gradio(self._on_error)
            self._host_js.progress("program", "Running the program")
            error = await runner.run_program(code)
        except PlaypageError as problem:
            # A package that is not available: its sentence says everything.
            error = runner.ProgramError(str(problem), "")
        except Exception as problem:  # noqa: BLE001 - such as a package whose import fails
            last_line = traceback.format_exception_only(problem)[-1].strip()
            error = runner.ProgramError(last_line, traceback.format_exc())
        launched = gradio_setup.launched_app()
        if error is not None:
            self._error(error)
        if launched is not None and launched is not before:
            return json.dumps({"kind": "app"})
        return json.dumps({"kind": "error" if error else "script"})

    async def import_deferred(self, names_js: Any) -> None:
        """Import the deferred modules one by one, and let the app answer in between."""
        forget_listings()
        for name in names_js.to_py():
            importlib.import_module(name)
            await asyncio.sleep(0)

    async def request(self, request_js: Any, receive_js: Any, response_js: Any) -> str:
        """One ASGI request; returns why it was not completed, or "".

        `receive_js()` gives a promise of a RequestEvent (js/worker/protocol.js);
        `response_js` has start(status, headers), chunk(bytes).
        """
        from pyodide.ffi import to_js

        async def receive() -> dict[str, Any]:
            event = await receive_js()
            if event.type == "disconnect":
                return {"type": "http.disconnect"}
            body = event.body.to_bytes() if event.body else b""
            return {"type": "http.request", "body": body, "more_body": bool(event.more)}

        def start(status: int, headers: list[tuple[str, str]]) -> None:
            response_js.start(status, to_js(headers))

        def chunk(body: bytes) -> None:
            response_js.chunk(to_js(body))

        try:
            await asgi.call_app(request_js.to_py(), receive, start, chunk)
        except asyncio.CancelledError:
            return "The program was restarted."
        return ""

    async def _end_last_program(self) -> None:
        """End what an earlier program left running, and give its output streams back."""
        sys.stdout, sys.stderr = self._streams
        current = asyncio.current_task()
        for task in asyncio.all_tasks():
            if task is not current:
                task.cancel()
        await asyncio.sleep(0)
        if self._has_run:
            # Its app consists of reference cycles; without this, both apps would be in memory.
            gc.collect()
        self._has_run = True

    def _watch_loop(self) -> None:
        """Report what the program's tasks and callbacks raise when nobody awaits them."""
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(self._on_loop_error)
        keep_loop_alive(
            loop,
            lambda code: self._on_error(SystemExit(code)),
            lambda: self._on_error(KeyboardInterrupt()),
        )

    def _on_loop_error(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        error = context.get("exception")
        if error is None:
            loop.default_exception_handler(context)
        else:
            self._on_error(error)

    def _on_error(self, error: BaseException) -> None:
        if isinstance(error, SystemExit):
            described = runner.describe_exit(error)
        else:
            described = runner.describe(error, f"{runner.HOME}/{runner.FILE}")
        if described is not None:
            self._error(described)

    def _error(self, error: runner.ProgramError) -> None:
        self._host_js.event("error", json.dumps(asdict(error)))
