"""What a service is, and what all of them share: tool calls, the reader's time, pictures."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Any, NamedTuple, Protocol

from ..failures import ChatError
from ..messages import Answer, Conversation, Step
from ..tools import Tools

Json = dict[str, Any]

#: Called when an answer has changed.
Changed = Callable[[], None]

#: How long a service may take to delete a conversation, in seconds.
FORGET_S = 10

#: More rounds of tool calls than any answer needs.
MAX_ROUNDS = 25

#: An address of a picture in what the reader writes is shown to the model.
PICTURE = re.compile(r"https?://[^\s<>()\"']+\.(?:png|jpe?g|gif|webp)(?:\?[^\s<>()\"']*)?", re.I)


class Service(Protocol):
    """Answers conversations, by one of the APIs."""

    async def answer(self, conversation: Conversation, changed: Changed) -> None:
        """Write the answer of the last turn, and keep `conversation.remote_id` up to date.

        Raises ChatError, and whatever the SDK, httpx or a file raises. What has been written by
        then stays.
        """

    async def forget(self, remote_id: str) -> None:
        """Delete what the service keeps of a conversation. Raises as `answer` does."""


class ToolCall(NamedTuple):
    """A model's call of a tool. arguments: JSON, as the model wrote it."""

    id: str
    name: str
    arguments: str


class ToolOutput(NamedTuple):
    """What a tool gave, for the model. id: that of the call."""

    id: str
    text: str


async def run_rounds(
    ask: Callable[[list[ToolOutput]], Awaitable[list[ToolCall]]],
    answer: Answer,
    tools: Tools,
    changed: Changed,
) -> None:
    """Ask, run the tools that are called, hand in their outputs; until no tool is called.

    ask: sends the question, then the outputs of each round; returns the calls of the reply.
    Raises ChatError("too_many_rounds") after MAX_ROUNDS rounds, and what `ask` raises.
    """
    outputs: list[ToolOutput] = []
    for _ in range(MAX_ROUNDS):
        calls = await ask(outputs)
        if not calls:
            return
        outputs = await _run_tools(calls, answer, tools, changed)
    raise ChatError("too_many_rounds")


async def _run_tools(
    calls: Sequence[ToolCall], answer: Answer, tools: Tools, changed: Changed
) -> list[ToolOutput]:
    """Run the calls of one round side by side, each shown as a step of the answer.

    Returns the outputs in the order of the calls. A failure is an output, too.
    """
    steps = [Step(call.name, call.arguments, call.id) for call in calls]
    answer.parts += steps
    changed()

    async def run(step: Step) -> ToolOutput:
        started_s = time.monotonic()
        result = await tools.run(step.name, step.arguments)
        step.output, step.failed = result.output, result.failed
        step.seconds = time.monotonic() - started_s
        changed()
        return ToolOutput(step.id, step.output)

    return list(await asyncio.gather(*map(run, steps)))


def time_line() -> str:
    """The reader's local time and zone, as a sentence for the model."""
    now = datetime.now().astimezone()
    offset = now.strftime("%z")
    zone = f"{now.tzname()}, UTC{offset[:3]}:{offset[3:5]}"
    return f"The current time is: {now:%Y-%m-%d %H:%M:%S} ({zone}), {now:%A}."


def pictures_in(text: str) -> list[str]:
    """The addresses of pictures in a text, each once."""
    return list(dict.fromkeys(PICTURE.findall(text)))
