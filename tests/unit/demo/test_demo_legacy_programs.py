"""The wiki's own code chats with the service: only the id, the key and the address are set."""

from __future__ import annotations

import ast
import asyncio
import re
import sys
import types
from typing import Any
from unittest.mock import MagicMock

import httpx
import pytest
from playpage_site.demo import ASSISTANT_ID, DEMO_KEY, Service
from playpage_site.dev.legacy import LEGACY

pytestmark = [
    pytest.mark.filterwarnings("ignore:The Assistants API is deprecated:DeprecationWarning"),
    pytest.mark.skipif(not LEGACY.is_dir(), reason="the wiki's code is not here"),
]


@pytest.fixture
def service(new_service: Service) -> Service:
    return new_service


def with_values(code: str, service: Service) -> str:
    """The wiki's code with the reader's id and key, and our address."""
    code = code.replace("https://prod.dvcbot.net", service.url)
    for name, value in (("API_KEY", DEMO_KEY), ("ASSISTANT_ID", ASSISTANT_ID)):
        code, count = re.subn(rf"^{name} = (\"\"|'')$", f"{name} = {value!r}", code, flags=re.M)
        assert count == 1
    return code


@pytest.mark.parametrize("name", ["link-1.py", "link-2.py"])
def test_the_wikis_chat(service: Service, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two turns, the second with a tool; stand-ins take the place of Pyodide and Gradio."""
    gradio, micropip, pyodide_http = MagicMock(), MagicMock(), types.ModuleType("pyodide.http")

    async def install(requirement: str) -> None:
        assert requirement == "openai==1.39.0"

    async def pyfetch(url: str, method: str, headers: Any, body: bytes | None) -> Any:
        headers = {key: value for key, value in headers.items() if key != "content-length"}
        async with httpx.AsyncClient() as http:
            answer = await http.request(method, url, headers=headers, content=body)
        result = MagicMock(status=answer.status_code, headers=dict(answer.headers))

        async def content() -> bytes:
            return answer.content

        result.bytes = content
        return result

    micropip.install = install
    pyodide_http.pyfetch = pyfetch  # type: ignore[attr-defined]
    for module, value in (
        ("gradio", gradio),
        ("micropip", micropip),
        ("pyodide", types.ModuleType("pyodide")),
        ("pyodide.http", pyodide_http),
    ):
        monkeypatch.setitem(sys.modules, module, value)
    code = compile(
        with_values((LEGACY / name).read_text("utf-8"), service),
        name,
        "exec",
        flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT,
    )

    async def chat() -> list[str]:
        await eval(code, {"__name__": "__main__"})
        (send,) = gradio.ChatInterface.call_args.args
        first = await send("my name is Ada", [])
        second = await send("weather in Paris", [("my name is Ada", first)])
        return [first, second]

    first, second = asyncio.run(chat())
    assert "my name is Ada" in first
    assert "In Paris it is" in second
    assert service.open_threads == []
    assert len(service.deleted_threads) == 2


def test_the_wikis_snippet(service: Service, capsys: pytest.CaptureFixture[str]) -> None:
    code = with_values((LEGACY / "sync-snippet.py").read_text("utf-8"), service)
    exec(compile(code, "sync-snippet.py", "exec"), {"__name__": "__main__"})
    printed = capsys.readouterr().out
    assert "I received 1 picture: https://xxx.xxx.xxx.jpg." in printed
    assert "What do you think about this image?" in printed
    assert len(service.deleted_threads) == 1
