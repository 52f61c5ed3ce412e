"""What an answer cites: numbers in the text, footnotes below it."""

from __future__ import annotations

from typing import Any

import pytest
from playpage.chat.messages import Answer
from playpage.chat.services.citations import Footnotes
from playpage_site.demo import running_service
from playpage_site.demo.citations import SOURCES
from support.chatting import FAST, Talk, quiet

pytestmark = quiet

HANDBOOK, MINUTES = (f"[{one.title}]({one.url})" for one in SOURCES)


@pytest.mark.parametrize("streams", [True, False])
@pytest.mark.parametrize(
    ("api", "text", "footnotes"),
    [
        (
            "assistants",
            "The seminar is on Tuesdays[1], and the library opens at nine[2].",
            ["handbook.txt", "minutes.txt"],
        ),
        (
            "completions",
            f"The seminar is on Tuesdays ({HANDBOOK}) [1], and the library opens at nine "
            f"({MINUTES}) [2].",
            [HANDBOOK, MINUTES],
        ),
    ],
)
def test_citations_become_footnotes(
    streams: bool, api: str, text: str, footnotes: list[str]
) -> None:
    with running_service(**FAST, streams=streams) as service:
        answer = Talk(service.base_url, api).send("cite")
    assert answer.problem == ""
    assert answer.text == text
    assert answer.footnotes == footnotes


@pytest.mark.parametrize("streams", [True, False])
def test_a_response_cites_files_and_addresses(streams: bool) -> None:
    with running_service(**FAST, streams=streams) as service:
        answer = Talk(service.base_url, "responses").send("cite")
    assert answer.problem == ""
    # A file is cited before the link to its address, and that after it.
    assert answer.text == (
        f"The seminar is on Tuesdays [1] ({HANDBOOK}) [2], "
        f"and the library opens at nine [3] ({MINUTES}) [4]."
    )
    assert answer.footnotes == ["handbook.txt", HANDBOOK, "minutes.txt", MINUTES]


def test_no_mark_is_ever_shown_with_its_footnote_known() -> None:
    with running_service(**FAST) as service:
        talk = Talk(service.base_url)
        talk.send("cite")
    assert talk.shown
    assert not any("†" in text for text in talk.shown)


def test_a_file_without_a_name_to_be_had_is_its_id() -> None:
    with running_service(**FAST) as service:
        service.store.files.clear()
        talk = Talk(service.base_url)

        class Forgetful(dict[str, Any]):
            def __contains__(self, key: object) -> bool:
                return False

        service.store.files = Forgetful()
        answer = talk.send("cite")
    assert answer.problem == ""
    assert len(answer.footnotes) == 2
    assert all(one.startswith("file") for one in answer.footnotes)


def cited(text: str, *annotations: dict[str, Any]) -> tuple[str, list[str]]:
    answer = Answer()
    return Footnotes(answer).cite(text, annotations), answer.footnotes


def web(place: int, url: str, title: str = "") -> dict[str, Any]:
    return {
        "type": "url_citation",
        "start_index": 0,
        "end_index": place,
        "url": url,
        "title": title,
    }


def test_a_source_that_is_cited_twice_has_one_number() -> None:
    text, footnotes = cited("One. Two. Three.", web(4, "u"), web(9, "v"), web(16, "u"))
    assert text == "One. [1] Two. [2] Three. [1]"
    assert footnotes == ["[u](u)", "[v](v)"]


def test_two_sources_at_one_place() -> None:
    assert cited("One.", web(4, "u", "U"), web(4, "v")) == ("One. [1] [2]", ["[U](u)", "[v](v)"])


def test_a_place_beyond_the_text_is_its_end() -> None:
    assert cited("One.", web(99, "u"))[0] == "One. [1]"


def test_an_annotation_of_an_unknown_kind_is_left_out() -> None:
    assert cited("One.", {"type": "mood", "mood": "blue", "index": 2}) == ("One.", [])


def test_citing_again_as_the_text_grows_gives_the_same_numbers() -> None:
    answer = Answer()
    footnotes = Footnotes(answer)
    mark = {"type": "file_citation", "text": "【1†a】", "file_citation": {"file_id": "file_1"}}
    assert footnotes.cite("One【1†a】", [mark]) == "One[1]"
    assert footnotes.cite("One【1†a】 more", [mark]) == "One[1] more"
    assert answer.footnotes == ["file_1"]
    footnotes.name_file("file_1", "a.txt")
    assert footnotes.cite("One【1†a】 more.", [mark]) == "One[1] more."
    assert answer.footnotes == ["a.txt"]


def test_a_link_to_a_file_that_the_assistant_made_keeps_its_words() -> None:
    answer = Answer()
    footnotes = Footnotes(answer)
    path = "sandbox:/mnt/data/plot.csv"
    made = {"type": "file_path", "text": path, "file_path": {"file_id": "file_9"}}
    assert footnotes.cite(f"Here: [the table]({path}).", [made]) == "Here: the table."
    assert footnotes.paths == ["file_9"]
    assert answer.footnotes == []
