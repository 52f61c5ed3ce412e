"""An assistants service in memory, over real HTTP: OpenAI's Assistants API v2.

It speaks Chat Completions and Responses, too, with the same words.
It is what the demo chats with and what the tests check clients against. It
needs no account, and it listens on this machine's loopback only.

    with running_service() as service:
        client = OpenAI(base_url=service.base_url, api_key=DEMO_KEY)

    python -m playpage_site.demo --port 8001

The reader's words decide what happens, so that a test, or a visitor of the
demo, can bring about every case. Words in the first group count anywhere in
the message; the others only where the message starts with them ("fail", "fail
please", but not "why did it fail?").

==============================  ================================================
hello, hi                       a friendly answer
weather in Paris                a call of the tool `get_weather`
weather in Paris and Rome       one call a place, all at once
weather in Paris then Rome      one call after the other
(a picture, a file)             the answer says what arrived
anything else                   an answer that quotes this and the earlier turns

long 500                        an answer of 500 words
say TEXT                        TEXT itself, to the letter
markdown                        a heading, a list, a table, code and a formula
html                            markup and scripts, as of a hostile model
cite                            an answer that cites two sources
draw                            an answer with a picture
instructions                    the answer repeats the instructions of the run
call NAME {"a": 1}              a call of any tool with these arguments
slow                            the run stays in progress for `slow_s` seconds
active                          the same, and cancelling it takes as long
stall                           the request for the run is answered after `slow_s`
cut                             the stream breaks off in the middle of the answer
fail                            the run fails with `server_error`
overload                        the run fails with `rate_limit_exceeded`
incomplete                      the run stops in the middle of its answer
expire                          the run expires
withdraw                        the service itself cancels the run
busy, 429                       the run is refused once: 429, `retry-after: 1`
quota                           the run is refused every time: 429
http 503                        the run is refused every time with this status
msg 400                         the same, with a body of the form {"msg": ...}
==============================  ================================================

Chat Completions and Responses know the same words, all but "expire" and
"withdraw", for nothing there can expire. They call tools only where the request
has `tools`; the names need not be among them, for models do invent some.

- "fail" and "overload" are a response with the status `failed` in Responses. A
  chat completion is refused with 500 or 429; its stream has begun by then, so
  the error is in it.
- "cite" annotates its text: with files in the assistants' message (marks such
  as 【4:0†source】), with addresses in a chat completion (a link in the text),
  with both in a response. The files can be read by their ids.
- "draw" is a file with an image, before the text, in the assistants' message;
  elsewhere a Markdown image with a data: URL after it.
- "cut" breaks streams alone. The run goes on at the service; a response that
  was cut is not kept.
- "slow" begins its stream at once, "stall" does not.

The tools that `pluginapi` answers are `get_weather` (JSON), `say_text` (JSON of
the form {"text": ...}), `long_report` (20,000 characters of text) and
`broken_plugin` (status 500, {"msg": ...}); any other name is answered 404.
"""

from playpage_site.demo.service import Service, running_service
from playpage_site.demo.settings import ASSISTANT_ID, DEMO_KEY, DVC_ASSISTANT_ID, Settings

__all__ = [
    "ASSISTANT_ID",
    "DEMO_KEY",
    "DVC_ASSISTANT_ID",
    "Service",
    "Settings",
    "running_service",
]
