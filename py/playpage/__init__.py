"""What programs import in the page. `playpage.runtime` is the page's own side of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .chat.app import AssistantChat

__all__ = ["AssistantChat"]


def __getattr__(name: str) -> Any:
    # Imported when it is asked for: the runtime imports this package before there is a gradio.
    if name != "AssistantChat":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from .chat.app import AssistantChat

    return AssistantChat
