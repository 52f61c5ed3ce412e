"""Build the site: `python3 scripts/build.py`. Needs git's clone, Python 3.11, Node 20, pip.

Each command is a module beside this one; command.py says what it must have.
"""

from __future__ import annotations

import argparse
import sys

from playpage_site.cli import decode, embed, link, page, site
from playpage_site.cli.command import CommandError
from playpage_site.cli.site import BUILD, build_if_changed
from playpage_site.common import BuildError

__all__ = ["BUILD", "build_if_changed", "main"]

COMMANDS = (link, page, embed, decode)

EXAMPLES = """examples:
  build.py
  build.py --with numpy,pillow
  build.py -o /srv/www/chat
  build.py link app.py --base https://wiki.example/chat/
  build.py page app.py --single-file -o chat.html
  build.py decode 'https://wiki.example/chat/#v2.AAAb…'
  build.py COMMAND --help
"""


def command_line() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="build.py",
        description="Build the static site. Any file server can host the folder, under any path.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    site.add_to(parser)
    commands = parser.add_subparsers(title="commands", metavar="")
    for command in COMMANDS:
        command.add_to(commands)
    return parser


def main(arguments: list[str] | None = None) -> int:
    options = command_line().parse_args(arguments)
    try:
        code: int = options.run(options)
    except BuildError as problem:
        print(f"build.py failed: {problem}", file=sys.stderr)
        return 1
    except CommandError as problem:
        print(f"build.py: {problem}", file=sys.stderr)
        return problem.exit_code
    return code
