"""A request that brings its own conversation: Chat Completions and Responses.

Both are read into a Dialogue, and the answer to it comes in pieces. What
differs between the two, their JSON, is in the modules of their routes.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field

from playpage_site.demo import script
from playpage_site.demo.backend import Backend
from playpage_site.demo.citations import Source, source_of
from playpage_site.demo.pictures import markdown_picture
from playpage_site.demo.script import Plan, Said, ToolCall, ToolResult, Turn


@dataclass
class Dialogue:
    """What was said, and which tool calls the reader's last message has led to.

    said: the turns, oldest first.
    rounds: the rounds of tool calls since the reader's last message, each a
        dict of call id -> call.
    results: their results, in the order in which they came.
    """

    said: list[Said] = field(default_factory=list)
    instructions: list[str] = field(default_factory=list)
    rounds: list[dict[str, ToolCall]] = field(default_factory=list)
    results: list[ToolResult] = field(default_factory=list)
    answered: set[str] = field(default_factory=set)

    def says(self, one: Said) -> None:
        """Add a turn; the reader's begins a new count of tool calls."""
        self.said.append(one)
        if one.role == "user":
            self.rounds.clear()
            self.results.clear()
            self.answered.clear()

    def result(self, call_id: str, output: str) -> bool:
        """Add what a tool answered; False when nothing was asked under this id."""
        for calls in self.rounds:
            if call_id in calls:
                call = calls[call_id]
                self.results.append(ToolResult(call.name, call.arguments, output))
                self.answered.add(call_id)
                return True
        return False

    def unanswered(self) -> list[str]:
        return [one for calls in self.rounds for one in calls if one not in self.answered]

    @property
    def turn(self) -> Turn:
        return Turn(self.said, "\n".join(self.instructions), self.results)

    @property
    def plan(self) -> Plan:
        return script.plan(self.turn.last.text)

    def next_calls(self, tools: object, choice: object) -> Sequence[ToolCall]:
        """The tool calls that are due; none when it is time for words.

        tools, choice: `tools` and `tool_choice` of the request.
        """
        rounds = self.plan.rounds
        if not tools or choice == "none" or len(self.rounds) >= len(rounds):
            return ()
        return rounds[len(self.rounds)]


@dataclass(frozen=True)
class Piece:
    """A piece of an answer, and the source that it cites, if it is a citation."""

    text: str
    source: Source | None = None


async def pieces(backend: Backend, dialogue: Dialogue) -> AsyncIterator[Piece]:
    """The answer, piece by piece; one piece alone when it is to be incomplete.

    Raises BackendError.
    """
    plan = dialogue.plan
    async for text in backend.words(dialogue.turn):
        source = source_of(text) if plan.extra == "cite" else None
        yield Piece(source.link if source else text, source)
        if plan.ending == "incomplete":
            return
    if plan.extra == "draw":
        yield Piece(markdown_picture())


def describe_url(url: str) -> str:
    """A picture's address; of a data: URL its type and size alone."""
    if not url.startswith("data:"):
        return url[:200]
    head, _, body = url[len("data:") :].partition(",")
    size = len(body.rstrip("=")) * 3 // 4 if head.endswith(";base64") else len(body)
    return f"{head.partition(';')[0]} ({size} bytes)"
