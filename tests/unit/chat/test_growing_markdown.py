"""Where a text that is being written is cut into blocks, and what an update of it costs."""

from __future__ import annotations

import pytest
from playpage.chat.languages import words
from playpage.chat.markdown import FINISHED_CHARACTERS, GrowingMarkdown
from playpage.chat.messages import Answer, Conversation, Question, Text, Turn
from playpage.chat.ui.rows import Row, Rows

LONG = "word " * (FINISHED_CHARACTERS // 5 + 1)


def blocks(markdown: str) -> list[str]:
    return GrowingMarkdown().blocks(markdown)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (LONG, "A paragraph"),
        (LONG, "## A heading"),
        (LONG, "**Bold** words"),
        (LONG, "中文"),
        (f"- {LONG}\n\n  more of the item", "A paragraph after a list"),
        (f"```\n{LONG}\n\nin code\n```", "A paragraph after code"),
        (f"~~~~\n{LONG}\n~~~\n\nin code\n~~~~", "A paragraph after code"),
        (f"| a |\n| - |\n| {LONG} |", "A paragraph after a table"),
        (f"{LONG} $$x$$ and \\[y\\]", "A paragraph after formulas"),
    ],
)
def test_finished_blocks_are_cut_off(before: str, after: str) -> None:
    assert blocks(f"{before}\n\n{after}") == [f"{before}\n\n", after]


@pytest.mark.parametrize(
    "markdown",
    [
        "word\n\nword",
        LONG,
        f"{LONG}\nThe same paragraph",
        f"{LONG}\n\n",
        f"- {LONG}\n\n- the same list",
        f"1. {LONG}\n\n2. the same list",
        f"- {LONG}\n\n  the same item",
        f"> {LONG}\n\n> a quotation",
        f"{LONG}\n\n    indented code",
        f"{LONG}\n\n| a | table |",
        f"```\n{LONG}\n\nthe same code",
        f"````\n{LONG}\n```\n\nthe same code",
        f"```\n{LONG}\n``` no end\n\nthe same code",
        f"$$\n{LONG}\n\nthe same formula",
        f"\\[\n{LONG}\n\nthe same formula",
        f"<details>\n{LONG}\n\nthe same element",
    ],
)
def test_what_may_belong_together_is_not_cut(markdown: str) -> None:
    assert blocks(markdown) == [markdown]


def test_blocks_are_the_text_however_it_grows() -> None:
    text = "\n\n".join(f"{LONG}{number}" for number in range(5))
    growing = GrowingMarkdown()
    for end in range(0, len(text), 7):
        found = growing.blocks(text[:end])
        assert "".join(found) == text[:end]
    assert len(found) == 5


def test_a_text_that_is_rewritten_is_cut_anew() -> None:
    """Citations are inserted where they belong, which may be far up."""
    growing = GrowingMarkdown()
    growing.blocks(f"{LONG}\n\nNext")
    assert growing.blocks(f"Cited[1] {LONG}\n\nNext") == [f"Cited[1] {LONG}\n\n", "Next"]


def drawn_characters(before: list[Row], after: list[Row]) -> int:
    """What the page draws for an update: the rows that differ."""
    old = [row["content"] for row in before]
    new = [row["content"] for row in after]
    return sum(len(text) for text in new if text not in old)


def test_an_update_late_in_a_long_answer_costs_what_an_early_one_does() -> None:
    rows = Rows(words("en"))
    text = Text()
    conversation = Conversation([Turn(Question("?"), Answer([text]))])
    costs: list[int] = []
    before: list[Row] = []
    for number in range(4000):
        text.markdown += f"word{number}" + ("\n\n" if number % 50 == 49 else " ")
        after = rows.of(conversation)
        costs.append(drawn_characters(before, after))
        assert rows.open_characters <= 3 * FINISHED_CHARACTERS
        before = after
    early, late = sum(costs[500:1000]), sum(costs[3500:])
    assert late < 1.5 * early
    conversation.last.answer.is_done = True
    assert len(rows.of(conversation)) == 2, "the finished answer is one row"
    assert rows.of(conversation)[1]["content"] == text.markdown.strip()
