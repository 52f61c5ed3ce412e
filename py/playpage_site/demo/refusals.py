"""Requests that are stalled or refused because the words ask for it."""

from __future__ import annotations

import asyncio

from playpage_site.demo import script
from playpage_site.demo.errors import ApiError
from playpage_site.demo.settings import Settings


class Refusals:
    """Remembers which requests have been refused once, and are let through now."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.refused_once: set[str] = set()

    async def check(self, words: str, key: str) -> None:
        """Stall, or raise the ApiError that the words ask for.

        key: tells a request from others: what is refused once is let through
            when it comes again.
        """
        if script.first_word(words) == "stall":
            await asyncio.sleep(self.settings.slow_s)
        refusal = script.refusal(words)
        if refusal is None:
            return
        if refusal.once and key in self.refused_once:
            self.refused_once.remove(key)
            return
        self.refused_once.add(key)
        headers = {}
        if refusal.retry_after_s is not None:
            headers["retry-after"] = str(refusal.retry_after_s)
        code = "rate_limit_exceeded" if refusal.status == 429 else None
        raise ApiError(
            refusal.status, refusal.message, code=code, headers=headers, bare=refusal.bare
        )
