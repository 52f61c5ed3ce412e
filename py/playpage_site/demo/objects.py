"""The API's objects as JSON, each with every field that the published schema requires."""

from __future__ import annotations

from typing import Any

from playpage_site.demo.store import Json, new_id, now

WEATHER_TOOL: Json = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "description": "The weather in a place now.",
        "parameters": {
            "type": "object",
            "properties": {"location": {"type": "string"}},
            "required": ["location"],
        },
        "strict": False,
    },
}


def assistant(assistant_id: str, name: str) -> Json:
    return {
        "id": assistant_id,
        "object": "assistant",
        "created_at": now(),
        "name": name,
        "description": "Answers from a script, or from a small model.",
        "model": "demo-model",
        "instructions": "You are a friendly assistant. Answer in a few short sentences.",
        "tools": [WEATHER_TOOL],
        "tool_resources": {},
        "metadata": {},
        "temperature": 1.0,
        "top_p": 1.0,
        "response_format": "auto",
    }


def thread(metadata: Json | None, tool_resources: Json | None) -> Json:
    return {
        "id": new_id("thread"),
        "object": "thread",
        "created_at": now(),
        "metadata": metadata or {},
        "tool_resources": tool_resources or {},
    }


def message(thread_id: str, role: str, content: list[Json], **fields: Any) -> Json:
    """A finished message; `fields` replace what differs."""
    created = now()
    return {
        "id": new_id("msg"),
        "object": "thread.message",
        "created_at": created,
        "thread_id": thread_id,
        "status": "completed",
        "incomplete_details": None,
        "completed_at": created,
        "incomplete_at": None,
        "role": role,
        "content": content,
        "assistant_id": None,
        "run_id": None,
        "attachments": [],
        "metadata": {},
        **fields,
    }


def text_part(value: str) -> Json:
    return {"type": "text", "text": {"value": value, "annotations": []}}


def run(thread_id: str, assistant_obj: Json, body: Json, expires_s: float) -> Json:
    created = now()
    instructions = body.get("instructions") or assistant_obj["instructions"] or ""
    instructions += body.get("additional_instructions") or ""
    tools = body.get("tools")
    return {
        "id": new_id("run"),
        "object": "thread.run",
        "created_at": created,
        "thread_id": thread_id,
        "assistant_id": assistant_obj["id"],
        "status": "queued",
        "required_action": None,
        "last_error": None,
        "expires_at": created + int(expires_s),
        "started_at": None,
        "cancelled_at": None,
        "failed_at": None,
        "completed_at": None,
        "incomplete_details": None,
        "model": body.get("model") or assistant_obj["model"],
        "instructions": instructions,
        "tools": assistant_obj["tools"] if tools is None else tools,
        "metadata": body.get("metadata") or {},
        "usage": None,
        "temperature": body.get("temperature") or 1.0,
        "top_p": body.get("top_p") or 1.0,
        "max_prompt_tokens": body.get("max_prompt_tokens"),
        "max_completion_tokens": body.get("max_completion_tokens"),
        "truncation_strategy": body.get("truncation_strategy")
        or {"type": "auto", "last_messages": None},
        "tool_choice": body.get("tool_choice") or "auto",
        "parallel_tool_calls": body.get("parallel_tool_calls", True),
        "response_format": body.get("response_format") or "auto",
    }


def step(run_obj: Json, kind: str, details: Json | list[Json]) -> Json:
    return {
        "id": new_id("step"),
        "object": "thread.run.step",
        "created_at": now(),
        "assistant_id": run_obj["assistant_id"],
        "thread_id": run_obj["thread_id"],
        "run_id": run_obj["id"],
        "type": kind,
        "status": "in_progress",
        "step_details": {"type": kind, kind: details},
        "last_error": None,
        "expired_at": None,
        "cancelled_at": None,
        "failed_at": None,
        "completed_at": None,
        "metadata": {},
        "usage": None,
    }


def usage(prompt_text: str, answer_text: str) -> Json:
    """Token counts: words, near enough for a script."""
    spent = {
        "prompt_tokens": len(prompt_text.split()),
        "completion_tokens": len(answer_text.split()),
    }
    return {**spent, "total_tokens": sum(spent.values())}


def file(filename: str, size_bytes: int, purpose: str) -> Json:
    return {
        "id": new_id("file").replace("_", "-"),
        "object": "file",
        "bytes": size_bytes,
        "created_at": now(),
        "filename": filename,
        "purpose": purpose,
        "status": "processed",
    }


def deleted(identifier: str, kind: str) -> Json:
    return {"id": identifier, "object": kind, "deleted": True}
