"""`build.py page`: a folder, or one HTML file, that runs just one program."""

from __future__ import annotations

import argparse
import html
import re
import shutil
from collections.abc import Callable
from pathlib import Path, PurePosixPath

from playpage_site.cli.command import CommandError, Commands, add_command
from playpage_site.cli.link import refuse_secrets
from playpage_site.cli.program_files import add_program_arguments, read_program
from playpage_site.cli.site import BUILD, build_if_changed
from playpage_site.common import say
from playpage_site.links.program import Program, ProgramError
from playpage_site.links.v2 import encode_program
from playpage_site.site.single_file import single_file

#: In every page that this command writes; only a page that has it may be written over.
MARK = '<meta name="generator" content="playpage">'

EXAMPLES = """examples:
  build.py page app.py -o /srv/www/chat
  build.py page app.py --single-file -o chat.html --title "Help desk"
  build.py page app.py helpers.py data/ -r openai==1.109.1 -o /srv/www/chat

exit codes: 0 done, 1 failed, 2 wrong arguments, 3 the program holds what looks like a key
"""


def add_to(commands: Commands) -> None:
    page = add_command(
        commands,
        "page",
        run=make_page,
        help="make a page that runs just one program: a folder, or one HTML file",
        description="Make a page that runs just one program, without a link: a folder for any "
        "file server, or one HTML file that opens by double-click.",
        epilog=EXAMPLES,
    )
    add_program_arguments(page)
    page.add_argument(
        "-o",
        "--out",
        type=Path,
        required=True,
        metavar="PATH",
        help="folder to write, or file (--single-file)",
    )
    page.add_argument(
        "--single-file",
        action="store_true",
        help="write one HTML file that holds everything and needs no network but the API",
    )
    page.add_argument(
        "--small",
        action="store_true",
        help="with --single-file: two thirds of the size, but starts slower",
    )
    page.add_argument("--title", help="the page's title (default: the file's name)")
    page.add_argument(
        "--editor", action="store_true", help="show the code, the console and Run, too"
    )


def make_page(options: argparse.Namespace) -> int:
    """Run the command.

    Raises CommandError when something cannot be read, or may not be written over.
    """
    if options.small and not options.single_file:
        raise CommandError("--small is for --single-file.", 2)
    program = read_program(options)
    refuse_secrets(program, "page")
    out: Path = options.out
    check_out(out, options.single_file)
    try:
        link = f"#{encode_program(program)}"
    except ProgramError as problem:
        raise CommandError(f"{options.app} cannot be put into a page: {problem}.") from problem
    build_if_changed()
    title = options.title or PurePosixPath(program.entry).stem.replace("_", " ")
    page = page_of((BUILD / "index.html").read_text("utf-8"), link, title, options.editor)
    try:
        out.resolve().parent.mkdir(parents=True, exist_ok=True)
        if options.single_file:
            content = single_file(BUILD, page, _wanted(program, options.small))
            out.write_bytes(content)
            say(f"Wrote {out} ({len(content) / 1e6:.1f} MB)")
        else:
            _write_folder(out, page)
            say(f"Wrote the folder {out}; copy it to a file server, under any path")
    except OSError as error:
        raise CommandError(f"{out} could not be written: {error.strerror}.") from error
    return 0


def _write_folder(out: Path, page: str) -> None:
    for folder in (path for path in BUILD.iterdir() if path.is_dir()):
        # An earlier page's files; anything else in `out` is not this command's.
        shutil.rmtree(out / folder.name, ignore_errors=True)
    shutil.copytree(BUILD, out, ignore=shutil.ignore_patterns(".gitignore"), dirs_exist_ok=True)
    (out / "index.html").write_text(page, "utf-8")


def page_of(index: str, link: str, title: str, editor: bool) -> str:
    """The site's index.html with a program in it, which it runs instead of a link's.

    link: one that opens the program, without the site's address.
    """
    name = html.escape(title)
    page = re.sub(r"<title>.*?</title>", lambda _: f"<title>{name}</title>", index, count=1)
    page = page.replace("<span>playpage</span>", f"<span>{name}</span>", 1)
    lines = [MARK, f'<meta name="playpage-program" content="{html.escape(link)}">']
    page = page.replace("<title>", "\n    ".join([*lines, "<title>"]), 1)
    return page if editor else page.replace("<body ", '<body data-editor="off" ', 1)


def check_out(out: Path, single_file: bool) -> None:
    """Raise CommandError when something is at `out` that this command did not write."""
    if out.is_symlink() or (out.exists() and out.is_dir() == single_file):
        wanted = "a file" if single_file else "a folder"
        raise CommandError(f"{out} exists and is not {wanted}. Name another.")
    if not out.exists() or (not single_file and not any(out.iterdir())):
        return
    index = out if single_file else out / "index.html"
    try:
        with index.open("rb") as file:
            if MARK.encode() in file.read(4096):
                return
    except OSError:
        pass
    raise CommandError(f"{out} exists, and this command did not write it. Name another.")


def _wanted(program: Program, small: bool) -> Callable[[str], bool]:
    """Says, by path, which of the optional files go into a single file.

    The package index goes in only for a program that installs something, and of a package that the
    program pins only that version.
    """
    installs = bool(program.requirements) or any(b"micropip" in f for f in program.files.values())
    pins = dict(re.findall(r"([\w-]+)\s*==\s*([\w.]+)", "\n".join(program.requirements)))

    def wanted(path: str) -> bool:
        name = PurePosixPath(path).name
        if path.startswith("packs/"):
            return not (small and name.startswith("heap-"))
        if not path.startswith("index/"):
            return True
        project = path.split("/")[1]
        version = name.split("-")[1] if name.endswith(".whl") else None
        return installs and (version is None or pins.get(project, version) == version)

    return wanted
