"""`build.py embed`: print the lines that embed a program in another page."""

from __future__ import annotations

import argparse
import re
import sys
from html import escape
from urllib.parse import quote, urljoin, urlsplit

from playpage_site.cli.command import CommandError, Commands, add_command
from playpage_site.cli.link import refuse_secrets
from playpage_site.cli.look import add_look_arguments, look_of
from playpage_site.cli.program_files import add_program_arguments, read_program
from playpage_site.links.lengths import describe_length
from playpage_site.links.program import ProgramError
from playpage_site.links.v2 import encode_program

MIN_HEIGHT_PX, MAX_HEIGHT_PX = 150, 5000

EXAMPLES = """examples:
  build.py embed app.py --no-editor --base https://wiki.example/chat/
  build.py embed app.py -r openai==1.109.1 --theme light --height 600 --base https://x.example/
  build.py embed app.py --no-editor --lang de --host https://wiki.example --base https://x.example/

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
        required=True,
        metavar="ADDRESS",
        help="the site's address, as the readers' browsers reach it",
    )
    embed.add_argument(
        "--height", type=_height, default=480, metavar="PX", help="least height (default: 480)"
    )
    embed.add_argument("--title", default="Chat", help="what screen readers call the frame")
    embed.add_argument(
        "--host", default="", metavar="ORIGIN", help="tell the height to this page alone"
    )
    add_look_arguments(embed)


def make_embed(options: argparse.Namespace) -> int:
    program = read_program(options)
    refuse_secrets(program, "snippet")
    try:
        fragment = encode_program(program)
    except ProgramError as problem:
        raise CommandError(f"{options.app} cannot be put into a link: {problem}.") from problem
    base = site_address(options.base)
    address = frame_address(base, options, fragment)
    print(snippet(address, base, options.title, options.height))
    print(describe_length(address), file=sys.stderr)
    return 0


def site_address(base: str) -> str:
    """The site's address, with the `/` that a folder's ends in.

    Raises CommandError for an invalid one.
    """
    if _origin(base) is None or re.search(r"\s", base):
        raise CommandError("--base must be an http or https address.")
    if "?" in base or "#" in base:
        raise CommandError("--base must have no query (?…) and no fragment (#…).")
    # embed.js lies beside index.html: without the slash it would be looked for one folder up.
    return base if base.endswith(("/", ".html")) else f"{base}/"


def frame_address(base: str, options: argparse.Namespace, fragment: str) -> str:
    """The frame's address. Raises CommandError when `--host` is no origin."""
    query = {
        name: "0" if value is False else str(value) for name, value in look_of(options).items()
    }
    if options.host:
        # A browser's own form: it is compared with that, letter by letter.
        origin = _origin(options.host)
        if origin is None or urlsplit(options.host).path or re.search("[?#@]", options.host):
            raise CommandError("--host must be an origin, such as https://wiki.example.")
        query["host"] = origin
    asked = "&".join(f"{name}={quote(value, safe='')}" for name, value in query.items())
    return f"{base}{'?' if asked else ''}{asked}#{fragment}"


def _origin(address: str) -> str | None:
    """The origin of an http or https address, as browsers write it; None for any other."""
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return None
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    usual = {"http": 80, "https": 443}[parts.scheme]
    return f"{parts.scheme}://{host}{'' if port in (None, usual) else f':{port}'}"


def snippet(address: str, base: str, title: str, height_px: int) -> str:
    """The HTML: a frame, and the script that gives it its content's height."""
    return (
        f'<iframe data-playpage src="{escape(address)}" title="{escape(title)}" '
        f'width="100%" height="{height_px}" style="border:0" allow="clipboard-write" '
        f'loading="lazy"></iframe>\n'
        f'<script async src="{escape(urljoin(base, "embed.js"))}"></script>'
    )


def _height(text: str) -> int:
    if not text.isdecimal() or not MIN_HEIGHT_PX <= int(text) <= MAX_HEIGHT_PX:
        raise argparse.ArgumentTypeError(f"must be {MIN_HEIGHT_PX} to {MAX_HEIGHT_PX} pixels")
    return int(text)
