"""The Responses API's objects as JSON, each with every field that the published schema requires."""

from __future__ import annotations

from playpage_site.demo.errors import bad_request
from playpage_site.demo.store import Json, new_id, now


def response(body: Json) -> Json:
    """A response that has just begun; its `usage` comes at the end, for it may not be null."""
    return {
        "id": new_id("resp"),
        "object": "response",
        "created_at": now(),
        "status": "in_progress",
        "background": False,
        "error": None,
        "incomplete_details": None,
        "instructions": body.get("instructions"),
        "max_output_tokens": body.get("max_output_tokens"),
        "model": body["model"],
        "output": [],
        "parallel_tool_calls": body.get("parallel_tool_calls", True),
        "previous_response_id": body.get("previous_response_id"),
        "reasoning": {"effort": None, "summary": None},
        "store": body.get("store", True),
        "temperature": body.get("temperature") or 1.0,
        "text": body.get("text") or {"format": {"type": "text"}},
        "tool_choice": body.get("tool_choice") or "auto",
        "tools": flat_tools(body.get("tools") or []),
        "top_p": body.get("top_p") or 1.0,
        "truncation": "disabled",
        "metadata": body.get("metadata") or {},
    }


def flat_tools(tools: list[Json]) -> list[Json]:
    """Raises ApiError (400) for tools in the form of chat completions, with a `function` inside."""
    for place, tool in enumerate(tools):
        if tool.get("type") == "function" and not tool.get("name"):
            name = f"tools[{place}].name"
            raise bad_request(f"Missing required parameter: '{name}'.", name)
    return [
        {"description": None, "parameters": None, "strict": True, **tool}
        if tool.get("type") == "function"
        else tool
        for tool in tools
    ]


def message_item() -> Json:
    return {
        "id": new_id("msg"),
        "type": "message",
        "status": "in_progress",
        "role": "assistant",
        "content": [],
    }


def text_part() -> Json:
    return {"type": "output_text", "text": "", "annotations": [], "logprobs": []}


def call_item(name: str) -> Json:
    return {
        "id": new_id("fc"),
        "type": "function_call",
        "status": "in_progress",
        "call_id": new_id("call"),
        "name": name,
        "arguments": "",
    }


def usage(prompt_text: str, answer_text: str) -> Json:
    """Token counts: words, near enough for a script."""
    given, made = len(prompt_text.split()), len(answer_text.split())
    return {
        "input_tokens": given,
        "input_tokens_details": {"cached_tokens": 0, "cache_write_tokens": 0},
        "output_tokens": made,
        "output_tokens_details": {"reasoning_tokens": 0},
        "total_tokens": given + made,
    }
