"""Short forms of what tests do with the SDK again and again."""

from __future__ import annotations

from typing import Any

import httpx
from openai import OpenAI
from playpage_site.demo import ASSISTANT_ID, DEMO_KEY, Service

#: Options of a service that does not keep tests waiting.
FAST: dict[str, Any] = {"clock_s": 0.02, "piece_s": 0.0, "slow_s": 1.0}


def client_of(service: Service) -> OpenAI:
    """A client that does not try again; to be closed."""
    return OpenAI(base_url=service.base_url, api_key=DEMO_KEY, max_retries=0)


def thread_with(client: OpenAI, words: str) -> str:
    return client.beta.threads.create(messages=[{"role": "user", "content": words}]).id


def newest_text(client: OpenAI, thread_id: str) -> str:
    content: Any = client.beta.threads.messages.list(thread_id).data[0].content[0]
    return str(content.text.value)


def tool_outputs(service: Service, thread_id: str, run: Any) -> list[Any]:
    """What the service's plugins answer to a run's tool calls."""
    outputs = []
    for call in run.required_action.submit_tool_outputs.tool_calls:
        answer = httpx.post(
            service.base_url + "/pluginapi",
            params={"tid": thread_id, "aid": ASSISTANT_ID, "pid": call.function.name},
            headers={"Authorization": f"Bearer {DEMO_KEY}"},
            content=call.function.arguments,
        )
        outputs.append({"tool_call_id": call.id, "output": answer.text})
    return outputs
