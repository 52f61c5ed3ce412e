"""Words from a real model, through chat completions at a base URL."""

from __future__ import annotations

import asyncio
import http.client
import json
import urllib.error
import urllib.request
from collections.abc import AsyncIterator
from typing import Any

from playpage_site.demo.backend import BackendError
from playpage_site.demo.script import Turn

#: A small model on a busy machine may think for a while before its first word.
TIMEOUT_S = 120

# The standard library's client, so that the demo needs no other; and no proxy,
# for the model is on this machine.
OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class ModelBackend:
    """A model behind chat completions at a base URL such as http://127.0.0.1:8080/v1.

    max_tokens: the longest answer that it may give.
    """

    def __init__(self, base_url: str, max_tokens: int) -> None:
        self.max_tokens = max_tokens
        self.url = base_url.rstrip("/") + "/chat/completions"

    async def words(self, turn: Turn) -> AsyncIterator[str]:
        """The answer as the model writes it. Raises BackendError."""
        body = {
            "model": "default",
            "messages": prompt(turn),
            "stream": True,
            "max_tokens": self.max_tokens,
            # Little chance: a tiny model wanders off soon enough.
            "temperature": 0.2,
            "seed": 1,
        }
        request = urllib.request.Request(
            self.url, json.dumps(body).encode(), {"content-type": "application/json"}
        )
        try:
            response: Any = await asyncio.to_thread(OPENER.open, request, timeout=TIMEOUT_S)
            try:
                while line := await asyncio.to_thread(response.readline):
                    piece = piece_of(line.decode())
                    if piece:
                        yield piece
            finally:
                response.close()
        except urllib.error.HTTPError as error:
            raise BackendError(f"The model answered {error.code}.") from error
        except (OSError, http.client.HTTPException) as error:
            raise BackendError(f"The model at {self.url} cannot be reached: {error}") from error


def piece_of(line: str) -> str:
    """The text in one line of a chat completions event stream."""
    line = line.strip()
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
