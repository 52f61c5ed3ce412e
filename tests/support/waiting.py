"""Waiting for what happens in another thread or process."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def until(true: Callable[[], T], seconds: float = 20) -> T:
    """Wait until something holds, and return it. Raises AssertionError when it never does.

    A machine that is busy with other things may take this long for what is done in a moment.
    """
    end = time.monotonic() + seconds
    while not (value := true()):
        assert time.monotonic() < end, f"not within {seconds} s"
        time.sleep(0.01)
    return value
