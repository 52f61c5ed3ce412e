"""Markdown as text: code blocks, formulas, and where a text that still grows can be cut."""

from __future__ import annotations

import json
import re

#: Code, in which a dollar is a dollar.
_CODE = re.compile(r"(```.*?(?:```|\Z)|`[^`\n]*`)", re.DOTALL)
#: `$x^2$`; not "$5 and $10". What has none of these signs is left alone.
_MATHS = re.compile(r"(?<![\\$\w])\$(?=[^\s$])([^$\n]*[\\^_={}+][^$\n]*?)(?<=\S)\$(?![$\w])")

#: A finished block of a growing text is shown apart once it has so many characters.
FINISHED_CHARACTERS = 1000
#: How a paragraph or a heading begins. Whatever came before, such a line ends it.
_PLAIN_START = re.compile(r"#{1,6} |[*_(“\"'‘「]{0,3}[^\W\d_]")
_FENCE = re.compile(r"\s*(`{3,}|~{3,})(.*)", re.DOTALL)
_TAG = re.compile(r"<[a-z/!]", re.IGNORECASE)


def fenced(text: str, language: str = "") -> str:
    """Text in a code block whose fence is longer than any in the text."""
    fence = "`" * max(3, 1 + max(map(len, re.findall(r"`+", text)), default=0))
    return f"{fence}{language}\n{text}\n{fence}"


def pretty_json(text: str) -> str:
    """JSON on several lines; anything else as it is."""
    try:
        return json.dumps(json.loads(text), indent=1, ensure_ascii=False)
    except ValueError:
        return text


def with_maths(markdown: str) -> str:
    r"""Formulas between single dollars as `\(…\)`, which no price can be mistaken for."""
    if "$" not in markdown:
        return markdown
    parts = _CODE.split(markdown)
    parts[::2] = [_MATHS.sub(r"\\(\1\\)", part) for part in parts[::2]]
    return "".join(parts)


class GrowingMarkdown:
    """Cuts a text that is being written into finished blocks and an open one.

    To draw a text again costs its length; of a long answer only the open block is drawn again.
    """

    def __init__(self) -> None:
        self._finished: list[str] = []
        self._finished_text = ""

    def blocks(self, markdown: str) -> list[str]:
        """The blocks of the text as it is now, the open one last. Joined they are the text."""
        if not markdown.startswith(self._finished_text):
            self._finished, self._finished_text = [], ""
        rest = markdown[len(self._finished_text) :]
        while end := _end_of_block(rest):
            self._finished.append(rest[:end])
            self._finished_text += rest[:end]
            rest = rest[end:]
        return [*self._finished, rest]


def _end_of_block(markdown: str) -> int:
    """Where the first finished block of FINISHED_CHARACTERS or more ends; 0 if there is none.

    It ends before a paragraph or a heading, outside of code, formulas and tags: there the lines
    that follow cannot change how it looks. (But for link definitions; the finished answer is
    drawn whole.)
    """
    if len(markdown) <= FINISHED_CHARACTERS:
        return 0
    position = 0
    fence = ""
    is_after_blank = False
    for line in markdown.splitlines(keepends=True):
        if is_after_blank and not fence and position >= FINISHED_CHARACTERS:
            block = markdown[:position]
            if _PLAIN_START.match(line) and not _is_open(block):
                return position
        if found := _FENCE.match(line):
            if not fence:
                fence = found[1]
            elif found[1].startswith(fence) and not found[2].strip():
                fence = ""
        is_after_blank = not line.strip()
        position += len(line)
    return 0


def _is_open(block: str) -> bool:
    """Does a formula go on after this block, or might a tag?"""
    is_in_formula = block.count("$$") % 2 or block.count("\\[") != block.count("\\]")
    return bool(is_in_formula or _TAG.search(block))
