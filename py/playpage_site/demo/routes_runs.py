"""Runs and run steps, as JSON or as a stream of server-sent events."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from playpage_site.demo import objects, script
from playpage_site.demo.content import json_body, metadata, required
from playpage_site.demo.errors import ApiError, bad_request, not_found
from playpage_site.demo.refusals import Refusals
from playpage_site.demo.routes_threads import add_message, make_thread
from playpage_site.demo.runs import Engine, publish
from playpage_site.demo.settings import Settings
from playpage_site.demo.store import Json, RunRecord, Store, ThreadRecord, page
from playpage_site.demo.streams import PIECES_BEFORE_CUT, CutError, EventStream, wants_stream
from playpage_site.demo.turns import last_words

Events = asyncio.Queue[tuple[str, str]]


class RunsApi:
    def __init__(self, store: Store, engine: Engine, settings: Settings) -> None:
        self.store = store
        self.engine = engine
        self.settings = settings
        self.refusals = Refusals(settings)

    def routes(self) -> list[Route]:
        one_run = "/threads/{thread_id}/runs/{run_id}"
        return [
            Route("/threads/runs", self.create_thread_and_run, methods=["POST"]),
            Route("/threads/{thread_id}/runs", self.list_runs),
            Route("/threads/{thread_id}/runs", self.create_run, methods=["POST"]),
            Route(one_run, self.get_run),
            Route(one_run, self.modify_run, methods=["POST"]),
            Route(f"{one_run}/cancel", self.cancel_run, methods=["POST"]),
            Route(f"{one_run}/submit_tool_outputs", self.submit, methods=["POST"]),
            Route(f"{one_run}/steps", self.list_steps),
            Route(one_run + "/steps/{step_id}", self.get_step),
        ]

    def run_of(self, request: Request) -> tuple[ThreadRecord, RunRecord]:
        thread = self.store.thread(request.path_params["thread_id"])
        return thread, thread.run(request.path_params["run_id"])

    async def create_thread_and_run(self, request: Request) -> Response:
        body = await json_body(request)
        self.store.assistant(required(body, "assistant_id"))
        # What is refused must not leave a thread behind.
        wants_stream(body, self.settings)
        thread = make_thread(body.get("thread") or {}, self.store)
        return await self.begin(thread, body, new_thread=True)

    async def create_run(self, request: Request) -> Response:
        thread = self.store.thread(request.path_params["thread_id"])
        return await self.begin(thread, await json_body(request))

    async def begin(self, thread: ThreadRecord, body: Json, new_thread: bool = False) -> Response:
        streamed = wants_stream(body, self.settings)
        assistant = self.store.assistant(required(body, "assistant_id"))
        thread_id = thread.obj["id"]
        active = thread.active_run()
        if active:
            raise bad_request(f"Thread {thread_id} already has an active run {active.obj['id']}.")
        metadata(body)
        for extra in body.get("additional_messages") or []:
            add_message(thread, extra, self.store)
        words = last_words(thread, self.store)
        if thread.messages:
            await self.refusals.check(words, thread.messages[-1]["id"])
        run = RunRecord(
            objects.run(thread_id, assistant, body, self.settings.expires_s), script.plan(words)
        )
        events = self.listen(run, streamed)
        if new_thread:
            publish(run, "thread.created", thread.obj)
        self.engine.start(thread, run)
        return self.respond(run, events)

    def listen(self, run: RunRecord, streamed: bool) -> Events | None:
        """A queue of the run's events when the answer is a stream."""
        if not streamed:
            return None
        events: Events = asyncio.Queue()
        run.listeners.append(events)
        return events

    def respond(self, run: RunRecord, events: Events | None) -> Response:
        if events is None:
            return JSONResponse(run.obj)
        return EventStream(as_event_stream(run, events), headers={"cache-control": "no-cache"})

    async def list_runs(self, request: Request) -> Response:
        thread = self.store.thread(request.path_params["thread_id"])
        return JSONResponse(page([run.obj for run in thread.runs.values()], request.query_params))

    async def get_run(self, request: Request) -> Response:
        _, run = self.run_of(request)
        # Tells the SDK's polling helpers how long to wait; without it they wait a second.
        wait_ms = max(1, round(self.settings.clock_s * 1000))
        return JSONResponse(run.obj, headers={"openai-poll-after-ms": str(wait_ms)})

    async def modify_run(self, request: Request) -> Response:
        _, run = self.run_of(request)
        run.obj["metadata"] = metadata(await json_body(request))
        return JSONResponse(run.obj)

    async def cancel_run(self, request: Request) -> Response:
        thread, run = self.run_of(request)
        self.engine.cancel(thread, run)
        return JSONResponse(run.obj)

    async def submit(self, request: Request) -> Response:
        thread, run = self.run_of(request)
        body = await json_body(request)
        outputs = required(body, "tool_outputs")
        if not isinstance(outputs, list) or not all(isinstance(one, dict) for one in outputs):
            raise bad_request("Invalid 'tool_outputs': expected an array of objects.")
        answers = {str(one.get("tool_call_id")): str(one.get("output", "")) for one in outputs}
        events = self.listen(run, wants_stream(body, self.settings))
        try:
            self.engine.submit(thread, run, answers)
        except ApiError:
            if events is not None:
                run.listeners.remove(events)
            raise
        return self.respond(run, events)

    async def list_steps(self, request: Request) -> Response:
        _, run = self.run_of(request)
        return JSONResponse(page(run.steps, request.query_params))

    async def get_step(self, request: Request) -> Response:
        _, run = self.run_of(request)
        for step in run.steps:
            if step["id"] == request.path_params["step_id"]:
                return JSONResponse(step)
        raise not_found("run step", request.path_params["step_id"])


async def as_event_stream(run: RunRecord, events: Events) -> AsyncIterator[str]:
    """The events as server-sent events, up to and with `done`. The run goes on without us."""
    pieces = 0
    try:
        while True:
            event, data = await events.get()
            pieces += event == "thread.message.delta"
            if run.plan.cut and pieces > PIECES_BEFORE_CUT:
                raise CutError
            yield f"event: {event}\ndata: {data}\n\n"
            if event == "done":
                return
    finally:
        if events in run.listeners:
            run.listeners.remove(events)
