"""A conversation outside the app: as Markdown for people, as JSON for programs and storage."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from .languages import Words
from .markdown import fenced, pretty_json
from .messages import Answer, Conversation, File, Part, Question, Step, Text, Turn

Json = dict[str, Any]


def as_markdown(conversation: Conversation, title: str, words: Words) -> str:
    """The conversation in Markdown, to keep, read or print."""
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
                blocks += [f"*{named}*", fenced(pretty_json(part.arguments), "json")]
                blocks.append(fenced(pretty_json(part.output or "")))
        blocks += [f"{number}. {label}" for number, label in enumerate(turn.answer.footnotes, 1)]
        if turn.answer.problem:
            blocks.append(f"> {turn.answer.problem}")
    return "\n\n".join(blocks) + "\n"


def as_json(conversation: Conversation, title: str = "") -> str:
    """The conversation as JSON: {"title": …, "turns": […]}. Files are their names only."""
    turns = []
    for turn in conversation.turns:
        parts: list[Json] = []
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
    """Read what `as_json` wrote, without the files. Raises ValueError for anything else."""
    try:
        return Conversation([_read_turn(turn) for turn in json.loads(text)["turns"]])
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError("not a conversation") from error


def _read_turn(turn: Json) -> Turn:
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
