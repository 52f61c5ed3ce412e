"""One exchange: a service answers the last turn, and whatever goes wrong becomes a sentence."""

from __future__ import annotations

import asyncio

import httpx
import openai

from .failures import ChatError, explain
from .languages import Words
from .messages import Answer, Conversation, File, Step
from .services.base import FORGET_S, Changed, Service


async def exchange(
    service: Service, conversation: Conversation, words: Words, changed: Changed
) -> None:
    """Have the last turn answered. A failure, or Stop (cancelling), ends as `answer.problem`.

    After anything but a whole answer, what the service keeps may differ from what the reader
    sees: it is dropped, and the next turn sends the conversation anew. What the service keeps in
    vain is deleted last, once the answer is shown.
    """
    answer = conversation.last.answer
    try:
        await service.answer(conversation, changed)
        if not answer.text and not any(isinstance(part, File) for part in answer.parts):
            raise ChatError("empty")
    except asyncio.CancelledError:
        answer.problem = words["stopped"]
    except Exception as error:  # noqa: BLE001
        answer.problem = explain(error, words, has_text=bool(answer.text))
    finally:
        answer.is_done = True
        if answer.problem:
            _end_steps(answer, words["stopped"])
            conversation.drop_remote()
        changed()
        # What cannot be deleted now is tried again after the next turn.
        while conversation.stale_ids and await forget_quietly(service, conversation.stale_ids[0]):
            del conversation.stale_ids[0]


async def forget_quietly(service: Service, remote_id: str) -> bool:
    """Delete a conversation at the service. False where a later try may succeed."""
    try:
        async with asyncio.timeout(FORGET_S):
            await service.forget(remote_id)
    except openai.APIStatusError as error:
        return error.status_code not in (401, 429) and error.status_code < 500
    except (openai.OpenAIError, httpx.HTTPError, TimeoutError, ChatError):
        return False
    return True


def _end_steps(answer: Answer, reason: str) -> None:
    """Mark the tool calls that have no output as failed."""
    for part in answer.parts:
        if isinstance(part, Step) and part.output is None:
            part.output, part.failed = reason, True
