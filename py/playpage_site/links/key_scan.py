"""Finds what looks like a key, before a program becomes a link that anybody can read.

js/link/key-scan.js is the same in the page; tests/golden/keys.json holds the two together.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from playpage_site.links.program import Program

#: What services' keys look like; each shape stands alone, not inside a word.
_SHAPES = tuple(
    (what, re.compile(shape, re.ASCII))
    for what, shape in (
        ("an API key (sk-…)", r"(?<![\w-])sk-[\w-]{12,}"),
        ("a JSON web token", r"(?<![\w-])eyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]{8,}"),
        ("a GitHub token", r"(?<!\w)(?:gh[pousr]_\w{30,}|github_pat_\w{30,})"),
        ("a Hugging Face token", r"(?<!\w)hf_[A-Za-z0-9]{24,}"),
        ("a Google API key", r"(?<!\w)AIza[\w-]{30,}"),
        ("an AWS access key", r"(?<!\w)AKIA[A-Z0-9]{16}(?!\w)"),
        ("a Slack token", r"(?<!\w)xox[abprs]-[\w-]{10,}"),
        ("a private key", r"-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----"),
        ("a password in an address", r"://[^ \t\r/:@\"']{1,80}:[^ \t\r/:@\"'{]{3,80}@"),
    )
)

#: A name that says key, and a text that is not empty: `API_KEY = "…"`, `"api_key": "…"`.
_NAMED = re.compile(
    r"(?:api_?key|secret|access_?key|auth_?token|access_?token|passw(?:or)?d)\w{0,20}[\"']?\]?"
    r"[ \t]{0,20}(?::[ \t]{0,9}str[ \t]{0,9})?[=:][ \t]{0,20}[rbfu]{0,2}"
    r"([\"'])([^\"'\n]{1,400})\1",
    re.ASCII | re.IGNORECASE,
)

#: What people write where no key is.
_PLACEHOLDER = re.compile(
    r"(?:[.…*_x \t-]*|<.*>|.*\byour\b.*|your.*|\{.*\}|\$.*|none|null|empty|dummy|unused|ollama"
    r"|no-?key|not-?needed|(?:sk-)?[.…*x]+|[A-Z0-9]*_API_KEY)",
    re.ASCII | re.IGNORECASE,
)

#: Only this much of a line is searched: a longer one is data, and its start is enough.
_MAX_LINE_CHARS = 5000


@dataclass(frozen=True)
class Finding:
    """Where something looks like a key, and like what; never the key itself."""

    path: str
    line: int
    what: str


def find_secrets(program: Program) -> list[Finding]:
    found = scan("requirements", "\n".join(program.requirements))
    for path, data in program.files.items():
        found += scan(path, data.decode("utf-8", "replace"))
    return found


def scan(path: str, text: str) -> list[Finding]:
    found = []
    for number, whole in enumerate(text.split("\n"), 1):
        line = whole[:_MAX_LINE_CHARS]
        named = _NAMED.search(line)
        for what, shape in _SHAPES:
            if shape.search(line):
                found.append(Finding(path, number, what))
                break
        else:
            if named and not _PLACEHOLDER.fullmatch(named[2].strip()):
                found.append(Finding(path, number, "a text assigned to a name that suggests a key"))
    return found
