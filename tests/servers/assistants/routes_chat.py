"""Chat completions, streamed and not, with the same words as the assistants."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator

from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from servers.assistants import objects, script
from servers.assistants.backend import Backend, BackendError
from servers.assistants.content import json_body, required
from servers.assistants.errors import ApiError, bad_request
from servers.assistants.store import Json, new_id, now


class ChatApi:
    def __init__(self, backend: Backend) -> None:
        self.backend = backend

    def routes(self) -> list[Route]:
        return [Route("/chat/completions", self.complete, methods=["POST"])]

    async def complete(self, request: Request) -> Response:
        body = await json_body(request)
        model = str(required(body, "model"))
        messages = required(body, "messages")
        if not isinstance(messages, list) or not messages:
            raise bad_request("Invalid 'messages': expected a non-empty array.", "messages")
        turn = read_turn(messages)
        refusal = script.refusal(turn.last.text)
        if refusal and not refusal.once:
            raise ApiError(refusal.status, refusal.message, bare=refusal.bare)
        if body.get("stream"):
            counted = bool((body.get("stream_options") or {}).get("include_usage"))
            return StreamingResponse(
                self.stream(turn, model, counted), media_type="text/event-stream"
            )
        try:
            answer = "".join([piece async for piece in self.backend.words(turn)])
        except BackendError as error:
            raise ApiError(502, str(error), kind="server_error") from error
        message = {"role": "assistant", "content": answer, "refusal": None}
        choice = {"index": 0, "message": message, "finish_reason": "stop", "logprobs": None}
        completion = head("chat.completion", model)
        usage = objects.usage(turn.last.text, answer)
        return JSONResponse({**completion, "choices": [choice], "usage": usage})

    async def stream(self, turn: script.Turn, model: str, counted: bool) -> AsyncIterator[str]:
        chunk = head("chat.completion.chunk", model)

        def event(delta: Json, reason: str | None = None) -> str:
            choice = {"index": 0, "delta": delta, "finish_reason": reason, "logprobs": None}
            return data({**chunk, "choices": [choice]})

        yield event({"role": "assistant", "content": ""})
        said: list[str] = []
        try:
            async for piece in self.backend.words(turn):
                said.append(piece)
                yield event({"content": piece})
        except BackendError as error:
            # The status is long gone: an error can only be said in the stream.
            yield data(ApiError(502, str(error), kind="server_error").body)
            return
        yield event({}, "stop")
        if counted:
            usage = objects.usage(turn.last.text, "".join(said))
            yield data({**chunk, "choices": [], "usage": usage})
        yield "data: [DONE]\n\n"


def head(kind: str, model: str) -> Json:
    return {"id": new_id("chatcmpl"), "object": kind, "created": now(), "model": model}


def data(value: Json) -> str:
    return f"data: {json.dumps(value, ensure_ascii=False)}\n\n"


def read_turn(messages: list[Json]) -> script.Turn:
    said: list[script.Said] = []
    instructions: list[str] = []
    for message in messages:
        content = message.get("content") or ""
        parts: list[Json] = (
            [{"type": "text", "text": content}] if isinstance(content, str) else content
        )
        text = "\n".join(part["text"] for part in parts if part.get("type") == "text")
        images = [part["image_url"]["url"] for part in parts if part.get("type") == "image_url"]
        if message.get("role") in ("system", "developer"):
            instructions.append(text)
        elif message.get("role") in ("user", "assistant"):
            said.append(script.Said(message["role"], text, tuple(images)))
    return script.Turn(said, "\n".join(instructions))
