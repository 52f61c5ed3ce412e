"""Print how long links are, as a table. `--readme` puts it into README.md."""

from __future__ import annotations

import base64
import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / folder) for folder in ("tests", "scripts", "py")]

from link_v2 import encode_program  # noqa: E402
from program import Program  # noqa: E402
from start import LEGACY  # noqa: E402

BEGIN, END = "<!-- bench:links -->", "<!-- /bench:links -->"
README = ROOT / "README.md"

#: The wiki's own is there only where the folder with its links is.
PROGRAMS = {
    "the wiki's chat": LEGACY / "link-1.py",
    "the template, `assistant_chat.py`": ROOT / "py/apps/assistant_chat.py",
    "the page's example": ROOT / "js/default.py",
}


def main() -> int:
    programs = {name: path.read_bytes() for name, path in PROGRAMS.items() if path.exists()}
    by_page = _encode_in_javascript(list(programs.values()))
    rows = [
        "| program | bytes | base64 of the old form | `link` | Share | `link` / base64 |",
        "| --- | ---: | ---: | ---: | ---: | ---: |",
    ]
    for (name, code), page in zip(programs.items(), by_page, strict=True):
        old = len(base64.b64encode(code))
        new = len(encode_program(Program({"app.py": code})))
        rows.append(f"| {name} | {len(code):,} | {old:,} | {new:,} | {page:,} | {new / old:.2f} |")
    table = "\n".join(rows)
    print(table)
    if "--readme" in sys.argv:
        before, _, rest = README.read_text("utf-8").partition(BEGIN)
        _, _, after = rest.partition(END)
        README.write_text(f"{before}{BEGIN}\n{table}\n{END}{after}", "utf-8")
    return 0


def _encode_in_javascript(codes: list[bytes]) -> list[int]:
    """Lengths of what the page's own encoder makes."""
    more = {"entry": "app.py", "requirements": [], "options": {}, "runtime": "gradio-lite-5"}
    files = [{"app.py": base64.b64encode(code).decode()} for code in codes]
    done = subprocess.run(
        ["node", ROOT / "tests/golden/codec_v2.mjs"],
        input=json.dumps({"encode": [{"files": one, **more} for one in files]}).encode(),
        stdout=subprocess.PIPE,
        check=True,
    )
    return [len(link) - len("#") for link in json.loads(done.stdout)["encoded"]]


if __name__ == "__main__":
    sys.exit(main())
