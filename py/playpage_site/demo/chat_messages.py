"""The messages of a chat completion request, read into a Dialogue."""

from __future__ import annotations

from typing import Any

from playpage_site.demo.dialogue import Dialogue, describe_url
from playpage_site.demo.errors import bad_request
from playpage_site.demo.script import Said, ToolCall
from playpage_site.demo.store import Json, Store


def read_messages(messages: Any, store: Store) -> Dialogue:
    """Raises ApiError (400), as the API does: for a tool call without an answer, say."""
    if not isinstance(messages, list) or not messages:
        raise bad_request("Invalid 'messages': expected a non-empty array.", "messages")
    dialogue = Dialogue()
    for message in messages:
        if not isinstance(message, dict):
            raise bad_request("Invalid 'messages': expected objects.", "messages")
        if message.get("role") != "tool":
            check_answered(dialogue)
        read_message(message, dialogue, store)
    check_answered(dialogue)
    return dialogue


def read_message(message: Json, dialogue: Dialogue, store: Store) -> None:
    role = message.get("role")
    said = read_parts(str(role), message.get("content"), store)
    if role in ("system", "developer"):
        dialogue.instructions.append(said.text)
    elif role == "user":
        dialogue.says(said)
    elif role == "assistant":
        if said.text:
            dialogue.says(said)
        if message.get("tool_calls"):
            dialogue.rounds.append(
                {
                    str(call["id"]): ToolCall(
                        call["function"]["name"], call["function"]["arguments"]
                    )
                    for call in message["tool_calls"]
                }
            )
    elif role == "tool":
        if not dialogue.result(str(message.get("tool_call_id")), said.text):
            raise bad_request(
                "Invalid parameter: messages with role 'tool' must be a response to a "
                "preceding message with 'tool_calls'.",
                "messages",
            )
    else:
        raise bad_request(f"Invalid 'role': {role!r}.", "messages")


def check_answered(dialogue: Dialogue) -> None:
    missing = dialogue.unanswered()
    if missing:
        raise bad_request(
            "An assistant message with 'tool_calls' must be followed by tool messages responding "
            f"to each 'tool_call_id'. These had no response: {', '.join(missing)}",
            "messages",
        )


def check_tools(tools: Any) -> None:
    """Raises ApiError (400) for tools in the flat form of Responses."""
    for place, tool in enumerate(tools or []):
        if tool.get("type") == "function" and not tool.get("function"):
            name = f"tools[{place}].function"
            raise bad_request(f"Missing required parameter: '{name}'.", name)


def read_parts(role: str, content: Any, store: Store) -> Said:
    """The content of a message: a string, or parts of type text, image_url and file."""
    parts = content or []
    if isinstance(parts, str):
        parts = [{"type": "text", "text": parts}]
    texts: list[str] = []
    images: list[str] = []
    files: list[str] = []
    for part in parts:
        kind = part.get("type")
        if kind == "text":
            texts.append(part["text"])
        elif kind == "image_url":
            images.append(describe_url(part["image_url"]["url"]))
        elif kind == "file":
            files.append(file_name(part["file"], store))
        elif kind != "refusal":
            raise bad_request(f"Invalid part of 'content': {kind!r}.", "messages")
    return Said(role, "\n".join(texts), tuple(images), tuple(files))


def file_name(given: Json, store: Store) -> str:
    """The name of a file that is sent along, or was uploaded before."""
    if given.get("file_id"):
        return str(store.file(str(given["file_id"])).obj["filename"])
    return str(given.get("filename") or "a file without a name")
