"""Messages and runs out of request bodies, refused as the API refuses them."""

from __future__ import annotations

import json
from typing import Any

from starlette.requests import Request

from playpage_site.demo import objects
from playpage_site.demo.errors import bad_request
from playpage_site.demo.store import Json, Store


async def json_body(request: Request) -> Json:
    """The request's JSON object; {} for an empty body.

    Raises ApiError (400) for anything else.
    """
    raw = await request.body()
    if not raw:
        return {}
    try:
        body = json.loads(raw)
    except ValueError:
        raise bad_request("We could not parse the JSON body of your request.") from None
    if not isinstance(body, dict):
        raise bad_request("The body of the request must be a JSON object.")
    return body


def required(body: Json, name: str) -> Any:
    if body.get(name) is None:
        raise bad_request(f"Missing required parameter: '{name}'.", name)
    return body[name]


def metadata(body: Json) -> Json:
    found = body.get("metadata") or {}
    if not isinstance(found, dict) or not all(isinstance(value, str) for value in found.values()):
        raise bad_request("Invalid 'metadata': expected an object of strings.", "metadata")
    return found


def message_from(body: Json, thread_id: str, store: Store) -> Json:
    """The message object that a CreateMessageRequest asks for."""
    if not isinstance(body, dict):
        raise bad_request("A message must be an object.", "messages")
    role = required(body, "role")
    if role not in ("user", "assistant"):
        raise bad_request(f"Invalid 'role': expected 'user' or 'assistant', got {role!r}.", "role")
    content = required(body, "content")
    if isinstance(content, str):
        content = [{"type": "text", "text": content}]
    if not isinstance(content, list) or not content:
        raise bad_request("Message content must be non-empty.", "content")
    attachments = body.get("attachments") or []
    for attachment in attachments:
        store.file(required(attachment, "file_id"))
    return objects.message(
        thread_id,
        role,
        [part_from(part, store) for part in content],
        attachments=attachments,
        metadata=metadata(body),
    )


def part_from(part: object, store: Store) -> Json:
    """One part of a message's content, as the API gives it back."""
    kind = part.get("type") if isinstance(part, dict) else None
    value = part.get(kind) if isinstance(part, dict) and isinstance(kind, str) else None
    if kind == "text" and isinstance(value, str):
        if not value.strip():
            raise bad_request("Message content must be non-empty.", "content")
        return objects.text_part(value)
    if kind == "image_url" and isinstance(value, dict) and isinstance(value.get("url"), str):
        return {"type": kind, kind: {"detail": "auto", **value}}
    if kind == "image_file" and isinstance(value, dict) and isinstance(value.get("file_id"), str):
        store.file(value["file_id"])
        return {"type": kind, kind: {"detail": "auto", **value}}
    raise bad_request(f"Invalid part of 'content': {json.dumps(part)[:200]}", "content")
