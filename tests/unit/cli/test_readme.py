"""What the README shows is what is there."""

from __future__ import annotations

import re

from golden.readme_links import APPS, ROOT, with_links
from playpage_site.links.v2 import decode_program

README = (ROOT / "README.md").read_text("utf-8")


def test_links_are_those_of_the_apps() -> None:
    assert with_links(README) == README, "run python tests/golden/readme_links.py"
    found = re.findall(r"\((http://127\.0\.0\.1:8000/#v2\.([^)]+))\)", README)
    assert len(found) == len(APPS)
    for name, (_, raw) in zip(APPS, found, strict=True):
        code = decode_program(raw).code
        assert code == (ROOT / "py" / "apps" / f"{name}.py").read_text("utf-8")


def test_documents_that_it_names_are_there() -> None:
    for target in re.findall(r"\]\(((?!https?:)[^)#]+)\)", README):
        assert (ROOT / target).exists(), target
