"""Firefox and WebKit, driven by what they bring themselves: nothing is downloaded."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import time
from pathlib import Path
from typing import Any

import httpx
from support.engines import Engine, MissingEngineError

START_S = 60


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


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
