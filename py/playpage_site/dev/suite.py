"""`npm test`: set everything up and run every test. `npm run lint`, `npm run bench` too."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

from playpage_site.cli.main import build_if_changed
from playpage_site.common import ROOT, BuildError, say
from playpage_site.dev import nginx, python_env
from playpage_site.registry.npm import ensure_node_modules, tool

#: What `npm run bench` runs, in this order; `npm run bench -- NAME` just one of them, with options.
BENCHMARKS = ("sizes", "boot", "transport")
#: Debian's packages for tests/browser/runtime/test_engines.py, and what they bring.
ENGINES = {
    "firefox-esr": ("firefox", "firefox-esr"),
    "webkit2gtk-driver": ("WebKitWebDriver",),
    "xvfb": ("Xvfb",),
}


def ensure_chromium() -> None:
    """Find Chromium, or install it: Playwright's own, else Debian's package where we are root.

    PLAYPAGE_CHROMIUM names one that is somewhere else. Raises BuildError with what to do.
    """
    if os.environ.get("PLAYPAGE_CHROMIUM") or shutil.which("chromium") or _playwright_has_one():
        return
    say("Installing Chromium with Playwright")
    command = [str(python_env.PYTHON), "-m", "playwright", "install", "chromium"]
    download = subprocess.run(command, capture_output=True, text=True)
    if download.returncode == 0 and _playwright_has_one():
        return
    if shutil.which("apt-get") and os.geteuid() == 0:
        say("Playwright could not; installing the distribution's chromium")
        subprocess.run(["apt-get", "update"], capture_output=True)
        command = ["apt-get", "install", "-y", "--no-install-recommends", "chromium"]
        installed = subprocess.run(command, capture_output=True)
        if installed.returncode == 0 and shutil.which("chromium"):
            return
    raise BuildError(
        "The browser tests need Chromium, and it could be neither found nor installed. Install "
        "it (Debian: apt-get install chromium), or name one in PLAYPAGE_CHROMIUM. Playwright "
        f"said:\n{(download.stderr or download.stdout).strip()[-600:]}"
    )


def ensure_engines() -> None:
    """Find Firefox and WebKitGTK, or install Debian's packages where we are root.

    Raises BuildError with what to do.
    """
    missing = [name for name, programs in ENGINES.items() if not any(map(shutil.which, programs))]
    if not missing:
        return
    if shutil.which("apt-get") and os.geteuid() == 0:
        say(f"Installing {', '.join(missing)}")
        subprocess.run(["apt-get", "update"], capture_output=True)
        command = ["apt-get", "install", "-y", "--no-install-recommends", *missing]
        if subprocess.run(command, capture_output=True).returncode == 0:
            return
    raise BuildError(
        f"--engines needs what Debian has in {', '.join(missing)}. Install it, or leave "
        "--engines out: the tests that need it are then skipped."
    )


def _playwright_has_one() -> bool:
    """Does Playwright's own Chromium start here? A download can lack system libraries."""
    script = (
        "from playwright.sync_api import sync_playwright as p\n"
        "with p() as w: w.chromium.launch(args=['--no-sandbox']).close()"
    )
    return (
        subprocess.run([str(python_env.PYTHON), "-c", script], capture_output=True).returncode == 0
    )


def lint() -> int:
    """ruff, mypy, tsc, prettier and names of tests; each runs even if one before it complained."""
    ensure_node_modules()
    python = str(python_env.PYTHON)
    checks = [
        [python, "-m", "ruff", "check", "."],
        [python, "-m", "ruff", "format", "--check", "."],
        [python, "-m", "mypy"],
        [tool("tsc")],
        [tool("prettier"), "--check", "--log-level=warn", "**/*.{js,mjs,css}"],
        [python, "-m", "playpage_site.dev.unique_tests"],
    ]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "py")}
    failed = 0
    for check in checks:
        say("$ " + " ".join(check).replace(str(ROOT) + "/", ""))
        failed |= subprocess.run(check, cwd=ROOT, env=environment).returncode
    return failed


def benchmarks(arguments: list[str]) -> list[tuple[str, list[str]]]:
    """What to run, each with its options: those of a name that was given, else those of boot."""
    if not arguments:
        return [(name, []) for name in BENCHMARKS]
    if arguments[0] in BENCHMARKS:
        return [(arguments[0], arguments[1:])]
    return [("boot", arguments)]


def run_everything(pytest: list[str]) -> int:
    """All tests, in two processes: those without a browser, then those with one.

    Not in the same processes: a running Playwright leaves its event loop to the tests that
    follow. Not at the same time: a browser test has bounds that three of them on two cores miss.
    """
    groups = (["--dist=loadfile", "tests/unit"], ["--dist=loadgroup", "tests/browser"])
    return max(subprocess.run([*pytest, "-n2", *group], cwd=ROOT).returncode for group in groups)


def main() -> int:
    task, *arguments = sys.argv[1:] or ["test"]
    if task not in ("lint", "bench"):
        task, arguments = "test", sys.argv[1:]
    try:
        python_env.enter(
            *{"lint": ["test", "lint"], "bench": ["test"]}.get(task, ["test", "model"])
        )
        if task == "lint":
            return lint()
        ensure_chromium()
        nginx.ensure()
        if "--engines" in arguments:
            arguments.remove("--engines")
            ensure_engines()
            # What is still missing now is a failure, not a reason to skip.
            os.environ["PLAYPAGE_ENGINES"] = "1"
        build_if_changed()
    except BuildError as problem:
        print(
            f"npm {'test' if task == 'test' else 'run ' + task} failed: {problem}", file=sys.stderr
        )
        return 1
    if task == "bench":
        for benchmark, options in benchmarks(arguments):
            command = [str(python_env.PYTHON), f"tests/bench/{benchmark}.py", *options]
            if code := subprocess.run(command, cwd=ROOT).returncode:
                return code
        return 0
    pytest = [str(python_env.PYTHON), "-m", "pytest"]
    if arguments:
        return subprocess.run([*pytest, *arguments], cwd=ROOT).returncode
    return run_everything(pytest)
