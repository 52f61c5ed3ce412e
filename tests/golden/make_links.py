"""Write links.json: one assistant chat as a link, in each of the three old encodings.

Run it after a change of assistant_chat.py.txt: `python tests/golden/make_links.py`.
The encodings are written out here and not taken from py/playpage_site/links/legacy.py, because the
tests hold that module against these links.
"""

from __future__ import annotations

import base64
import json
from pathlib import Path
from urllib.parse import quote

HERE = Path(__file__).parent
REQUIREMENTS = "openai==1.39.0\n"

#: What stands in the program for each placeholder, by the encoding it is written for.
WORDS: dict[str, dict[str, str]] = {
    "latin-1": {
        "NOTE_FILL_IN": "À compléter : la clé et l'identifiant de l'assistant.",
        "NOTE_INSTALL": "Cette version précise, pour que la page vieillisse bien.",
        "NOTE_TRANSPORT": "Chaque requête passe par le navigateur, sans intermédiaire.",
        "NOTE_FLOW": "question -> fil -> exécution -> réponse",
        "TITLE_TEXT": "Assistant dépanneur",
    },
    "utf-8": {
        "NOTE_FILL_IN": "請在此填入您的金鑰與助理代號。 Сюда ключ и имя помощника.",
        "NOTE_INSTALL": "版本固定,頁面才不會隨時間損壞。",
        "NOTE_TRANSPORT": "所有請求都經由瀏覽器的 fetch 送出 🚀",
        "NOTE_FLOW": "提問 -> 對話串 -> 執行 -> 回答",
        "TITLE_TEXT": "小幫手 Assistant",
    },
    "raw": {
        "NOTE_FILL_IN": "Fill in your key and the id of the assistant.",
        "NOTE_INSTALL": "This exact release, so that the page ages well.",
        "NOTE_TRANSPORT": "Every request leaves through the browser's own fetch.",
        "NOTE_FLOW": "question -> thread -> run -> answer",
        "TITLE_TEXT": "Helpdesk assistant",
    },
}


def program(encoding: str) -> str:
    """The chat program with the words that belong to one encoding."""
    text = (HERE / "assistant_chat.py.txt").read_text(encoding="utf-8")
    for placeholder, words in WORDS[encoding].items():
        if placeholder not in text:
            raise SystemExit(f"assistant_chat.py.txt has no {placeholder}")
        text = text.replace(placeholder, words)
    return text


def share_button(code: str) -> str:
    """Latin-1 base64; only `+` is escaped."""
    encoded = base64.b64encode(code.encode("latin-1")).decode()
    return f"?demo=Blocks_hello&code={encoded.replace('+', '%2B')}"


def docs_generator(code: str) -> str:
    """UTF-8 base64, all of it percent-encoded, with requirements."""
    parts = [base64.b64encode(text.encode()).decode() for text in (code, REQUIREMENTS)]
    return "?demo=chatinterface_simple&code={}&reqs={}".format(*(quote(p, safe="") for p in parts))


def raw_base64(code: str) -> str:
    """Base64 as it comes, `+` and all, its padding lost, and no demo."""
    return f"?code={base64.b64encode(code.encode()).decode().rstrip('=')}"


def content() -> str:
    """What links.json holds; stops when a link does not show what it is there for."""
    links = [
        {"encoding": "latin-1", "code": program("latin-1"), "requirements": []},
        {"encoding": "utf-8", "code": program("utf-8"), "requirements": REQUIREMENTS.split()},
        {"encoding": "raw", "code": program("raw"), "requirements": []},
    ]
    for link, write in zip(links, (share_button, docs_generator, raw_base64), strict=True):
        link["query"] = write(str(link["code"]))
    latin, utf_8, raw = (str(link["query"]) for link in links)
    if "%2B" not in latin or "%2B" not in utf_8 or "+" not in raw:
        raise SystemExit("a link has no +, which is what the encodings disagree about")
    if len(raw.removeprefix("?code=")) % 4 == 0:
        raise SystemExit("the raw link needs no padding: make the program a byte longer")
    whole = {"generated_by": "tests/golden/make_links.py", "links": links}
    return json.dumps(whole, ensure_ascii=False, indent=2) + "\n"


if __name__ == "__main__":
    (HERE / "links.json").write_text(content(), encoding="utf-8")
