"""A conversation as rows of Gradio's chat: one dict for each message, file or step."""

from __future__ import annotations

import re
from typing import Any

from ..languages import Words
from ..markdown import GrowingMarkdown, fenced, pretty_json, with_maths
from ..messages import Answer, Conversation, File, Part, Step, Text, Turn

#: The value of the option below an answer that failed.
AGAIN = "\0again"

#: Tags that are shown as text: they reach beyond their message, load something, or ask the reader
#: for something. Gradio's own cleaning removes scripts and frames, and leaves the others.
TEXT_TAGS = (
    *("base", "embed", "form", "iframe", "link", "meta"),
    *("object", "script", "style", "template", "textarea", "title"),
)
#: Gradio shows `<style>` and `<style …>` as text; browsers take `<style/…>` for the tag, too.
_SLASHED = re.compile(rf"(<(?:{'|'.join(TEXT_TAGS)}))/", re.IGNORECASE)

#: `role`, `content` and so on, as `gr.Chatbot(type="messages")` takes them.
Row = dict[str, Any]


class Rows:
    """The rows of one conversation, for as long as one answer is written.

    Turns that are over are rendered once. In a long answer that is being written, so are the
    blocks that are finished: Gradio's page parses and draws only rows that have changed.

    owners: for each row, the index of its turn.
    open_characters: the length of the row that still grows; 0 where none does.
    """

    def __init__(self, words: Words) -> None:
        self.words = words
        self.owners: list[int] = []
        self.open_characters = 0
        self._finished: dict[int, tuple[Turn, list[Row]]] = {}
        self._growing: dict[int, tuple[Text, GrowingMarkdown]] = {}

    def of(self, conversation: Conversation, note: str = "") -> list[Row]:
        """All rows. note: shown below an answer that is slow to come."""
        rows: list[Row] = []
        self.owners = []
        last = len(conversation.turns) - 1
        for index, turn in enumerate(conversation.turns):
            if index < last and turn.answer.is_done:
                made = self._finished_turn(turn)
            else:
                made = self._turn(turn, note, is_last=True)
            rows += made
            self.owners += [index] * len(made)
        return rows

    def _finished_turn(self, turn: Turn) -> list[Row]:
        known, rows = self._finished.get(id(turn), (None, []))
        if known is not turn:
            rows = self._turn(turn)
            self._finished[id(turn)] = (turn, rows)
        return rows

    def _turn(self, turn: Turn, note: str = "", is_last: bool = False) -> list[Row]:
        rows = [{"role": "user", "content": _file(one)} for one in turn.question.files]
        if turn.question.text:
            rows.append({"role": "user", "content": turn.question.text})
        answer = turn.answer
        self.open_characters = 0
        replies = [row for part in answer.parts for row in self._part(part, answer.is_done)]
        if answer.footnotes and answer.is_done:
            replies.append({"role": "assistant", "content": self._footnotes(answer)})
        if note and not answer.is_done:
            replies.append({"role": "assistant", "content": f"*{note}*"})
        if answer.problem:
            is_stop = answer.problem == self.words["stopped"]
            replies.append(
                {"role": "assistant", "content": f"{'■' if is_stop else '⚠️'} {answer.problem}"}
            )
        if is_last and answer.is_done and replies:
            if answer.problem:
                replies[-1]["options"] = [{"label": self.words["send_again"], "value": AGAIN}]
            elif answer.follow_ups:
                options = [{"label": one, "value": one} for one in answer.follow_ups]
                replies[-1]["options"] = options
        for row in (rows := [*rows, *replies]):
            if isinstance(row["content"], str):
                row["content"] = _SLASHED.sub(r"\1 /", row["content"])
        return rows

    def _part(self, part: Part, is_done: bool) -> list[Row]:
        if isinstance(part, Text):
            blocks = [part.markdown] if is_done else self._blocks(part)
            self.open_characters = len(blocks[-1])
            return [
                {"role": "assistant", "content": with_maths(text)}
                for block in blocks
                if (text := block.strip())
            ]
        if isinstance(part, File):
            return [{"role": "assistant", "content": _file(part)}] if part.path else []
        return [self._step(part)]

    def _blocks(self, text: Text) -> list[str]:
        """A text that may still grow, in blocks of which only the last will change."""
        known, growing = self._growing.get(id(text), (None, GrowingMarkdown()))
        if known is not text:
            self._growing[id(text)] = (text, growing)
        return growing.blocks(text.markdown)

    def _step(self, step: Step) -> Row:
        """A tool call, which the reader can open."""
        title = self.words.sentence("step_failed" if step.failed else "step", name=step.name)
        lines = [f"{self.words['step_arguments']}", fenced(pretty_json(step.arguments), "json")]
        if step.output is not None:
            lines += [f"{self.words['step_output']}", fenced(pretty_json(step.output))]
        metadata: Row = {"title": title, "status": "pending" if step.output is None else "done"}
        if step.seconds is not None:
            metadata["duration"] = round(step.seconds, 1)
        return {"role": "assistant", "content": "\n".join(lines), "metadata": metadata}

    def _footnotes(self, answer: Answer) -> str:
        lines = [f"{number}. {label}" for number, label in enumerate(answer.footnotes, 1)]
        return "\n".join([f"**{self.words['sources']}**", "", *lines])


def _file(file: File) -> Row:
    return {"path": file.path, "alt_text": file.name}
