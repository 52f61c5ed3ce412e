"""`build.py embed`: print the lines that embed a program in another page."""

from __future__ import annotations

import argparse
import sys
from html import escape
from urllib.parse import quote, urljoin, urlsplit

from command import CommandError, Commands, add_command
from command_link import refuse_secrets
from link_lengths import describe_length
from link_v2 import encode_program
from program import ProgramError
from program_files import add_program_arguments, read_program

LEAST_PX, MOST_PX = 150, 5000

EXAMPLES = """examples:
  build.py embed app.py --no-editor --base https://wiki.example/chat/
  build.py embed app.py -r openai==1.109.1 --theme light --height 600
  build.py embed app.py --no-editor --lang de --host https://wiki.example

The lines go to standard output. A page that lets no script in can take the iframe alone: its
height then stays as it is.

exit codes: 0 done, 1 failed, 2 wrong arguments, 3 the program holds what looks like a key
"""


def add_to(commands: Commands) -> None:
    embed = add_command(
        commands,
        "embed",
        run=make_embed,
        help="print the lines that embed a program in a page",
        description="Print the HTML that shows a program in another page, such as a wiki's.",
        epilog=EXAMPLES,
    )
    add_program_arguments(embed)
    embed.add_argument(
        "--base",
        default="http://127.0.0.1:8000/",
        metavar="ADDRESS",
        help="the site's address (default: that of npm start)",
    )
    embed.add_argument(
        "--height", type=_height, default=480, metavar="PX", help="least height (default: 480)"
    )
    embed.add_argument("--theme", choices=("auto", "light", "dark"), default="auto")
    embed.add_argument("--lang", default="", help="language of the page's own words, such as de")
    embed.add_argument("--title", default="Chat", help="what screen readers call the frame")
    embed.add_argument(
        "--host", default="", metavar="ORIGIN", help="tell the height to this page alone"
    )
    embed.add_argument(
        "--no-editor", action="store_true", help="show the app alone, without code and header"
    )


def make_embed(options: argparse.Namespace) -> int:
    program = read_program(options)
    refuse_secrets(program, "snippet")
    try:
        fragment = encode_program(program)
    except ProgramError as problem:
        raise CommandError(f"{options.app} cannot be put into a link: {problem}.") from problem
    address = frame_address(options, fragment)
    print(snippet(address, options.base, options.title, options.height))
    print(describe_length(address), file=sys.stderr)
    return 0


def frame_address(options: argparse.Namespace, fragment: str) -> str:
    """The frame's address. Raises CommandError when `--base` or `--host` is none."""
    base = urlsplit(options.base)
    if base.scheme not in ("http", "https") or not base.netloc:
        raise CommandError("--base must be an http or https address.")
    if base.query or base.fragment:
        raise CommandError("--base must have no query (?…) and no fragment (#…).")
    query = [("editor", "0")] if options.no_editor else []
    query += [("theme", options.theme)] if options.theme != "auto" else []
    query += [("lang", options.lang)] if options.lang else []
    if options.host:
        host = urlsplit(options.host)
        if host.scheme not in ("http", "https") or f"{host.scheme}://{host.netloc}" != options.host:
            raise CommandError("--host must be an origin, such as https://wiki.example.")
        query.append(("host", options.host))
    asked = "&".join(f"{name}={quote(value, safe='')}" for name, value in query)
    return f"{options.base}{'?' if asked else ''}{asked}#{fragment}"


def snippet(address: str, base: str, title: str, height_px: int) -> str:
    """The HTML: a frame, and the script that gives it its content's height."""
    return (
        f'<iframe data-playpage src="{escape(address)}" title="{escape(title)}" '
        f'width="100%" height="{height_px}" style="border:0" allow="clipboard-write" '
        f'loading="lazy"></iframe>\n'
        f'<script async src="{escape(urljoin(base, "embed.js"))}"></script>'
    )


def _height(text: str) -> int:
    if not text.isdecimal() or not LEAST_PX <= int(text) <= MOST_PX:
        raise argparse.ArgumentTypeError(f"must be {LEAST_PX} to {MOST_PX} pixels")
    return int(text)
