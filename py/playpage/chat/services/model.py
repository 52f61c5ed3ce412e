"""What Chat Completions and Responses share: both talk to a model, and send files along."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import openai

from ..messages import Question
from ..tools import Tools
from . import files
from .base import pictures_in, time_line
from .streaming import Streams

#: What a piece of a question is: words, a picture (an address or a data URL), or a file
#: (a name and a data URL).
Piece = tuple[Literal["text", "image"], str] | tuple[Literal["file"], dict[str, str]]


class ModelService:
    """The base of a `Service` that talks to a model.

    streams: what is known of the service's streaming; shared by all its exchanges.
    instructions: for the model, before the conversation.
    """

    def __init__(
        self,
        client: openai.AsyncOpenAI,
        model: str,
        tools: Tools,
        streams: Streams,
        *,
        instructions: str = "",
    ) -> None:
        self.client, self.model, self.tools, self.streams = client, model, tools, streams
        self.instructions = instructions

    @property
    def system_prompt(self) -> str:
        """The instructions and the reader's time."""
        return f"{self.instructions}\n\n{time_line()}".strip()


def pieces_of(question: Question) -> Iterator[Piece]:
    """A question in the order in which the model gets it.

    A text file goes along as text, for models that take nothing else. Raises OSError for a file
    that is gone.
    """
    if question.text:
        yield "text", question.text
    for file in question.files:
        if file.is_image:
            yield "image", files.data_url(file)
        elif (text := files.as_text(file)) is not None:
            yield "text", text
        else:
            yield "file", {"filename": file.name, "file_data": files.data_url(file)}
    for url in pictures_in(question.text):
        yield "image", url
