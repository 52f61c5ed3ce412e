"""The scripted behaviour: what a reader's words make the service do and say.

The words are listed in the package's docstring. Pure functions; nothing here
knows HTTP or the state of the service.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Ending = Literal["completed", "failed", "incomplete", "expired", "cancelled"]

WEATHER = re.compile(r"\bweather in ([^?!.\n]+)", re.IGNORECASE)
CALL = re.compile(r"call\s+(\w+)\s*(\{.*\})?\s*$", re.IGNORECASE | re.DOTALL)
REFUSED = re.compile(r"(http|msg)\s+([45]\d\d)\b", re.IGNORECASE)
LONG = re.compile(r"long(?:\s+(\d{1,6}))?\b", re.IGNORECASE)
SAY = re.compile(r"\s*say\s(.*)", re.IGNORECASE | re.DOTALL)
HELLO = re.compile(r"\b(hello|hi)\b", re.IGNORECASE)

MARKDOWN = """\
## A heading

- a list with **bold** and *italic*
- and a [link](https://example.org/)

| fruit | pieces |
| ----- | -----: |
| apple |      3 |

```python
print("code")
```

A formula: $a^2 + b^2 = c^2$
"""


#: What is marked here is a source of `citations`.
CITING = "The seminar is on Tuesdays【4:0†source】, and the library opens at nine【4:1†source】."

#: What a hostile model might write. Where any of it works, `window.hijacked` is set.
HTML = """\
Here is your page.

<script>window.hijacked = "script"</script>
<img src="missing.png" onerror="window.hijacked = 'img'">
<svg onload="window.hijacked = 'svg'"></svg>
<iframe srcdoc="<script>parent.hijacked = 'iframe'</script>"></iframe>
<style>body { display: none !important }</style>
<style/>body { display: none !important }</style>
<div style="position: fixed; inset: 0; background: red">A cover</div>
<link rel="stylesheet" href="missing.css"><meta/http-equiv="refresh" content="0; url=missing.html">
<form action="https://example.org/"><input name="key"><button>Sign in</button></form>

[a link](javascript:window.hijacked='link') and
<a href="javascript:window.hijacked='anchor'">another</a>.

<b onmouseover="window.hijacked = 'mouse'">Bold</b> words end the page.
"""


@dataclass(frozen=True)
class ToolCall:
    name: str
    arguments: str  # JSON text


@dataclass(frozen=True)
class ToolResult:
    name: str
    arguments: str  # JSON text
    output: str


@dataclass(frozen=True)
class Said:
    """One turn of the thread: who spoke, the text, the pictures and files described."""

    role: str
    text: str
    images: tuple[str, ...] = ()
    files: tuple[str, ...] = ()


@dataclass(frozen=True)
class Turn:
    """All that an answer can be made from; `said` ends with the message to answer."""

    said: Sequence[Said]
    instructions: str = ""
    results: Sequence[ToolResult] = ()

    @property
    def last(self) -> Said:
        return next((one for one in reversed(self.said) if one.role == "user"), Said("user", ""))


@dataclass(frozen=True)
class Plan:
    """How a run goes: the tool calls, a round at a time, and how it ends.

    slow: it takes `slow_s` before it does anything.
    holds: it takes as long to be cancelled.
    cut: the stream of its answer breaks off.
    extra: what the answer has beside words.
    """

    rounds: tuple[tuple[ToolCall, ...], ...] = ()
    ending: Ending = "completed"
    error_code: str = "server_error"
    error_message: str = ""
    slow: bool = False
    holds: bool = False
    cut: bool = False
    extra: Literal["", "cite", "draw"] = ""


#: First word -> how it goes.
PLANS = {
    "slow": Plan(slow=True),
    "active": Plan(slow=True, holds=True),
    "fail": Plan(ending="failed", error_message="Sorry, something went wrong."),
    "overload": Plan(
        ending="failed",
        error_code="rate_limit_exceeded",
        error_message="You exceeded your current quota.",
    ),
    "incomplete": Plan(ending="incomplete"),
    "expire": Plan(ending="expired"),
    "withdraw": Plan(ending="cancelled"),
    "cut": Plan(cut=True),
    "cite": Plan(extra="cite"),
    "draw": Plan(extra="draw"),
    "say": Plan(),
    "html": Plan(),
}


@dataclass(frozen=True)
class Refusal:
    """An answer other than 200 to the request that creates a run."""

    status: int
    message: str
    once: bool = False
    bare: bool = False
    retry_after_s: int | None = None


def first_word(text: str) -> str:
    found = re.match(r"\s*(\w+)", text)
    return found.group(1).lower() if found else ""


def plan(text: str) -> Plan:
    """How a run over a message goes."""
    called = CALL.match(text.strip())
    if called:
        return Plan(rounds=((ToolCall(called.group(1), called.group(2) or "{}"),),))
    if first_word(text) in PLANS:
        return PLANS[first_word(text)]
    asked = WEATHER.search(text)
    if asked:
        rounds = re.split(r"\s+then\s+", asked.group(1).strip(), flags=re.IGNORECASE)
        return Plan(rounds=tuple(weather_calls(places) for places in rounds))
    return Plan()


def weather_calls(places: str) -> tuple[ToolCall, ...]:
    names = re.split(r"\s*,\s*(?:and\s+)?|\s+and\s+", places, flags=re.IGNORECASE)
    return tuple(
        ToolCall("get_weather", json.dumps({"location": name.strip()}, ensure_ascii=False))
        for name in names
        if name.strip()
    )


def refusal(text: str) -> Refusal | None:
    """How the request for a run over this message is refused, if it is."""
    word = first_word(text)
    if word in ("busy", "429"):
        return Refusal(429, "Rate limit reached.", once=True, retry_after_s=1)
    if word == "quota":
        return Refusal(429, "You exceeded your current quota.", retry_after_s=1)
    named = REFUSED.match(text.strip())
    if named:
        status = int(named.group(2))
        return Refusal(status, f"Refused with {status}.", bare=named.group(1).lower() == "msg")
    return None


def answer(turn: Turn) -> str:
    """The scripted words of the assistant."""
    text = turn.last.text.strip()
    word = first_word(text)
    if turn.results:
        return "\n".join(tool_sentence(result) for result in turn.results)
    received = " ".join(
        f"I received {len(names)} {noun}{'s' * (len(names) > 1)}: {'; '.join(names)}."
        for noun, names in (("picture", turn.last.images), ("file", turn.last.files))
        if names
    )
    if received:
        return f"{received} With them you said: “{text}”." if text else received
    if word == "long":
        found = LONG.match(text)
        count = int(found.group(1) or 200) if found else 200
        return " ".join(f"word{number}" for number in range(1, count + 1))
    if word == "markdown":
        return MARKDOWN
    if word == "cite":
        return CITING
    if word == "draw":
        return "Here is the picture that you asked for."
    if word == "html":
        return HTML
    if word == "say":
        found = SAY.match(turn.last.text)
        return found.group(1) if found else ""
    if word == "instructions":
        return f"My instructions are: {turn.instructions}"
    if HELLO.search(text):
        return "Hello! I am the demo assistant. Ask me about the weather in a place you like."
    return echo(turn, text)


def tool_sentence(result: ToolResult) -> str:
    try:
        found = json.loads(result.output)
        return (
            f"In {found['location']} it is {found['temperature_c']} °C and {found['conditions']}."
        )
    except (ValueError, KeyError, TypeError):
        shown = result.output if len(result.output) <= 200 else result.output[:200] + "…"
        return f"The tool {result.name} answered {len(result.output)} characters: {shown}"


def echo(turn: Turn, text: str) -> str:
    earlier = [one.text.strip() for one in turn.said if one.role == "user"][:-1]
    answered = f"You said: “{text}”. This is turn {len(earlier) + 1} of our conversation."
    if earlier:
        answered += " Before that you said: " + ", ".join(f"“{one}”" for one in earlier) + "."
    return answered
