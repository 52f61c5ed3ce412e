"""What is said in a chat, as it is handed to Gradio."""

from __future__ import annotations

import pytest
from playpage.chat.languages import words
from playpage.chat.messages import Answer, Conversation, Question, Text, Turn
from playpage.chat.ui.rows import Rows


@pytest.mark.parametrize(
    ("said", "handed_over"),
    [
        ("it is $x^2$ here", "it is \\(x^2\\) here"),
        ("$5 and $10", "$5 and $10"),
        ("`$x^2$`", "`$x^2$`"),
        ("2 < 3 and <b>bold</b><br/>", "2 < 3 and <b>bold</b><br/>"),
        ("<styles/> <style>", "<styles/> <style>"),
        ("<STYLE/>body {display: none}</style>", "<STYLE />body {display: none}</style>"),
        ("\\`<meta/http-equiv=refresh>\\`", "\\`<meta /http-equiv=refresh>\\`"),
    ],
)
def test_formulas_and_tags(said: str, handed_over: str) -> None:
    turn = Turn(Question("?"), Answer([Text(said)]))
    _, row = Rows(words("en")).of(Conversation([turn]))
    assert row["content"] == handed_over
