"""The chat's languages: complete, and the one that the reader expects."""

from __future__ import annotations

import string
from importlib import import_module
from pathlib import Path

import pytest
from playpage.chat import languages
from playpage.chat.languages import Words, words
from playpage.chat.languages.en import WORDS as ENGLISH
from playpage.chat.languages.zh_hant import WORDS as CHINESE

FILES = sorted(
    path.stem for path in Path(languages.__file__).parent.glob("*.py") if path.stem != "__init__"
)


def blanks(text: str) -> list[str]:
    return sorted(name for _, name, _, _ in string.Formatter().parse(text) if name is not None)


def test_there_are_two_languages() -> None:
    assert {"en", "zh_hant"} <= set(FILES)


@pytest.mark.parametrize("name", FILES)
def test_a_language_has_every_sentence_with_the_same_blanks(name: str) -> None:
    found = import_module(f"playpage.chat.languages.{name}").WORDS
    assert found.keys() == ENGLISH.keys()
    assert {key: blanks(said) for key, said in found.items()} == {
        key: blanks(said) for key, said in ENGLISH.items()
    }
    assert all(said.strip() for said in found.values())


def test_chinese_is_chinese() -> None:
    plain = [
        key
        for key, said in CHINESE.items()
        if not any("\u4e00" <= letter <= "\u9fff" for letter in said)
    ]
    assert plain == []
    assert [key for key in CHINESE if CHINESE[key] == ENGLISH[key]] == []


@pytest.mark.parametrize(
    ("tag", "language"),
    [
        ("zh_TW.UTF-8", CHINESE),
        ("zh-TW", CHINESE),
        ("zh-Hant", CHINESE),
        ("zh-Hant-TW", CHINESE),
        ("zh-HK", CHINESE),
        ("zh-Hant-HK", CHINESE),
        ("zh-MO", CHINESE),
        ("ZH-tw", CHINESE),
        ("zh_CN", ENGLISH),
        ("zh-Hans", ENGLISH),
        ("zh-Hans-HK", ENGLISH),
        ("zh", ENGLISH),
        ("en-GB", ENGLISH),
        ("en_US.UTF-8", ENGLISH),
        ("de_DE.UTF-8", ENGLISH),
        ("de", ENGLISH),
        ("C", ENGLISH),
        ("C.UTF-8", ENGLISH),
        ("POSIX", ENGLISH),
        ("ca_ES.UTF-8@valencia", ENGLISH),
        ("../en", ENGLISH),
        ("1", ENGLISH),
        ("class", ENGLISH),
        ("", None),
    ],
)
def test_the_nearest_language_is_taken(
    tag: str, language: dict[str, str] | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANG", "zh_TW.UTF-8")
    assert dict(words(tag)) == (CHINESE if language is None else language)
    if tag:
        monkeypatch.setenv("LANG", tag)
        assert dict(words()) == language


def test_without_any_language_it_is_english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LANG", raising=False)
    monkeypatch.setattr("locale.getlocale", lambda: (None, None))
    assert dict(words()) == ENGLISH


def test_a_sentence_that_a_language_lacks_is_english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(CHINESE, "stop")
    found = words("zh-TW")
    assert found["stop"] == ENGLISH["stop"]
    assert found["send"] == CHINESE["send"]


def test_the_tag_names_what_is_shown() -> None:
    assert words("zh_TW.UTF-8").tag == "zh-hant"
    assert words("en-GB").tag == "en"


@pytest.mark.parametrize(
    ("tag", "is_right_to_left"),
    [
        ("ar", True),
        ("ar-EG", True),
        ("he", True),
        ("fa_IR.UTF-8", True),
        ("en", False),
        ("zh-TW", False),
    ],
)
def test_the_direction_is_the_readers(tag: str, is_right_to_left: bool) -> None:
    assert words(tag).is_right_to_left is is_right_to_left


def test_a_sentence_takes_its_blanks() -> None:
    one = Words("en", {"hello": "Hello {name}."})
    assert one.sentence("hello", name="{Ada}") == "Hello {Ada}."
    with pytest.raises(KeyError):
        one.sentence("nothing")
