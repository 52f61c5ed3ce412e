"""Synchronous desktop programs run unchanged: threads, pictures, tool calls, polling."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from browser.transport.harness import CASES, VERSIONS, Runtime
from playpage_site.demo import ASSISTANT_ID, DEMO_KEY, Service, running_service
from playpage_site.dev.legacy import LEGACY

SNIPPET = LEGACY / "sync-snippet.py"

RUN = """
async def main(program, version):
    import contextlib, io, warnings
    from cases.versions import use

    use(f"openai-{version}", "httpx-0.28.1")
    import httpx_pyfetch

    httpx_pyfetch.install()
    with contextlib.redirect_stdout(io.StringIO()) as out, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        exec(compile(program, "program.py", "exec"), {"__name__": "__main__"})
    return out.getvalue()
"""


@pytest.fixture(scope="module")
def service() -> Iterator[Service]:
    with running_service(clock_s=0.1, piece_s=0.0) as service:
        yield service


def with_values(program: str, service: Service) -> str:
    """Set what a reader sets: the id and the key; and our service's address."""
    program = program.replace("https://prod.dvcbot.net", service.url)
    for name, value in (("API_KEY", DEMO_KEY), ("ASSISTANT_ID", ASSISTANT_ID)):
        program, count = re.subn(
            rf"^{name} = (\"\"|'')$", f"{name} = {value!r}", program, flags=re.M
        )
        assert count == 1
    return program


@pytest.mark.parametrize("jspi", [True, False], ids=["jspi", "no-jspi"])
def test_our_program(runtimes: Callable[..., Runtime], service: Service, jspi: bool) -> None:
    program = with_values((CASES / "sync_program.py").read_text("utf-8"), service)
    printed = runtimes("worker", jspi).run(RUN, program=program, version=VERSIONS[-1])
    assert "In Paris it is" in printed
    assert not service.open_threads


@pytest.mark.skipif(not SNIPPET.exists(), reason="the wiki's code is not here")
@pytest.mark.parametrize("jspi", [True, False], ids=["jspi", "no-jspi"])
@pytest.mark.parametrize("version", [VERSIONS[-1], VERSIONS[0]])
def test_the_wikis_snippet(
    runtimes: Callable[..., Runtime], service: Service, version: str, jspi: bool
) -> None:
    program = with_values(SNIPPET.read_text("utf-8"), service)
    printed = runtimes("worker", jspi).run(RUN, program=program, version=version)
    assert "I received 1 picture: https://xxx.xxx.xxx.jpg." in printed
    assert not service.open_threads
