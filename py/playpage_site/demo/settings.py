"""What can be chosen about a service when it starts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

#: The assistants that a fresh service has. The second is named as DaVinci names its own.
ASSISTANT_ID = "asst_demo"
DVC_ASSISTANT_ID = "asst_dvc_demo"

#: The key that a fresh service accepts.
DEMO_KEY = "demo-key"


@dataclass(frozen=True)
class Settings:
    """Options of one service; times are in seconds.

    keys: the bearer keys that are accepted.
    prefixes: the paths under which the whole API is served, the first one
        being that of `Service.base_url`.
    clock_s: how long a run stays queued, and how long it then works.
    piece_s: the pause between two pieces of a streamed answer.
    slow_s: how long "slow" and "stall" take.
    expires_s: a run that has not ended by then expires.
    streams: False to answer `stream: true` with plain JSON, as a service does
        that knows no streams; "refused" to answer it with 400.
    stainless: False to refuse the SDK's `x-stainless-*` headers in preflights,
        as many compatible services do.
    cors: False for a service that sends no CORS headers and answers no
        preflights: pages of other origins cannot use it.
    bare_errors: True to give every error the body {"msg": ...}, also in streams
        of chat completions.
    model_url: base URL of a chat completions service that supplies the words
        of the answers; None for scripted words.
    model_tokens: how long an answer of the model may be.
    """

    keys: frozenset[str] = frozenset({DEMO_KEY})
    prefixes: tuple[str, ...] = ("/v1", "/api/assts/v1")
    clock_s: float = 0.2
    piece_s: float = 0.01
    slow_s: float = 6.0
    expires_s: float = 600.0
    streams: bool | Literal["refused"] = True
    stainless: bool = True
    cors: bool = True
    bare_errors: bool = False
    model_url: str | None = None
    model_tokens: int = 200

    def __post_init__(self) -> None:
        if not self.keys or "" in self.keys:
            raise ValueError("keys must hold at least one key, and no empty one")
        if not self.prefixes:
            raise ValueError("prefixes must hold at least one path such as '/v1'")
        for prefix in self.prefixes:
            if not prefix.startswith("/") or prefix.endswith("/"):
                raise ValueError(f"a prefix starts with / and does not end with it: {prefix!r}")
