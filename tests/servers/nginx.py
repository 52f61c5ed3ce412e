"""A real nginx in front of a folder, with a configuration of the test's own."""

from __future__ import annotations

import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from playpage_site.dev import nginx

#: Everything it writes goes below its prefix; it stays in front, so that it can be ended.
CONFIGURATION = """
daemon off;
worker_processes 1;
pid nginx.pid;
error_log error.log;
events {{ worker_connections 64; }}
http {{
    access_log off;
    client_body_temp_path body;
    proxy_temp_path proxy;
    fastcgi_temp_path fastcgi;
    uwsgi_temp_path uwsgi;
    scgi_temp_path scgi;
    {types}
    server {{
        listen 127.0.0.1:{port};
        {server}
    }}
}}
"""


@contextmanager
def serving_nginx(program: Path, server: str, types: str | None = None) -> Iterator[str]:
    """Run nginx; gives its address, which ends in `/`.

    server: lines of the `server` block. types: of the `http` block, in place of the list of
    MIME types that nginx comes with. Raises RuntimeError with what it said when it does not start.
    """
    types = types or f"include {nginx.mime_types(program)};"
    with TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)  # its worker is another user, where we are root
        port = _free_port()
        configuration = Path(folder) / "nginx.conf"
        configuration.write_text(
            CONFIGURATION.format(types=types, port=port, server=server), "utf-8"
        )
        command = [str(program), "-p", folder, "-c", str(configuration), "-e", "error.log"]
        process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
        try:
            _wait(process, port)
            yield f"http://127.0.0.1:{port}/"
        finally:
            process.terminate()
            process.communicate(timeout=10)


def _wait(process: subprocess.Popen[str], port: int) -> None:
    for _ in range(100):
        if process.poll() is not None:
            raise RuntimeError(f"nginx did not start. It said:\n{process.communicate()[1]}")
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError("nginx does not answer")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
