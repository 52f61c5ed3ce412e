"""The links and programs of the wiki page that this began with, where they are at hand."""

from __future__ import annotations

import os
from pathlib import Path

from playpage_site.common import ROOT

#: PLAYPAGE_LEGACY names the folder where it lies elsewhere. Tests of what is in it are skipped
#: where it is not; the project's own samples of the same kind are in tests/golden.
LEGACY = Path(os.environ.get("PLAYPAGE_LEGACY", ROOT.parent / "shared" / "legacy"))
