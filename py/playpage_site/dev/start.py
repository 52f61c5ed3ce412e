"""`npm start`: build the site, serve it beside a demo service, and print links to open."""

from __future__ import annotations

import argparse
import signal
import sys
import threading
from contextlib import ExitStack

from playpage_site.cli.main import build_if_changed
from playpage_site.common import ROOT, BuildError, say
from playpage_site.dev import python_env
from playpage_site.dev.legacy import LEGACY
from playpage_site.dev.serve import serving
from playpage_site.links.legacy import legacy_link

PORT = 8000
#: The template apps of py/apps and their links in the guide have it.
SERVICE_PORT = 8001


def demo_program(base_url: str, assistant_id: str, key: str) -> str:
    """The template app, pointed at the demo service, its key filled in.

    Raises ValueError when the template no longer has the three names.
    """
    code = (ROOT / "py" / "apps" / "assistant_chat.py").read_text("utf-8")
    values = {"SERVICE_URL": base_url, "ASSISTANT_ID": assistant_id, "DEMO_KEY": key}
    for name, value in values.items():
        lines = [line for line in code.splitlines() if line.startswith(f"{name} = ")]
        if len(lines) != 1:
            raise ValueError(f"py/apps/assistant_chat.py has {len(lines)} lines that set {name}")
        code = code.replace(lines[0], f'{name} = "{value}"')
    return code


def old_link(site: str, service_url: str) -> str:
    """A link of the old playground with this site in place of its host.

    The project's own has the demo service's address where the wiki's has that of its own.
    """
    if (LEGACY / "link-1.txt").exists():
        link = (LEGACY / "link-1.txt").read_text("utf-8").strip()
        return f"{site}?{link.partition('?')[2]}"
    code = (ROOT / "tests" / "golden" / "assistant_chat.py.txt").read_text("utf-8")
    return legacy_link(site, code.replace("https://assistants.example", service_url))


def main() -> int:
    """Run the command; gives its exit code."""
    try:
        return _start()
    except KeyboardInterrupt:  # while it still installed or built
        print("\nStopped.", file=sys.stderr)
        return 1


def _start() -> int:
    parser = argparse.ArgumentParser(prog="npm start --", description=__doc__)
    parser.add_argument("--model", action="store_true", help="answer from a real, tiny model")
    parser.add_argument("--port", type=int, default=PORT, help="first port to try (default: 8000)")
    options = parser.parse_args()
    if not 0 < options.port < 65536:
        parser.error(f"--port must be between 1 and 65535, not {options.port}")
    try:
        python_env.enter(*(["demo", "model"] if options.model else ["demo"]))
        build_if_changed()
    except BuildError as problem:
        print(f"npm start failed: {problem}", file=sys.stderr)
        return 1
    # Only now: it is made of packages that .venv has.
    from playpage_site.demo import ASSISTANT_ID, DEMO_KEY, running_service

    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    with ExitStack() as stack:
        model_url = None
        if options.model:
            from playpage_site.demo.model import running_model

            say("Starting the model")
            model_url = stack.enter_context(running_model()).base_url
        try:
            service = stack.enter_context(running_service(port=SERVICE_PORT, model_url=model_url))
        except OSError:  # the template apps then have to be told the port
            service = stack.enter_context(running_service(model_url=model_url))
        try:
            site = stack.enter_context(serving(ROOT / "build", options.port))
        except OSError as problem:
            print(
                f"npm start failed: no port from {options.port} on could be opened ({problem}). "
                "Name another: npm start -- --port 9000",
                file=sys.stderr,
            )
            return 1
        program = demo_program(service.base_url, ASSISTANT_ID, DEMO_KEY)
        say("\nOpen one of these. Ctrl+C stops.\n")
        say(f"  A chat with the demo assistant:\n  {legacy_link(site, program)}\n")
        say("  A link of the old playground, opened here (its code wants an id and a key;")
        say(f"  the demo service's are {ASSISTANT_ID} and {DEMO_KEY}):")
        say(f"  {old_link(site, service.url)}\n")
        say(f"  The bare playground:\n  {site}\n")
        say(f"  The demo service, for a program of yours:\n  {service.base_url}\n")
        while not stop.wait(3600):
            pass
    return 0
