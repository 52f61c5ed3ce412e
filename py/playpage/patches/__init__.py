"""The seams: every place where playpage reaches into what a third party does not promise.

One file per third party. Its docstring says, for each seam, what is wrong upstream, where the
chokepoint is, and why the replacement is equivalent; its `SEAMS` names them as data. Nothing
here decides anything: the runtime passes in what is to happen.

How a moved seam is noticed:

- `py/seams.lock.toml` has the hash of each seam's source; `tests/unit/seams/` compares it with
  the locked packages, and `scripts/lock.py --seams` writes it.
- `seam.replace` and `seam.assign` raise `SeamMoved` when what they find is something else.
- The build's warm-up calls `check.check_all`, so a build stops, not a reader's page.

This package imports nothing of ours, and third parties only inside its functions, so that any
Python can read `SEAMS`.
"""
