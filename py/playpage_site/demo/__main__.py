"""`python -m playpage_site.demo`: the service on its own, until it is interrupted."""

from __future__ import annotations

import argparse
import signal
import sys
import threading

from playpage_site.demo import ASSISTANT_ID, DEMO_KEY, Service, Settings


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="playpage_site.demo", description="A demo assistants service on this machine."
    )
    parser.add_argument("--port", type=int, default=8001, help="0 for a free one (default: 8001)")
    parser.add_argument("--model-url", help="base URL of chat completions that supply the words")
    parser.add_argument("--key", action="append", help=f"a key to accept (default: {DEMO_KEY})")
    args = parser.parse_args()
    settings = Settings(keys=frozenset(args.key or [DEMO_KEY]), model_url=args.model_url)
    try:
        service = Service(settings, args.port)
    except OSError as error:
        print(f"Cannot listen on port {args.port}: {error.strerror}.", file=sys.stderr)
        return 1
    print(f"assistants service: {service.base_url}", flush=True)
    print(f"assistant id:       {ASSISTANT_ID}", flush=True)
    print(f"keys accepted:      {len(settings.keys)}", flush=True)
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    stop.wait()
    service.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
