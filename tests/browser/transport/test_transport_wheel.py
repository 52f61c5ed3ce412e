"""The wheel works in a plain Pyodide, installed by micropip."""

from __future__ import annotations

from collections.abc import Callable

from browser.transport.harness import Runtime, Servers

PROGRAM = """
async def main(wheel, url):
    import sys
    from cases.versions import use

    use()
    sys.path[:] = [p for p in sys.path if not p.startswith("/alt/")] + ["/alt/httpx-0.28.1"]
    import micropip

    await micropip.install(wheel)
    import httpx_pyfetch

    httpx_pyfetch.install()
    import httpx

    answer = httpx.get(url).status_code, httpx_pyfetch.__file__
    micropip.uninstall("httpx_pyfetch")
    use("httpx-0.28.1")
    return answer
"""


def test_micropip_installs_it(runtimes: Callable[..., Runtime], servers: Servers) -> None:
    wheel = f"{servers.page.origin}/page/{servers.wheel}"
    status, file = runtimes("worker", True).run(
        PROGRAM, wheel=wheel, url=f"{servers.page.origin}/status/200"
    )
    assert status == 200
    assert "site-packages" in file
