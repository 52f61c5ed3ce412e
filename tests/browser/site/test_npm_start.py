"""`npm start` as a newcomer meets it: the command is run, its links are opened, a chat is had."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playpage_site.common import ROOT
from playwright.sync_api import Page, expect
from support.playground import Playground, Traffic

#: One after the other: each takes the ports that it finds free.
pytestmark = pytest.mark.xdist_group("npm start")


@contextmanager
def started(*arguments: str) -> Iterator[dict[str, str]]:
    """The command, running; gives {what: link} as it printed them."""
    command = [sys.executable, "scripts/start.py", "--port", "8700", *arguments]
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, text=True, env={**os.environ}
    ) as process:
        assert process.stdout is not None
        printed = ""
        for line in process.stdout:
            printed += line
            if "bare playground" in line:
                printed += process.stdout.readline()
                break
        links = re.findall(r"http://127\.0\.0\.1:\d+/\S*", printed)
        assert len(links) == 3, printed
        try:
            yield dict(zip(("demo", "old", "bare"), links, strict=True))
        finally:
            process.send_signal(signal.SIGINT)
            assert process.wait(timeout=30) == 0


def test_ctrl_c_ends_it_without_a_traceback() -> None:
    """A terminal sends Ctrl+C to every process of the command, npm's and ours."""
    command = [getattr(sys, "_base_executable", sys.executable), "scripts/start.py"]
    with subprocess.Popen(
        [*command, "--port", "8700"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        for line in process.stdout:
            if "bare playground" in line:
                break
        os.killpg(process.pid, signal.SIGINT)
        assert process.wait(timeout=30) == 0
        assert process.stderr.read() == ""


@pytest.mark.parametrize("port", ["0", "99999"])
def test_impossible_port_is_told(port: str) -> None:
    command = [sys.executable, "scripts/start.py", "--port", port]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert result.returncode == 2
    assert "--port must be between 1 and 65535" in result.stderr
    assert "Traceback" not in result.stderr


def test_newcomer_says_hello_and_is_answered(page: Page, traffic: Traffic) -> None:
    playground = Playground(page)
    with started() as links:
        playground.open(links["demo"])
        playground.say("hello")
        playground.expect_answer("demo assistant")
        playground.say("weather in Oslo")
        playground.expect_answer("Oslo", turn=2)
        playground.screenshot("demo-chat")


def test_other_two_links_open(page: Page, traffic: Traffic) -> None:
    playground = Playground(page)
    with started() as links:
        playground.open(links["old"])
        playground.wait_until_ended()
        expect(page.locator("#source")).to_have_text("Code from the link")
        playground.open(links["bare"])
        playground.wait_until_ended()
        expect(playground.app.locator("textarea").last).to_be_visible()


@pytest.mark.model
def test_real_model_answers(page: Page, traffic: Traffic) -> None:
    playground = Playground(page)
    with started("--model") as links:
        playground.open(links["demo"])
        playground.say("Say hello to me.")
        message = playground.app.locator(".message.bot").first
        expect(message).to_contain_text(re.compile(r"\w+"), timeout=120_000)
        expect(message).not_to_contain_text("⚠️")
