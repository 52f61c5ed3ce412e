"""Firefox and WebKit, driven by what they bring themselves: nothing is downloaded.

Playwright's builds of the two come from a host that many machines cannot reach. Firefox
listens to Marionette, the protocol below geckodriver; WebKitGTK comes with a WebDriver
server. Both know the same commands by other names, so one small client does for both.
"""

from __future__ import annotations

import base64
import json
import os
import shutil
import socket
import subprocess
import tempfile
import time
from abc import ABC, abstractmethod
from pathlib import Path
from typing import Any, ClassVar

import httpx
from browser.playground import ANSWER_MS, BOOT_MS, PICTURES

#: How WebDriver writes a reference to an element.
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
ENTER = "\ue007"
START_S = 60


class MissingEngineError(RuntimeError):
    """The browser, or what drives it, is not installed; the message says what to install."""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


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

    def screenshot(self, name: str) -> None:
        """Keep a picture under test-results/, to be looked at."""
        picture = self.command("WebDriver:TakeScreenshot", "screenshot", {"full": False})
        PICTURES.mkdir(exist_ok=True)
        (PICTURES / f"{name}.png").write_bytes(base64.b64decode(picture))


class Firefox(Engine):
    packages = ("firefox-esr",)

    def start(self) -> None:
        program = shutil.which("firefox") or shutil.which("firefox-esr")
        if not program:
            raise MissingEngineError("not installed: firefox")
        port = free_port()
        settings = {
            "marionette.port": port,
            "app.update.enabled": False,
            "datareporting.policy.dataSubmissionEnabled": False,
            "network.captive-portal-service.enabled": False,
            "network.connectivity-service.enabled": False,
        }
        lines = [f"user_pref({json.dumps(k)}, {json.dumps(v)});" for k, v in settings.items()]
        (self.home / "user.js").write_text("\n".join(lines), "utf-8")
        self.run(
            [program, "--headless", "--marionette", "--no-remote", "--profile", str(self.home)]
        )
        end = time.monotonic() + START_S
        while True:
            try:
                self.socket = socket.create_connection(("127.0.0.1", port), timeout=START_S)
                break
            except OSError:
                if time.monotonic() > end:
                    raise
                time.sleep(0.1)
        self.answers = self.socket.makefile("rb")
        self._receive()
        self.command("WebDriver:NewSession", "", {})

    def command(self, name: str, path: str, body: dict[str, Any]) -> Any:
        message = json.dumps([0, 0, name, body]).encode()
        self.socket.sendall(b"%d:%s" % (len(message), message))
        _, _, error, result = self._receive()
        if error:
            raise RuntimeError(f"{name}: {error['error']}: {error['message']}")
        return result.get("value", result)

    def _receive(self) -> Any:
        length = b""
        while (digit := self.answers.read(1)) != b":":
            if not digit:
                raise RuntimeError("Firefox has closed the connection")
            length += digit
        return json.loads(self.answers.read(int(length)))

    def close(self) -> None:
        if hasattr(self, "socket"):
            self.answers.close()
            self.socket.close()
        super().close()


class WebKit(Engine):
    """WebKitGTK: the engine of Safari, with JavaScriptCore, on Linux."""

    packages = ("webkit2gtk-driver", "xvfb")

    def start(self) -> None:
        browsers = sorted(Path("/usr/lib").glob("*/webkit2gtk-4.*/MiniBrowser"))
        if not (browsers and shutil.which("WebKitWebDriver") and shutil.which("Xvfb")):
            raise MissingEngineError("not installed: WebKitWebDriver, its MiniBrowser, or Xvfb")
        port = free_port()
        display = self._display()
        self.run(
            ["WebKitWebDriver", f"--port={port}"],
            DISPLAY=display,
            XDG_CACHE_HOME=str(self.home),
            XDG_DATA_HOME=str(self.home),
        )
        self.client = httpx.Client(
            base_url=f"http://127.0.0.1:{port}",
            timeout=START_S,
            trust_env=False,
            transport=httpx.HTTPTransport(retries=10),
        )
        options = {"binary": str(browsers[-1]), "args": ["--automation"]}
        wanted = {"alwaysMatch": {"webkitgtk:browserOptions": options}}
        self.session = "/session"
        self.session += "/" + self.command("", "", {"capabilities": wanted})["sessionId"]

    def _display(self) -> str:
        """Start an X server that nobody sees; gives its name."""
        reading, writing = os.pipe()
        server = ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1280x900x24"]
        self.processes.append(
            subprocess.Popen(
                [*server, "-nolisten", "tcp"], pass_fds=[writing], stderr=subprocess.DEVNULL
            )
        )
        os.close(writing)
        with os.fdopen(reading) as pipe:
            return f":{pipe.readline().strip()}"

    def command(self, name: str, path: str, body: dict[str, Any]) -> Any:
        address = f"{self.session}/{path}".rstrip("/")
        reading = name == "WebDriver:TakeScreenshot"
        answer = self.client.get(address) if reading else self.client.post(address, json=body)
        value = answer.json()["value"]
        if answer.is_error:
            raise RuntimeError(f"{path}: {value['error']}: {value['message']}")
        return value

    def close(self) -> None:
        if hasattr(self, "client"):
            if self.session != "/session":
                self.client.delete(self.session)
            self.client.close()
        super().close()
