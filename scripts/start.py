"""`npm start`: build the site, serve it beside a demo service, and print links to open."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "py"))

from playpage_site.dev.start import main

if __name__ == "__main__":
    sys.exit(main())
