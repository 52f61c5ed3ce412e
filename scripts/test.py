"""`npm test`, `npm run lint` and `npm run bench`."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "py"))

from playpage_site.dev.suite import main

if __name__ == "__main__":
    sys.exit(main())
