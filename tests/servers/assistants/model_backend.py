"""Words from a real model, through chat completions at a base URL."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator

import httpx

from servers.assistants.backend import BackendError
from servers.assistants.script import Turn


class ModelBackend:
    """A model behind chat completions at a base URL such as http://127.0.0.1:8080/v1."""

    def __init__(self, base_url: str) -> None:
        self.url = base_url.rstrip("/") + "/chat/completions"

    async def words(self, turn: Turn) -> AsyncIterator[str]:
        body = {
            "model": "default",
            "messages": prompt(turn),
            "stream": True,
            "max_tokens": 200,
            # Little chance: a tiny model wanders off soon enough.
            "temperature": 0.2,
            "seed": 1,
        }
        try:
            # A small model on a busy machine may think for a while before its first word.
            async with (
                httpx.AsyncClient(timeout=120, trust_env=False) as client,
                client.stream("POST", self.url, json=body) as response,
            ):
                if response.status_code != 200:
                    await response.aread()
                    raise BackendError(f"The model answered {response.status_code}.")
                async for line in response.aiter_lines():
                    piece = piece_of(line)
                    if piece:
                        yield piece
        except httpx.HTTPError as error:
            raise BackendError(f"The model at {self.url} cannot be reached: {error}") from error


def piece_of(line: str) -> str:
    """The text in one line of a chat completions event stream."""
    if not line.startswith("data:") or line.endswith("[DONE]"):
        return ""
    choices = json.loads(line[len("data:") :]).get("choices") or [{}]
    return choices[0].get("delta", {}).get("content") or ""


def prompt(turn: Turn) -> list[dict[str, str]]:
    """The turn as chat messages. Tool results go in as text: a tiny model knows no tools."""
    messages = []
    if turn.instructions.strip():
        messages.append({"role": "system", "content": turn.instructions.strip()})
    for one in turn.said:
        text = "\n".join([one.text, *(f"[picture: {image}]" for image in one.images)])
        messages.append({"role": one.role, "content": text})
    if turn.results:
        facts = "\n".join(f"{result.name}: {result.output}" for result in turn.results)
        messages[-1]["content"] += f"\n\nAnswer from these facts:\n{facts}"
    return messages
