"""Files on their way to a service and back."""

from __future__ import annotations

import base64
import re
import tempfile
from pathlib import Path
from typing import Any

from ..markdown import fenced
from ..messages import File

#: A file's first bytes -> its suffix, for files that come without a name.
_BEGINNINGS = {
    b"\x89PNG": ".png",
    b"\xff\xd8\xff": ".jpg",
    b"GIF8": ".gif",
    b"%PDF": ".pdf",
    b"PK\x03\x04": ".zip",
}
_TEXT_TYPES = re.compile(r"text/|application/(json|xml|x-yaml|javascript|toml|x-sh|sql)$")


def save(content: bytes, name: str) -> str:
    """Write a file of the assistant's where the app can show it. Returns the path."""
    name = Path(name).name or "file"
    if not Path(name).suffix:
        suffix = next((s for begin, s in _BEGINNINGS.items() if content.startswith(begin)), "")
        if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
            suffix = ".webp"
        name += suffix
    path = Path(tempfile.mkdtemp(prefix="playpage-")) / name
    path.write_bytes(content)
    return str(path)


async def upload(client: Any, file: File) -> str:
    """Upload a file through the SDK, once. Returns its id. Raises as the SDK does."""
    if not file.id:
        purpose = "vision" if file.is_image else "assistants"
        sent = (file.name, file.read(), file.media_type)
        file.id = (await client.files.create(file=sent, purpose=purpose)).id
    return file.id


def data_url(file: File) -> str:
    """The file's content as a data URL."""
    return f"data:{file.media_type};base64,{base64.b64encode(file.read()).decode()}"


def as_text(file: File) -> str | None:
    """A text file in a code block, for models that take text only. None for a binary file."""
    content = file.read()
    try:
        text = content.decode()
    except UnicodeDecodeError:
        return None
    if "\0" in text or not (_TEXT_TYPES.match(file.media_type) or (file.id == "" and text)):
        return None
    return f"{file.name}:\n{fenced(text)}"
