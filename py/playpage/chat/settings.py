"""What an author can choose about a chat, checked when the chat is made."""

from __future__ import annotations

import os
import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

Api = Literal["assistants", "completions", "responses"]
History = Literal["off", "session", "local"]
#: Makes suggestions for the next message from an answer's text.
FollowUps = Callable[[str], Sequence[str] | Awaitable[Sequence[str]]]

APIS = ("assistants", "completions", "responses")
HISTORIES = ("off", "session", "local")


@dataclass(frozen=True)
class Settings:
    """The keywords of `AssistantChat`, described there, and their defaults.

    Raises ValueError for values that cannot work, alone or together.
    """

    base_url: str = "https://api.openai.com/v1"
    assistant_id: str = ""
    model: str = ""
    api: Api | Literal[""] = ""
    title: str = ""
    description: str = ""
    instructions: str = ""
    key: str = ""
    tools: Sequence[Callable[..., Any]] = ()
    plugins: bool = True
    examples: Sequence[str] = ()
    follow_ups: Sequence[str] | FollowUps = ()
    avatars: tuple[str | None, str | None] | None = None
    placeholder: str = ""
    editable: bool = False
    history: History = "off"
    lang: str | None = None
    theme: Any = None
    css: str = ""
    timeout_s: float = 300

    def __post_init__(self) -> None:
        if self.api and self.api not in APIS:
            raise ValueError(f"api={self.api!r}: choose one of {', '.join(APIS)}.")
        if self.history not in HISTORIES:
            raise ValueError(f"history={self.history!r}: choose one of {', '.join(HISTORIES)}.")
        if self.assistant_id and self.model:
            raise ValueError("Give an assistant_id or a model, not both: they are different APIs.")
        if not (self.assistant_id or self.model or self.editable):
            raise ValueError(
                "Name the assistant_id or the model to talk to, or let the reader do so with "
                "editable=True."
            )
        if self.api == "assistants" and self.model:
            raise ValueError("The Assistants API takes an assistant_id, and no model.")
        if self.api in ("completions", "responses") and self.assistant_id:
            raise ValueError(f"api={self.api!r} takes a model, and no assistant_id.")
        if not re.match(r"https?://[^/\s]", self.base_url):
            raise ValueError(f"base_url={self.base_url!r}: begin it with https://.")
        if isinstance(self.examples, str) or isinstance(self.follow_ups, str):
            raise ValueError("examples and follow_ups are lists of strings.")
        if self.timeout_s <= 0:
            raise ValueError("timeout_s is a number of seconds above 0.")

    @property
    def spoken_api(self) -> Api:
        """The API to use, also where none was named."""
        return self.api or ("completions" if self.model else "assistants")

    @property
    def target(self) -> str:
        """The assistant's id or the model's name."""
        return self.assistant_id or self.model

    @property
    def shown_title(self) -> str:
        """The title, or what is shown in its place."""
        return self.title or self.target or "Chat"

    def known_key(self) -> str:
        """The key for a reader who types none: the author's, or that of a link."""
        return self.key or os.environ.get("OPENAI_API_KEY", "")
