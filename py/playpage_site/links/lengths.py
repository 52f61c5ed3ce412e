"""How long a link is, held against what it has to fit into."""

from __future__ import annotations

#: Characters that each takes. 2,000, 8,000 and 32,000 are what old browsers, servers (RFC 9110
#: asks for 8,000) and Chromium's address bar take; tools document the rest, for one message.
LIMITS = (
    (2_000, "any tool (2,000: old browsers, office documents, Discord)"),
    (4_000, "a Slack message in one piece, a Telegram message (4,000)"),
    (8_000, "a server that is sent it, as the old form is (8,000)"),
    (16_383, "a Mattermost message (16,383)"),
    (32_000, "an address bar that it is pasted into, a spreadsheet's cell (32,000)"),
    (40_000, "a Slack message at all (40,000)"),
    (65_000, "a GitHub comment (65,000)"),
    (2_000_000, "a browser, a MediaWiki page (2,000,000)"),
)


def describe_length(link: str) -> str:
    """One or two sentences for the person who made the link."""
    too_small = [what for limit, what in LIMITS if len(link) > limit]
    enough = [what for limit, what in LIMITS if len(link) <= limit]
    text = f"{len(link):,} characters."
    if too_small:
        text += f" Too long for: {'; '.join(too_small)}."
    if enough:
        text += f" Short enough for {enough[0]}."
    return text
