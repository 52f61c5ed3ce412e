"""Each seam is in the locked packages as it was when its patch was written.

The second half is the proof that the check sees a moved seam: it moves each in a copy.
"""

from __future__ import annotations

import ast
import re

import pytest
from playpage.patches.gradio import SECRETS
from playpage.patches.seam import Seam
from playpage_site.dev import seams
from playpage_site.dev.sources import Sources, find, locked_sources, secrets_of, tree_hash

SEAMS = seams.seams()
APP = next(seam for seam in SEAMS if seam.secrets)


@pytest.fixture(scope="module")
def sources() -> Sources:
    return locked_sources()


@pytest.fixture(scope="module")
def locked() -> dict[str, seams.LockedSeam]:
    return seams.read_lock()


@pytest.mark.parametrize("seam", SEAMS, ids=lambda seam: seam.name)
def test_seam_is_as_it_was_read(
    seam: Seam, sources: Sources, locked: dict[str, seams.LockedSeam]
) -> None:
    assert seams.problems([seam], locked, sources) == []


def test_lock_has_no_other_seam_and_names_the_locked_versions(
    sources: Sources, locked: dict[str, seams.LockedSeam]
) -> None:
    assert list(locked) == [seam.name for seam in SEAMS]
    assert {name: sources.read_in(name) for name in locked} == {
        name: seam.read_in for name, seam in locked.items()
    }


def moved(sources: Sources, name: str) -> Sources:
    """The sources with the last part of this name renamed in its module, wherever it stands."""
    module, parts = sources.split(name)
    text, count = re.subn(rf"\b{parts[-1]}\b", "somewhere_else", sources.text(module))
    assert count
    return sources.changed(module, text)


@pytest.mark.parametrize("seam", SEAMS, ids=lambda seam: seam.name)
def test_renamed_seam_is_named(
    seam: Seam, sources: Sources, locked: dict[str, seams.LockedSeam]
) -> None:
    project, _, rest = seam.name.partition(".")
    (problem,) = seams.problems([seam], locked, moved(sources, seam.name))
    assert problem.startswith(f"{project} no longer has {rest}: read it again, then run ")


NEEDS = [(seam, need) for seam in SEAMS for need in seam.needs]


@pytest.mark.parametrize(
    ("seam", "need"), NEEDS, ids=lambda value: str(getattr(value, "name", value))
)
def test_renamed_attribute_is_named_with_its_seam(
    seam: Seam, need: str, sources: Sources, locked: dict[str, seams.LockedSeam]
) -> None:
    complete = need if "." in need else f"{sources.owner(seam.name)}.{need}"
    changed = moved(sources, complete)
    (problem,) = seams.problems([seam], locked, changed)
    project, _, rest = seam.name.partition(".")
    assert f"{project} no longer has {complete}, which {rest} needs" in problem


@pytest.mark.parametrize("seam", SEAMS, ids=lambda seam: seam.name)
def test_seam_that_does_something_else_is_named(
    seam: Seam, sources: Sources, locked: dict[str, seams.LockedSeam]
) -> None:
    """One that differs in its tree alone: another seam's hash is in the lock."""
    entry = locked[seam.name]
    other = seams.LockedSeam(entry.name, entry.read_in, "0" * 64, entry.needs, entry.secrets)
    project, _, rest = seam.name.partition(".")
    (problem,) = seams.problems([seam], {seam.name: other}, sources)
    assert problem == (
        f"{project} changed {rest}: read it again, then run `scripts/lock.py --seams`"
    )
    (problem,) = seams.problems([seam], {}, sources)
    assert problem == f"{seam.name} is not locked: run `scripts/lock.py --seams`"


def test_changed_line_is_seen_and_a_comment_is_not(
    sources: Sources, locked: dict[str, seams.LockedSeam]
) -> None:
    (seam,) = (seam for seam in SEAMS if seam.name == "gradio.queueing.Queue.process_events")
    text = sources.text("gradio.queueing")
    commented = text.replace("success = False", "success = False  # not yet")
    assert commented != text
    assert not seams.problems([seam], locked, sources.changed("gradio.queueing", commented))
    negated = text.replace("success = False", "success = True")
    (problem,) = seams.problems([seam], locked, sources.changed("gradio.queueing", negated))
    assert problem.startswith("gradio changed queueing.Queue.process_events: read it again")


def with_fourth_secret(sources: Sources) -> Sources:
    line = "        self.cookie_id = secrets.token_urlsafe(32)\n"
    text = sources.text("gradio.routes")
    assert text.count(line) == 1
    fourth = "        self.fourth_key: bytes = os.urandom(16)\n"
    return sources.changed("gradio.routes", text.replace(line, line + fourth))


def test_fourth_secret_is_named_even_when_it_was_locked(
    sources: Sources, locked: dict[str, seams.LockedSeam]
) -> None:
    """Only a patch that renews it is right: each reader of a snapshot would have the same."""
    changed = with_fourth_secret(sources)
    for lock in (locked, {APP.name: seams.describe(APP, changed)}):
        (problem,) = seams.problems([APP], lock, changed)
        assert problem.startswith(
            "gradio changed routes.App.__init__: its secrets are analytics_key, cookie_id, "
            "fourth_key, queue_token and the patch renews analytics_key, cookie_id, queue_token"
        )


def test_secrets_are_renewed_as_they_are_drawn(
    sources: Sources, locked: dict[str, seams.LockedSeam]
) -> None:
    definitions = find(APP.name, sources)
    assert secrets_of(definitions) == set(SECRETS) == set(locked[APP.name].secrets)
    text = sources.text("gradio.routes")
    for name, size_bytes in SECRETS.items():
        assert f"self.{name} = secrets.token_urlsafe({size_bytes})" in text


def test_hash_does_not_depend_on_docstrings_and_positions() -> None:
    def hashed(text: str) -> str:
        return tree_hash(ast.parse(text).body)

    plain = hashed("def f(x=None):\n    return [None, x]\n")
    assert hashed('# Hi.\n\ndef f(x=None):\n    """Doc."""\n    return [None,\n x]\n') == plain
    assert hashed("def f(x=None):\n    return [0, x]\n") != plain
    assert hashed("def f(x=0):\n    return [None, x]\n") != plain
    # Written down: every version of Python gets this one.
    assert plain == "5b6e5a42accfe26ce29865455dc539b92c01c9226e7de24e7e435b8631a27120"
