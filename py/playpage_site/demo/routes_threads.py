"""Assistants, threads and messages."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from playpage_site.demo import objects
from playpage_site.demo.content import json_body, message_from, metadata
from playpage_site.demo.errors import bad_request
from playpage_site.demo.runs import Engine
from playpage_site.demo.store import Json, Store, ThreadRecord, page


def make_thread(body: Json, store: Store) -> ThreadRecord:
    """The thread that a CreateThreadRequest asks for, its messages checked first."""
    thread = ThreadRecord(objects.thread(metadata(body), body.get("tool_resources")))
    messages = body.get("messages") or []
    if not isinstance(messages, list):
        raise bad_request("Invalid 'messages': expected an array.", "messages")
    thread.messages = [message_from(one, thread.obj["id"], store) for one in messages]
    store.threads[thread.obj["id"]] = thread
    return thread


def add_message(thread: ThreadRecord, body: Json, store: Store) -> Json:
    run = thread.active_run()
    if run:
        raise bad_request(
            f"Can't add messages to {thread.obj['id']} while a run {run.obj['id']} is active."
        )
    message = message_from(body, thread.obj["id"], store)
    thread.messages.append(message)
    return message


class ThreadsApi:
    def __init__(self, store: Store, engine: Engine) -> None:
        self.store = store
        self.engine = engine

    def routes(self) -> list[Route]:
        one_message = "/threads/{thread_id}/messages/{message_id}"
        return [
            Route("/assistants", self.list_assistants),
            Route("/assistants/{assistant_id}", self.get_assistant),
            Route("/threads", self.create_thread, methods=["POST"]),
            Route("/threads/{thread_id}", self.get_thread),
            Route("/threads/{thread_id}", self.modify_thread, methods=["POST"]),
            Route("/threads/{thread_id}", self.delete_thread, methods=["DELETE"]),
            Route("/threads/{thread_id}/messages", self.list_messages),
            Route("/threads/{thread_id}/messages", self.create_message, methods=["POST"]),
            Route(one_message, self.get_message),
            Route(one_message, self.modify_message, methods=["POST"]),
            Route(one_message, self.delete_message, methods=["DELETE"]),
        ]

    def thread_of(self, request: Request) -> ThreadRecord:
        return self.store.thread(request.path_params["thread_id"])

    async def list_assistants(self, request: Request) -> Response:
        return JSONResponse(page(list(self.store.assistants.values()), request.query_params))

    async def get_assistant(self, request: Request) -> Response:
        return JSONResponse(self.store.assistant(request.path_params["assistant_id"]))

    async def create_thread(self, request: Request) -> Response:
        return JSONResponse(make_thread(await json_body(request), self.store).obj)

    async def get_thread(self, request: Request) -> Response:
        return JSONResponse(self.thread_of(request).obj)

    async def modify_thread(self, request: Request) -> Response:
        thread = self.thread_of(request)
        body = await json_body(request)
        if "metadata" in body:
            thread.obj["metadata"] = metadata(body)
        if "tool_resources" in body:
            thread.obj["tool_resources"] = body["tool_resources"] or {}
        return JSONResponse(thread.obj)

    async def delete_thread(self, request: Request) -> Response:
        thread = self.thread_of(request)
        thread_id = thread.obj["id"]
        self.engine.drop(thread.runs.values())
        del self.store.threads[thread_id]
        self.store.deleted_threads.append(thread_id)
        return JSONResponse(objects.deleted(thread_id, "thread.deleted"))

    async def list_messages(self, request: Request) -> Response:
        messages = self.thread_of(request).messages
        run_id = request.query_params.get("run_id")
        if run_id:
            messages = [message for message in messages if message["run_id"] == run_id]
        return JSONResponse(page(messages, request.query_params))

    async def create_message(self, request: Request) -> Response:
        thread = self.thread_of(request)
        return JSONResponse(add_message(thread, await json_body(request), self.store))

    async def get_message(self, request: Request) -> Response:
        return JSONResponse(self.thread_of(request).message(request.path_params["message_id"]))

    async def modify_message(self, request: Request) -> Response:
        message = self.thread_of(request).message(request.path_params["message_id"])
        message["metadata"] = metadata(await json_body(request))
        return JSONResponse(message)

    async def delete_message(self, request: Request) -> Response:
        thread = self.thread_of(request)
        message = thread.message(request.path_params["message_id"])
        thread.messages.remove(message)
        return JSONResponse(objects.deleted(message["id"], "thread.message.deleted"))
