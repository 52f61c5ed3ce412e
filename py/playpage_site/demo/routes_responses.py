"""The Responses API, streamed and not, with the same words as the assistants."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from playpage_site.demo import objects, response_objects
from playpage_site.demo.backend import Backend
from playpage_site.demo.content import json_body, required
from playpage_site.demo.errors import ApiError, bad_request, not_found
from playpage_site.demo.refusals import Refusals
from playpage_site.demo.response_events import ResponseMaker
from playpage_site.demo.response_input import input_items, read_items
from playpage_site.demo.settings import Settings
from playpage_site.demo.store import Json, ResponseRecord, Store
from playpage_site.demo.streams import (
    PIECES_BEFORE_CUT,
    CutError,
    EventStream,
    event_data,
    wants_stream,
)


class ResponsesApi:
    def __init__(self, store: Store, backend: Backend, settings: Settings) -> None:
        self.store = store
        self.backend = backend
        self.settings = settings
        self.refusals = Refusals(settings)

    def routes(self) -> list[Route]:
        one = "/responses/{response_id}"
        return [
            Route("/responses", self.create, methods=["POST"]),
            Route(one, self.retrieve),
            Route(one, self.delete, methods=["DELETE"]),
            Route(f"{one}/cancel", self.cancel, methods=["POST"]),
        ]

    async def create(self, request: Request) -> Response:
        body = await json_body(request)
        required(body, "model")
        new_items = input_items(required(body, "input"))
        items = [*self.earlier_items(body.get("previous_response_id")), *new_items]
        dialogue = read_items(items, body.get("instructions") or "", self.store)
        streamed = wants_stream(body, self.settings)
        maker = ResponseMaker(response_objects.response(body), dialogue, self.backend, self.store)
        await self.refusals.check(dialogue.turn.last.text, json.dumps(items))
        calls = dialogue.next_calls(body.get("tools"), body.get("tool_choice"))
        slow_s = self.settings.slow_s if dialogue.plan.slow else 0.0
        if streamed:
            events = maker.events(calls, slow_s, self.settings.piece_s)
            return EventStream(self.stream(maker, events, items))
        async for _ in maker.events(calls, slow_s, 0.0):
            pass
        self.keep(maker.response, items)
        return JSONResponse(maker.response)

    async def stream(
        self, maker: ResponseMaker, events: AsyncIterator[Json], items: list[Json]
    ) -> AsyncIterator[str]:
        said = 0
        async for event in events:
            said += event["type"] == "response.output_text.delta"
            if maker.dialogue.plan.cut and said > PIECES_BEFORE_CUT:
                raise CutError
            if event["type"].removeprefix("response.") == maker.response["status"] != "in_progress":
                # A reader may ask for it as soon as the last event is there.
                self.keep(maker.response, items)
            yield f"event: {event['type']}\n{event_data(event)}"

    def earlier_items(self, response_id: str | None) -> list[Json]:
        """What was said up to and with a response; [] for None. Raises ApiError (404)."""
        if response_id is None:
            return []
        if response_id not in self.store.responses:
            raise ApiError(
                404,
                f"Previous response with id '{response_id}' not found.",
                code="previous_response_not_found",
                param="previous_response_id",
            )
        record = self.store.responses[response_id]
        return [*record.items, *record.obj["output"]]

    def keep(self, response: Json, items: list[Json]) -> None:
        if response["store"] is not False:
            self.store.responses[response["id"]] = ResponseRecord(response, items)

    def record(self, request: Request) -> ResponseRecord:
        response_id = request.path_params["response_id"]
        if response_id not in self.store.responses:
            raise not_found("response", response_id)
        return self.store.responses[response_id]

    async def retrieve(self, request: Request) -> Response:
        return JSONResponse(self.record(request).obj)

    async def delete(self, request: Request) -> Response:
        response_id = self.record(request).obj["id"]
        del self.store.responses[response_id]
        return JSONResponse(objects.deleted(response_id, "response"))

    async def cancel(self, request: Request) -> Response:
        """No response runs in the background here: a client stops one by leaving its stream."""
        self.record(request)
        raise bad_request("Cannot cancel a synchronous response.")
