"""A conversation as rows of Gradio's chat, as Markdown, and as JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any

from .languages import Words
from .messages import Answer, Conversation, File, Part, Question, Step, Text, Turn

#: The value of the option under an answer that did not come.
AGAIN = "\0again"

#: Code, in which a dollar is a dollar.
_CODE = re.compile(r"(```.*?(?:```|\Z)|`[^`\n]*`)", re.DOTALL)
#: `$x^2$`; not "$5 and $10". What has none of these signs is left alone.
_MATHS = re.compile(r"(?<![\\$\w])\$(?=[^\s$])([^$\n]*[\\^_={}+][^$\n]*?)(?<=\S)\$(?![$\w])")

#: Tags that are shown as text: they reach beyond their message, load something, or ask the reader
#: for something. Gradio's own cleaning takes out scripts and frames, and leaves the others.
TEXT_TAGS = (
    *("base", "embed", "form", "iframe", "link", "meta"),
    *("object", "script", "style", "template", "textarea", "title"),
)
#: Gradio shows `<style>` and `<style …>` as text; browsers take `<style/…>` for the tag, too.
_SLASHED = re.compile(rf"(<(?:{'|'.join(TEXT_TAGS)}))/", re.IGNORECASE)

Row = dict[str, Any]


class Rows:
    """The rows of a chat. Those of turns that are over are made once.

    owners: for each row, the index of its turn.
    """

    def __init__(self, words: Words) -> None:
        self.words = words
        self.owners: list[int] = []

    def of(self, conversation: Conversation, note: str = "") -> list[Row]:
        """All rows. note: said below an answer that lets itself be waited for."""
        rows: list[Row] = []
        self.owners = []
        last = len(conversation.turns) - 1
        for index, turn in enumerate(conversation.turns):
            if index < last and turn.answer.is_done:
                if turn.rows is None:
                    turn.rows = self._turn(turn)
                made = turn.rows
            else:
                turn.rows = None
                made = self._turn(turn, note, is_last=True)
            rows += made
            self.owners += [index] * len(made)
        return rows

    def _turn(self, turn: Turn, note: str = "", is_last: bool = False) -> list[Row]:
        rows = [{"role": "user", "content": _file(one)} for one in turn.question.files]
        if turn.question.text:
            rows.append({"role": "user", "content": turn.question.text})
        answer = turn.answer
        said = [row for part in answer.parts for row in self._part(part)]
        if answer.footnotes and answer.is_done:
            said.append({"role": "assistant", "content": self._footnotes(answer)})
        if note and not answer.is_done:
            said.append({"role": "assistant", "content": f"*{note}*"})
        if answer.problem:
            is_stop = answer.problem == self.words["stopped"]
            said.append(
                {"role": "assistant", "content": f"{'■' if is_stop else '⚠️'} {answer.problem}"}
            )
        if is_last and answer.is_done and said:
            if answer.problem:
                said[-1]["options"] = [{"label": self.words["send_again"], "value": AGAIN}]
            elif answer.follow_ups:
                said[-1]["options"] = [{"label": one, "value": one} for one in answer.follow_ups]
        for row in (rows := [*rows, *said]):
            if isinstance(row["content"], str):
                row["content"] = _SLASHED.sub(r"\1 /", row["content"])
        return rows

    def _part(self, part: Part) -> list[Row]:
        if isinstance(part, Text):
            text = part.markdown.strip()
            return [{"role": "assistant", "content": with_maths(text)}] if text else []
        if isinstance(part, File):
            return [{"role": "assistant", "content": _file(part)}] if part.path else []
        return [self._step(part)]

    def _step(self, step: Step) -> Row:
        """A tool call, which the reader can open."""
        title = self.words.sentence("step_failed" if step.failed else "step", name=step.name)
        lines = [f"{self.words['step_arguments']}", fenced(pretty(step.arguments), "json")]
        if step.output is not None:
            lines += [f"{self.words['step_output']}", fenced(pretty(step.output))]
        metadata: Row = {"title": title, "status": "pending" if step.output is None else "done"}
        if step.seconds is not None:
            metadata["duration"] = round(step.seconds, 1)
        return {"role": "assistant", "content": "\n".join(lines), "metadata": metadata}

    def _footnotes(self, answer: Answer) -> str:
        lines = [f"{number}. {label}" for number, label in enumerate(answer.footnotes, 1)]
        return "\n".join([f"**{self.words['sources']}**", "", *lines])


def with_maths(markdown: str) -> str:
    """Formulas between single dollars in the form that is safe beside prices."""
    if "$" not in markdown:
        return markdown
    parts = _CODE.split(markdown)
    parts[::2] = [_MATHS.sub(r"\\(\1\\)", part) for part in parts[::2]]
    return "".join(parts)


def fenced(text: str, language: str = "") -> str:
    """Text in a code block that nothing in it can end."""
    fence = "`" * max(3, 1 + max(map(len, re.findall(r"`+", text)), default=0))
    return f"{fence}{language}\n{text}\n{fence}"


def pretty(text: str) -> str:
    """JSON on several lines; anything else as it is."""
    try:
        return json.dumps(json.loads(text), indent=1, ensure_ascii=False)
    except ValueError:
        return text


def as_markdown(conversation: Conversation, title: str, words: Words) -> str:
    """The conversation to keep, read or print."""
    blocks = [f"# {title}"]
    for turn in conversation.turns:
        asked = [turn.question.text, *(f"[{words['file']}: {f.name}]" for f in turn.question.files)]
        blocks += [f"## {words['you']}", *filter(None, asked), f"## {words['assistant']}"]
        for part in turn.answer.parts:
            if isinstance(part, Text):
                blocks.append(part.markdown.strip())
            elif isinstance(part, File):
                blocks.append(f"[{words['file']}: {part.name}]")
            else:
                named = words.sentence("step", name=part.name)
                blocks += [f"*{named}*", fenced(pretty(part.arguments), "json")]
                blocks.append(fenced(pretty(part.output or "")))
        blocks += [f"{number}. {label}" for number, label in enumerate(turn.answer.footnotes, 1)]
        if turn.answer.problem:
            blocks.append(f"> {turn.answer.problem}")
    return "\n\n".join(blocks) + "\n"


def as_json(conversation: Conversation, title: str = "") -> str:
    """The conversation for a program: a list of turns. Of files there are the names only."""
    turns = []
    for turn in conversation.turns:
        parts: list[Row] = []
        for part in turn.answer.parts:
            if isinstance(part, Text):
                parts.append({"text": part.markdown})
            elif isinstance(part, File):
                parts.append({"file": part.name})
            else:
                called = {"tool": part.name, "arguments": part.arguments, "output": part.output}
                parts.append({**called, "failed": part.failed})
        question = {"text": turn.question.text, "files": [f.name for f in turn.question.files]}
        answer = {"parts": parts, "sources": turn.answer.footnotes, "problem": turn.answer.problem}
        turns.append({"question": question, "answer": answer})
    return json.dumps({"title": title, "turns": turns}, ensure_ascii=False, indent=1)


def from_json(text: str) -> Conversation:
    """What `as_json` wrote; files are gone. Raises ValueError for anything else."""
    try:
        return Conversation([_read_turn(turn) for turn in json.loads(text)["turns"]])
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError("not a conversation") from error


def _read_turn(turn: Row) -> Turn:
    question, answer = turn["question"], turn["answer"]
    parts: list[Part] = []
    for part in answer["parts"]:
        if "text" in part:
            parts.append(Text(str(part["text"])))
        elif "tool" in part:
            step = Step(str(part["tool"]), str(part["arguments"]))
            step.output, step.failed = str(part["output"] or ""), bool(part["failed"])
            parts.append(step)
        else:
            parts.append(Text(f"[{part['file']}]"))
    names = "".join(f"\n[{name}]" for name in question["files"])
    return Turn(
        Question(f"{question['text']}{names}".strip()),
        Answer(parts, _strings(answer["sources"]), str(answer["problem"]), is_done=True),
    )


def _strings(values: Sequence[Any]) -> list[str]:
    return [str(value) for value in values]


def _file(file: File) -> Row:
    return {"path": file.path, "alt_text": file.name}
