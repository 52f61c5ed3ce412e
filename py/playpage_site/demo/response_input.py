"""The `input` of a Responses request, read into a Dialogue."""

from __future__ import annotations

from typing import Any

from playpage_site.demo.chat_messages import file_name, read_parts
from playpage_site.demo.dialogue import Dialogue
from playpage_site.demo.errors import bad_request
from playpage_site.demo.script import Said, ToolCall
from playpage_site.demo.store import Json, Store


def input_items(given: Any) -> list[Json]:
    """The items of an input; a string is one message. Raises ApiError (400)."""
    if isinstance(given, str):
        return [{"type": "message", "role": "user", "content": given}]
    if not isinstance(given, list) or not all(isinstance(item, dict) for item in given):
        raise bad_request("Invalid 'input': expected a string or an array of objects.", "input")
    return given


def read_items(items: list[Json], instructions: str, store: Store) -> Dialogue:
    """Raises ApiError (400): for a tool call without its output, say."""
    dialogue = Dialogue(instructions=[instructions] if instructions else [])
    for item in items:
        read_item(item, dialogue, store)
    missing = dialogue.unanswered()
    if missing:
        raise bad_request(f"No tool output found for function call {missing[0]}.", "input")
    return dialogue


def read_item(item: Json, dialogue: Dialogue, store: Store) -> None:
    kind = item.get("type", "message")
    if kind == "message":
        read_message(item, dialogue, store)
    elif kind == "function_call":
        call = ToolCall(str(item["name"]), str(item["arguments"]))
        # Calls that follow each other without an output were made at once.
        if dialogue.rounds and not dialogue.answered.intersection(dialogue.rounds[-1]):
            dialogue.rounds[-1][str(item["call_id"])] = call
        else:
            dialogue.rounds.append({str(item["call_id"]): call})
    elif kind == "function_call_output":
        output = item.get("output", "")
        if not isinstance(output, str):
            output = said_in("tool", output, store).text
        if not dialogue.result(str(item.get("call_id")), output):
            raise bad_request(
                f"No tool call found for function call output with call_id {item.get('call_id')}.",
                "input",
            )
    elif kind != "reasoning":
        raise bad_request(f"Invalid item of 'input': {kind!r}.", "input")


def read_message(item: Json, dialogue: Dialogue, store: Store) -> None:
    role = item.get("role")
    said = said_in(str(role), item.get("content"), store)
    if role in ("system", "developer"):
        dialogue.instructions.append(said.text)
    elif role in ("user", "assistant"):
        missing = dialogue.unanswered()
        if role == "user" and missing:
            raise bad_request(f"No tool output found for function call {missing[0]}.", "input")
        dialogue.says(said)
    else:
        raise bad_request(f"Invalid 'role': {role!r}.", "input")


def said_in(role: str, content: Any, store: Store) -> Said:
    if isinstance(content, list):
        content = [chat_part(part, store) for part in content]
    return read_parts(role, content, store)


def chat_part(part: Json, store: Store) -> Json:
    """A part as chat completions have it; the two differ in their names alone."""
    kind = part.get("type")
    if kind in ("input_text", "output_text"):
        return {"type": "text", "text": part["text"]}
    if kind == "input_image":
        url = part.get("image_url") or file_name(part, store)
        return {"type": "image_url", "image_url": {"url": url}}
    if kind == "input_file":
        return {
            "type": "file",
            "file": {**part, "filename": part.get("filename") or part.get("file_url")},
        }
    if kind == "refusal":
        return part
    raise bad_request(f"Invalid value: {kind!r} as the type of a part of 'input'.", "input")
