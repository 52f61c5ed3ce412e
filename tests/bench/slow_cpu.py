"""Make a whole browser slower: all its processes stand still for most of the time.

Chromium's own throttling (`Emulation.setCPUThrottlingRate`) holds up the page's main thread
and not its workers: a loop in a worker takes as long as before. Python runs in a worker here,
so the process group is stopped and continued instead, which meets every thread alike.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

#: One turn of running and standing still; short beside anything that is measured.
PERIOD_S = 0.02


@contextmanager
def slowed(group: int, times: float) -> Iterator[None]:
    """Let the process group `group` run 1/`times` of the time for the length of a `with` block.

    In a process of its own, as this one is busy driving the browser. Raises ValueError for
    this process's own group, which would stop whoever has to continue it.
    """
    if group == os.getpgrp():
        raise ValueError("the browser is in this process's own group")
    command = [sys.executable, __file__, str(group), str(times)]
    with subprocess.Popen(command) as stopper:
        try:
            yield
        finally:
            stopper.terminate()
            stopper.wait()
            os.killpg(group, signal.SIGCONT)


def main() -> None:
    group, times = int(sys.argv[1]), float(sys.argv[2])
    while True:
        os.killpg(group, signal.SIGCONT)
        time.sleep(PERIOD_S / times)
        os.killpg(group, signal.SIGSTOP)
        time.sleep(PERIOD_S - PERIOD_S / times)


if __name__ == "__main__":
    main()
