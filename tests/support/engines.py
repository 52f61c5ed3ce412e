"""A browser that is not Playwright's, and what a reader does in it.

Playwright's builds of the two come from a host that many machines cannot reach. Firefox
listens to Marionette, the protocol below geckodriver; WebKitGTK comes with a WebDriver
server. Both know the same commands by other names, so one small client does for both; each
sends them its own way, in firefox_webkit.py.
"""

from __future__ import annotations

import base64
import os
import shutil
import subprocess
import tempfile
import time
from abc import ABC, abstractmethod
from pathlib import Path
from typing import Any, ClassVar

from support.playground import ANSWER_MS, BOOT_MS, PICTURES

#: How WebDriver writes a reference to an element.
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
ENTER = "\ue007"


class MissingEngineError(RuntimeError):
    """The browser, or what drives it, is not installed; the message says what to install."""


class Engine(ABC):
    """A running browser with one page, and what a reader does in the playground."""

    #: What Debian calls what it needs.
    packages: ClassVar[tuple[str, ...]]

    def __init__(self) -> None:
        self.home = Path(tempfile.mkdtemp(prefix="playpage-engine-"))
        self.processes: list[subprocess.Popen[bytes]] = []
        try:
            self.start()
        except BaseException:
            self.close()
            raise

    @abstractmethod
    def start(self) -> None:
        """Start the browser with a fresh profile. Raises MissingEngineError."""

    @abstractmethod
    def command(self, name: str, path: str, body: dict[str, Any]) -> Any:
        """Send one command, by Marionette's name or WebDriver's path; gives its value.

        Raises RuntimeError with what the browser answered.
        """

    def run(self, command: list[str], **environment: str) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(
            command,
            env={**os.environ, "HOME": str(self.home), **environment},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self.processes.append(process)
        return process

    def close(self) -> None:
        for process in reversed(self.processes):
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        shutil.rmtree(self.home, ignore_errors=True)

    def open(self, url: str) -> None:
        self.command("WebDriver:Navigate", "url", {"url": url})

    def script(self, body: str, *arguments: Any) -> Any:
        """Run the body of a JavaScript function in the page; gives what it returns."""
        wanted = {"script": body, "args": list(arguments)}
        return self.command("WebDriver:ExecuteScript", "execute/sync", wanted)

    def wait_for(self, body: str, *arguments: Any, timeout_ms: int = BOOT_MS) -> Any:
        """Until the script returns something true. Raises TimeoutError with the page's state."""
        end = time.monotonic() + timeout_ms / 1000
        while not (found := self.script(body, *arguments)):
            if time.monotonic() > end:
                seen = self.script("return document.body.innerText")
                raise TimeoutError(f"{body!r} {arguments} never came true. The page:\n{seen}")
            time.sleep(0.1)
        return found

    def say(self, words: str) -> None:
        """Type into the chat's message box and press Enter."""
        self.wait_for(
            "const boxes = document.querySelector('#app')?.contentDocument"
            "?.querySelectorAll('textarea') ?? [];"
            "return boxes.length && !boxes[boxes.length - 1].disabled;"
        )
        frame = self.script("return document.querySelector('#app')")
        self.command("WebDriver:SwitchToFrame", "frame", {"element": frame[ELEMENT], "id": frame})
        box = self.script("return [...document.querySelectorAll('textarea')].pop()")[ELEMENT]
        keys = {"id": box, "text": words + ENTER}
        self.command("WebDriver:ElementSendKeys", f"element/{box}/value", keys)
        self.command("WebDriver:SwitchToFrame", "frame", {"id": None})

    def expect_answer(self, words: str, turn: int = 1) -> None:
        """The assistant's `turn`-th message says this."""
        self.wait_for(
            "return document.querySelector('#app').contentDocument"
            ".querySelectorAll('.message.bot')[arguments[0]]?.textContent.includes(arguments[1])",
            turn - 1,
            words,
            timeout_ms=ANSWER_MS,
        )

    def expect_output(self, words: str) -> str:
        """The console comes to contain this; gives all that is in it."""
        log = "document.querySelector('#console-log').innerText"
        self.wait_for(f"return {log}.includes(arguments[0])", words)
        return str(self.script(f"return {log}"))

    def set_code(self, code: str) -> None:
        """Replace what is in the editor, as select-all and paste do."""
        self.script(
            "const editor = document.querySelector('.cm-content'); editor.focus();"
            "document.execCommand('selectAll');"
            "document.execCommand('insertText', false, arguments[0]);",
            code,
        )

    def press(self, label: str) -> None:
        """Click the page's button that says this."""
        button = self.script(
            "return [...document.querySelectorAll('button')]"
            ".find((it) => it.innerText.includes(arguments[0]))",
            label,
        )[ELEMENT]
        self.command("WebDriver:ElementClick", f"element/{button}/click", {"id": button})

    def screenshot(self, name: str) -> None:
        """Keep a picture under test-results/, to be looked at."""
        picture = self.command("WebDriver:TakeScreenshot", "screenshot", {"full": False})
        PICTURES.mkdir(exist_ok=True)
        (PICTURES / f"{name}.png").write_bytes(base64.b64decode(picture))
