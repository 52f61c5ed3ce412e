"""Files, and the extra call `pluginapi` by which a client asks the service to run a tool."""

from __future__ import annotations

import json

from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from playpage_site.demo import objects
from playpage_site.demo.errors import ApiError, bad_request
from playpage_site.demo.store import FileRecord, Store, page

PURPOSES = ("assistants", "batch", "fine-tune", "vision", "user_data", "evals")
SKIES = ("sunny", "cloudy", "rainy", "windy", "foggy")


class FilesApi:
    def __init__(self, store: Store) -> None:
        self.store = store

    def routes(self) -> list[Route]:
        return [
            Route("/files", self.list_files),
            Route("/files", self.upload, methods=["POST"]),
            Route("/files/{file_id}", self.get_file),
            Route("/files/{file_id}", self.delete_file, methods=["DELETE"]),
            Route("/files/{file_id}/content", self.get_content),
            Route("/pluginapi", self.run_plugin, methods=["POST"]),
        ]

    async def list_files(self, request: Request) -> Response:
        files = [record.obj for record in self.store.files.values()]
        purpose = request.query_params.get("purpose")
        if purpose:
            files = [obj for obj in files if obj["purpose"] == purpose]
        return JSONResponse(page(files, request.query_params))

    async def upload(self, request: Request) -> Response:
        if not request.headers.get("content-type", "").startswith("multipart/form-data"):
            raise bad_request("Expected multipart/form-data.")
        async with request.form() as form:
            sent, purpose = form.get("file"), form.get("purpose")
            if not isinstance(sent, UploadFile):
                raise bad_request("'file' is a required property", "file")
            if purpose not in PURPOSES:
                raise bad_request(f"'purpose' must be one of {', '.join(PURPOSES)}", "purpose")
            content = await sent.read()
            obj = objects.file(sent.filename or "upload", len(content), str(purpose))
            media_type = sent.content_type or "application/octet-stream"
        self.store.files[obj["id"]] = FileRecord(obj, content, media_type)
        return JSONResponse(obj)

    async def get_file(self, request: Request) -> Response:
        return JSONResponse(self.store.file(request.path_params["file_id"]).obj)

    async def delete_file(self, request: Request) -> Response:
        file_id = self.store.file(request.path_params["file_id"]).obj["id"]
        del self.store.files[file_id]
        return JSONResponse(objects.deleted(file_id, "file"))

    async def get_content(self, request: Request) -> Response:
        record = self.store.file(request.path_params["file_id"])
        return Response(record.content, media_type=record.media_type)

    async def run_plugin(self, request: Request) -> Response:
        """`?tid=thread&aid=assistant&pid=tool`, the arguments as JSON, the answer as text."""
        query = request.query_params
        try:
            self.store.thread(query.get("tid", ""))
            self.store.assistant(query.get("aid", ""))
        except ApiError as error:
            raise ApiError(404, str(error), bare=True) from None
        try:
            arguments = json.loads(await request.body())
            # Some clients encode the arguments twice.
            arguments = json.loads(arguments) if isinstance(arguments, str) else arguments
        except ValueError:
            raise ApiError(400, "The body is not JSON.", bare=True) from None
        if not isinstance(arguments, dict):
            raise ApiError(400, "The arguments are not a JSON object.", bare=True)
        return plugin_answer(query.get("pid", ""), arguments)


def plugin_answer(name: str, arguments: dict[str, object]) -> Response:
    if name == "get_weather":
        place = str(arguments.get("location", ""))
        if not place:
            raise ApiError(400, "location is missing", bare=True)
        # Always the same weather in the same place.
        seed = sum(place.encode())
        weather = {"temperature_c": seed % 35, "conditions": SKIES[seed % len(SKIES)]}
        return text({"location": place, **weather})
    if name == "say_text":
        return text({"text": str(arguments.get("text", "This is the text of a tool."))})
    if name == "long_report":
        return PlainTextResponse(("All is well. " * 1600)[:20_000])
    if name == "broken_plugin":
        raise ApiError(500, "The plugin broke.", bare=True)
    raise ApiError(404, f"There is no plugin {name}.", bare=True)


def text(value: dict[str, object]) -> Response:
    return PlainTextResponse(json.dumps(value, ensure_ascii=False))
