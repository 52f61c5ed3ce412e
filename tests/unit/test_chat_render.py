"""What a model says, as it is handed to Gradio."""

from __future__ import annotations

import pytest
from playpage.chat.render import shown


@pytest.mark.parametrize(
    ("said", "handed_over"),
    [
        ("plain", "plain"),
        ("it is $x^2$ here", "it is \\(x^2\\) here"),
        ("$5 and $10", "$5 and $10"),
        ("`$x^2$`", "`$x^2$`"),
        ("2 < 3 and <b>bold</b><br>", "2 < 3 and <b>bold</b><br>"),
        ("<styles> <formula>", "<styles> <formula>"),
        ("<style>body {display: none}</style>", "&lt;style>body {display: none}&lt;/style>"),
        ("a <STYLE\n>", "a &lt;STYLE\n>"),
        ("<script src=x>", "&lt;script src=x>"),
        ("</form><form action=x>", "&lt;/form>&lt;form action=x>"),
        ("```html\n<style>\n```\n<style>", "```html\n<style>\n```\n&lt;style>"),
        ("```html\n<style>", "```html\n<style>"),
        ("`<form>` is <form>", "`<form>` is &lt;form>"),
    ],
)
def test_formulas_and_tags(said: str, handed_over: str) -> None:
    assert shown(said) == handed_over
