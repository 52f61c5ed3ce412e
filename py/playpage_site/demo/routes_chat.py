"""Chat completions, streamed and not, with the same words as the assistants."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Sequence

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from playpage_site.demo import objects
from playpage_site.demo.backend import Backend, BackendError
from playpage_site.demo.chat_messages import check_tools, read_messages
from playpage_site.demo.citations import url_citation
from playpage_site.demo.content import json_body, required
from playpage_site.demo.dialogue import Dialogue, Piece, pieces
from playpage_site.demo.errors import ApiError
from playpage_site.demo.refusals import Refusals
from playpage_site.demo.script import Plan, ToolCall
from playpage_site.demo.settings import Settings
from playpage_site.demo.store import Json, Store, new_id, now
from playpage_site.demo.streams import (
    PIECES_BEFORE_CUT,
    CutError,
    EventStream,
    event_data,
    fragments,
    wants_stream,
)

#: The text (None beside tool calls), its annotations, and why it ended.
Answer = tuple[str | None, list[Json], str]


class ChatApi:
    def __init__(self, store: Store, backend: Backend, settings: Settings) -> None:
        self.store = store
        self.backend = backend
        self.settings = settings
        self.refusals = Refusals(settings)

    def routes(self) -> list[Route]:
        return [Route("/chat/completions", self.complete, methods=["POST"])]

    async def complete(self, request: Request) -> Response:
        body = await json_body(request)
        model = str(required(body, "model"))
        dialogue = read_messages(required(body, "messages"), self.store)
        check_tools(body.get("tools"))
        streamed = wants_stream(body, self.settings)
        await self.refusals.check(dialogue.turn.last.text, json.dumps(body["messages"]))
        calls = dialogue.next_calls(body.get("tools"), body.get("tool_choice"))
        if streamed:
            counted = bool((body.get("stream_options") or {}).get("include_usage"))
            return EventStream(self.stream(dialogue, calls, model, counted))
        await self.think(dialogue.plan)
        answer, notes, reason = await self.words(dialogue, calls)
        message: Json = {"role": "assistant", "content": answer, "refusal": None}
        message["annotations"] = notes
        if calls:
            message["tool_calls"] = [call_object(call) for call in calls]
        choice = {"index": 0, "message": message, "finish_reason": reason, "logprobs": None}
        completion = head("chat.completion", model)
        usage = objects.usage(dialogue.turn.last.text, answer or "")
        return JSONResponse({**completion, "choices": [choice], "usage": usage})

    async def think(self, plan: Plan) -> None:
        if plan.slow:
            await asyncio.sleep(self.settings.slow_s)

    async def words(
        self, dialogue: Dialogue, calls: Sequence[ToolCall]
    ) -> tuple[str | None, list[Json], str]:
        """The whole answer. Raises ApiError."""
        if calls:
            return None, [], "tool_calls"
        answer = ""
        notes: list[Json] = []
        if dialogue.plan.ending == "failed":
            raise failure(dialogue.plan)
        try:
            async for piece in pieces(self.backend, dialogue):
                notes += annotated(piece, answer).get("annotations", [])
                answer += piece.text
        except BackendError as error:
            raise ApiError(502, str(error), kind="server_error") from error
        return answer, notes, finish_reason(dialogue.plan)

    async def stream(
        self, dialogue: Dialogue, calls: Sequence[ToolCall], model: str, counted: bool
    ) -> AsyncIterator[str]:
        chunk = head("chat.completion.chunk", model)

        def event(delta: Json, reason: str | None = None) -> str:
            choice = {"index": 0, "delta": delta, "finish_reason": reason, "logprobs": None}
            return event_data({**chunk, "choices": [choice]})

        said: list[str] = []
        yield event({"role": "assistant", "content": None if calls else ""})
        await self.think(dialogue.plan)
        for index, call in enumerate(calls):
            for delta in call_deltas(index, call):
                yield event({"tool_calls": [delta]})
                await asyncio.sleep(self.settings.piece_s)
        if not calls:
            # The status is long gone: an error can only be said in the stream.
            if dialogue.plan.ending == "failed":
                yield event_data(failure(dialogue.plan).said(self.settings.bare_errors))
                return
            try:
                async for piece in pieces(self.backend, dialogue):
                    if dialogue.plan.cut and len(said) == PIECES_BEFORE_CUT:
                        raise CutError
                    yield event({"content": piece.text, **annotated(piece, "".join(said))})
                    said.append(piece.text)
                    await asyncio.sleep(self.settings.piece_s)
            except BackendError as error:
                problem = ApiError(502, str(error), kind="server_error")
                yield event_data(problem.said(self.settings.bare_errors))
                return
        yield event({}, "tool_calls" if calls else finish_reason(dialogue.plan))
        if counted:
            usage = objects.usage(dialogue.turn.last.text, "".join(said))
            yield event_data({**chunk, "choices": [], "usage": usage})
        yield "data: [DONE]\n\n"


def head(kind: str, model: str) -> Json:
    return {"id": new_id("chatcmpl"), "object": kind, "created": now(), "model": model}


def finish_reason(plan: Plan) -> str:
    return "length" if plan.ending == "incomplete" else "stop"


def annotated(piece: Piece, before: str) -> Json:
    """The annotations of a piece that follows this text, where it cites a source."""
    if piece.source is None:
        return {}
    citation = url_citation(piece.source, len(before))
    return {"annotations": [{"type": "url_citation", "url_citation": citation}]}


def failure(plan: Plan) -> ApiError:
    limited = plan.error_code == "rate_limit_exceeded"
    return ApiError(
        429 if limited else 500,
        plan.error_message,
        kind="requests" if limited else "server_error",
        code=plan.error_code,
    )


def call_object(call: ToolCall) -> Json:
    function = {"name": call.name, "arguments": call.arguments}
    return {"id": new_id("call"), "type": "function", "function": function}


def call_deltas(index: int, call: ToolCall) -> list[Json]:
    """A tool call as it is streamed: first its name, then its arguments in pieces."""
    whole = call_object(call)
    begun = {"index": index, **whole, "function": {"name": call.name, "arguments": ""}}
    rest = [
        {"index": index, "function": {"arguments": piece}} for piece in fragments(call.arguments)
    ]
    return [begun, *rest]
