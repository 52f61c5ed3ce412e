"""What the three kinds of service have in common, and the one place where an answer is made."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any, Protocol

import httpx
import openai

from .failures import ChatError, explain
from .languages import Words
from .messages import Answer, Conversation, File, Step
from .tools import Tools

#: Called when an answer has changed.
Changed = Callable[[], None]

#: An address of a picture in what the reader writes is shown to the model.
PICTURE = re.compile(r"https?://[^\s<>()\"']+\.(?:png|jpe?g|gif|webp)(?:\?[^\s<>()\"']*)?", re.I)


class Service(Protocol):
    """Answers conversations, by one of the APIs."""

    async def answer(self, conversation: Conversation, changed: Changed) -> None:
        """Write the answer of the last turn, and keep `conversation.memory` right.

        Raises what goes wrong; what has been written by then stays.
        """

    async def forget(self, memory: str) -> None:
        """Delete what the service keeps of a conversation. Raises what goes wrong."""


@asynccontextmanager
async def connect(
    base_url: str, key: str, timeout_s: float
) -> AsyncIterator[tuple[openai.AsyncOpenAI, httpx.AsyncClient]]:
    """The SDK's client and the HTTP client below it, for one exchange.

    Raises ChatError where there is no usable key or address.
    """
    if not key:
        raise ChatError("no_key")
    if not key.isascii() or not key.isprintable() or " " in key:
        raise ChatError("odd_key")
    if not is_address(base_url):
        raise ChatError("odd_address", address=base_url)
    async with httpx.AsyncClient(timeout=timeout_s) as http:
        # From 3.0 on the SDK names httpx2's client, and takes this one as before.
        below: Any = http
        # Named again, for the SDK takes a client's own timeout only where it is not httpx's usual.
        client = openai.AsyncOpenAI(
            base_url=base_url, api_key=key, http_client=below, timeout=timeout_s
        )
        yield client, http


def is_address(base_url: str) -> bool:
    """Can a service be asked there?"""
    try:
        url = httpx.URL(base_url)
    except httpx.InvalidURL:
        return False
    is_host = re.fullmatch(r"[\w.:-]+", url.host) and not re.search(r"\s", base_url)
    return url.scheme in ("http", "https") and bool(is_host)


async def exchange(
    service: Service, conversation: Conversation, words: Words, changed: Changed
) -> None:
    """Have the last turn answered. Whatever goes wrong ends as a sentence in the answer.

    After anything but a whole answer the service's memory may not be what the reader sees; it
    is dropped, and the next turn tells the service anew. What it keeps in vain is deleted last.
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
            end_steps(answer, words["stopped"])
            conversation.drop_memory()
        changed()
        # One that cannot be deleted now is tried again after the next turn.
        while conversation.stale and await forget_quietly(service, conversation.stale[0]):
            del conversation.stale[0]


async def forget_quietly(service: Service, memory: str) -> bool:
    """Delete what the service keeps and nobody needs. False: it is worth another try later."""
    try:
        async with asyncio.timeout(10):
            await service.forget(memory)
    except openai.APIStatusError as error:
        return error.status_code not in (401, 429) and error.status_code < 500
    except (openai.OpenAIError, httpx.HTTPError, TimeoutError, ChatError):
        return False
    return True


def end_steps(answer: Answer, reason: str) -> None:
    """Tool calls that were still at work are so no longer."""
    for part in answer.parts:
        if isinstance(part, Step) and part.output is None:
            part.output, part.failed = reason, True


async def take_steps(
    answer: Answer, calls: Sequence[tuple[str, str, str]], tools: Tools, changed: Changed
) -> list[tuple[str, str]]:
    """Run tool calls side by side, shown as steps of the answer.

    calls: (id, name, arguments as JSON). Gives (id, output) in the same order; what goes wrong
    is told to the model in the output.
    """
    steps = [Step(name, arguments, call) for call, name, arguments in calls]
    answer.parts += steps
    changed()

    async def take(step: Step) -> tuple[str, str]:
        begun = time.monotonic()
        result = await tools.run(step.name, step.arguments)
        step.output, step.failed = result.output, result.failed
        step.seconds = time.monotonic() - begun
        changed()
        return step.id, step.output

    return list(await asyncio.gather(*map(take, steps)))


def time_line() -> str:
    """The reader's own time and zone, for the model."""
    now = datetime.now().astimezone()
    offset = now.strftime("%z")
    zone = f"{now.tzname()}, UTC{offset[:3]}:{offset[3:5]}"
    return f"The current time is: {now:%Y-%m-%d %H:%M:%S} ({zone}), {now:%A}."


def pictures_in(text: str) -> list[str]:
    """The addresses of pictures in a text, each once."""
    return list(dict.fromkeys(PICTURE.findall(text)))


def is_event_stream(headers: Any) -> bool:
    """Did the service stream, as it was asked to?"""
    return str(headers.get("content-type", "")).lower().startswith("text/event-stream")
