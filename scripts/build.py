"""Build the site, make links and pages: `python3 scripts/build.py --help`."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "py"))

from playpage_site.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
