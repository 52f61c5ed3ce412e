"""How the page shows a program: what `embed` asks for in the address, and `link` in the link."""

from __future__ import annotations

import argparse
import re

#: What js/page/embedded.js takes.
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z\d]+)*")


def add_look_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments that say how; `look_of` reads them."""
    parser.add_argument("--theme", choices=("auto", "light", "dark"), default="auto")
    parser.add_argument(
        "--lang",
        type=_language,
        help="language that the page tells browsers and screen readers it is in, such as de",
    )
    parser.add_argument(
        "--no-editor", action="store_true", help="show the app alone, without code and header"
    )


def look_of(options: argparse.Namespace) -> dict[str, str | bool]:
    """What was asked for, as the options of a `Program`; nothing that is so anyway."""
    look: dict[str, str | bool] = {"editor": False} if options.no_editor else {}
    if options.theme != "auto":
        look["theme"] = options.theme
    if options.lang:
        look["lang"] = options.lang
    return look


def _language(text: str) -> str:
    if not _LANGUAGE.fullmatch(text):
        raise argparse.ArgumentTypeError("must be a language tag, such as de or pt-BR")
    return text
