"""What is measured of one start, and how: by a page of our own, or by one that does
nothing but a bare `loadPyodide()`.

Everything ends up in `Samples`: numbers by name. A name is the words `conditions subject visit
figure`, such as "plain ours cold ready"; times are milliseconds since navigation began.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.browsers import Profile
from bench.host import KINDS, Conditions, Host, Line, gzip_bytes, hosting, kind_of
from playpage_site.cli.main import BUILD
from playpage_site.demo import ASSISTANT_ID, DEMO_KEY, running_service
from playpage_site.dev.start import demo_program
from playpage_site.links.legacy import legacy_link
from playpage_site.registry.npm import tarball_files
from playwright.sync_api import Page
from support.playground import Playground

Samples = dict[str, list[float]]

#: Far longer than anything here takes; what is waited for has failed by then.
LIMIT_MS = 300_000

HELLO = "demo assistant"  # of the service's answer to "hello"

BARE = """<!doctype html><title>bare</title><script type="module">
import { loadPyodide } from "./pyodide/pyodide.mjs";
await loadPyodide();
playpageBench.ms.ready = performance.now();
</script>"""

#: The entry of the snapshot in the scripts' list of packs; without it they know of none.
SNAPSHOT = b"heap:{file:"

LATENCY_S = 0.04


def conditions(name: str) -> Conditions:
    """`name` is "plain", "memory", "cpu", or megabits per second."""
    if not name.isdigit():
        return Conditions()
    return Conditions(Line(float(name) * 1e6), LATENCY_S)


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


class StartError(Exception):
    """A start that did not come to its end; the message says what the page told."""


@dataclass
class Bench:
    """The host with both pages, and what was measured. `program` is the chat's code."""

    host: Host
    program: str
    samples: Samples = field(default_factory=dict)

    def add(self, name: str, value: float | None) -> None:
        if value is not None:
            self.samples.setdefault(name, []).append(value)

    def url(self, subject: str, program: str | None = None) -> str:
        if subject == "bare":
            return f"{self.host.url}bare.html"
        folder = "normal" if subject == "normal" else "site"
        return legacy_link(f"{self.host.url}{folder}/", program or self.program)

    def visit(self, profile: Profile, name: str, answered: bool = False) -> Page:
        """Open the subject's page in a new tab and note everything under `name`.

        name: "conditions subject visit". answered: also say hello, and wait for the answer.
        Raises StartError when the page says that it failed.
        """
        how, subject, _ = name.split()
        page = profile.page()
        self.host.conditions = conditions(how)
        page.goto(self.url(subject), wait_until="commit")
        wait(page, "ready")
        traffic = self.traffic()
        ms = times(page)
        self.add(f"{name} ready", ms["ready"])
        if subject != "bare":
            self.add(f"{name} Python ready", ms.get("Python ready"))
            self.add(f"{name} first paint", first_paint(page))
            if answered:
                ms = answer(page, 1)
                self.add(f"{name} Enter to answer", ms["answer"] - ms["enter"])
                self.add(f"{name} answer", ms["answer"])
            for mark, at in marks(page).items():
                self.add(f"{name} mark {mark}", at)
        for figure, value in traffic.items():
            self.add(f"{name} {figure}", value)
        say(f"    {name}: ready after {ms['ready']:,.0f} ms")
        return page

    def traffic(self) -> dict[str, float]:
        """What the host has sent in this visit until now, of every kind and of all."""
        sent = [(kind_of(one.path), one) for one in self.host.conditions.sent]
        figures: dict[str, float] = {}
        for kind in (*KINDS, "all"):
            some = [one for its_kind, one in sent if kind in (its_kind, "all")]
            figures[f"requests {kind}"] = len(some)
            figures[f"bytes {kind}"] = sum(one.body_bytes for one in some)
            figures[f"gzip {kind}"] = sum(gzip_bytes(one.file) for one in some if one.file)
        return figures

    def add_later_traffic(self, name: str) -> None:
        """Note what the visit `name` had sent to it since it was ready."""
        for figure, value in self.traffic().items():
            what, _, kind = figure.partition(" ")
            if kind == "all":
                self.add(f"{name} {what} later", value - self.samples[f"{name} {figure}"][-1])

    def rerun(self, page: Page, turn: int) -> float:
        """Change the program's title, press Run; milliseconds until its app can be used."""
        return self._press(page, "run", f"Run {turn}")

    def restart(self, page: Page) -> float:
        """Press Restart; milliseconds until the chat of a new Python can be used."""
        return self._press(page, "stop", "Started again")

    def _press(self, page: Page, button: str, title: str) -> float:
        program, count = re.subn("(?m)^TITLE = .*", f'TITLE = "{title}"', self.program)
        assert count == 1, "the program's title was not found"
        Playground(page).set_code(program)
        page.evaluate("([id, title]) => playpageBench.press(id, title)", [button, title])
        wait(page, "shown")
        ms = times(page)
        return ms["shown"] - ms["pressed"]


def wait(page: Page, name: str) -> None:
    """Until the probe has noted this. Raises StartError when the page has failed instead."""
    condition = "name => name in playpageBench.ms || playpageBench.failed"
    page.wait_for_function(condition, arg=name, timeout=LIMIT_MS, polling=50)
    if failed := page.evaluate("playpageBench.failed"):
        raise StartError(f"{page.url.partition('?')[0]}: {failed}")


def times(page: Page) -> dict[str, float]:
    found: dict[str, float] = page.evaluate("playpageBench.ms")
    return found


def marks(page: Page) -> dict[str, float]:
    """The page's own marks of User Timing, without their prefix; each as it came first."""
    found: list[tuple[str, float]] = page.evaluate(
        "performance.getEntriesByType('mark').map((mark) => [mark.name, mark.startTime])"
    )
    first: dict[str, float] = {}
    for name, at in found:
        if name.startswith("playpage:"):
            first.setdefault(name.removeprefix("playpage:"), at)
    return first


def first_paint(page: Page) -> float | None:
    """First Contentful Paint, as the browser tells it."""
    paint = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime"
    found: float | None = page.evaluate(paint)
    return found


def answer(page: Page, count: int) -> dict[str, float]:
    """Say hello; gives the times at which Enter was pressed and the answer stood there."""
    page.evaluate("([words, count]) => playpageBench.expectAnswer(words, count)", [HELLO, count])
    Playground(page).say("hello")
    wait(page, "answer")
    return times(page)


def add_normal_site(folder: Path) -> None:
    """The built site with scripts that know of no snapshot, so that Python starts the usual way."""
    (folder / "js").mkdir(parents=True)
    for path in BUILD.iterdir():
        if path.name != "js":
            (folder / path.name).symlink_to(path)
    patched = 0
    for path in (BUILD / "js").iterdir():
        content = path.read_bytes()
        patched += content.count(SNAPSHOT)
        (folder / "js" / path.name).write_bytes(content.replace(SNAPSHOT, b"none:{file:"))
    assert patched == 2, "the scripts no longer list the snapshot as they did"


@contextmanager
def benching() -> Iterator[Bench]:
    """A bench for the built site, with a service that answers at once."""
    with (
        TemporaryDirectory(prefix="playpage-host-") as folder,
        hosting(Path(folder)) as host,
        running_service(clock_s=0.0) as service,
    ):
        (Path(folder) / "site").symlink_to(BUILD)
        add_normal_site(Path(folder) / "normal")
        # Pyodide as it is published, not the site's with its compiled standard library.
        (Path(folder) / "pyodide").mkdir()
        for name, content in tarball_files("pyodide", "").items():
            if "/" not in name:
                (Path(folder) / "pyodide" / name).write_bytes(content)
        (Path(folder) / "bare.html").write_text(BARE, "utf-8")
        yield Bench(host, demo_program(service.base_url, ASSISTANT_ID, DEMO_KEY))
