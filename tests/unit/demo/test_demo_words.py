"""Citations, pictures, broken streams and more that words bring about, in all three APIs."""

from __future__ import annotations

import struct
import zlib
from typing import Any

import pytest
from openai import APIConnectionError, BadRequestError, OpenAI
from playpage_site.demo import ASSISTANT_ID
from playpage_site.demo.pictures import markdown_picture
from servers.schema import Contract
from servers.sdk import newest_text, thread_with

pytestmark = [
    pytest.mark.filterwarnings("ignore:The Assistants API is deprecated:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:deprecated:DeprecationWarning"),
]

LINKS = ["https://example.org/handbook", "https://example.org/minutes"]


def streamed(client: OpenAI, words: str) -> Any:
    """The assistant's message as the SDK makes it from the deltas of a stream."""
    with client.beta.threads.runs.stream(
        thread_id=thread_with(client, words), assistant_id=ASSISTANT_ID
    ) as stream:
        (message,) = stream.get_final_messages()
    return message


def polled(client: OpenAI, words: str) -> Any:
    thread_id = thread_with(client, words)
    client.beta.threads.runs.create_and_poll(thread_id=thread_id, assistant_id=ASSISTANT_ID)
    return client.beta.threads.messages.list(thread_id).data[0]


def chat(client: OpenAI, words: str, stream: bool = False) -> Any:
    messages: list[Any] = [{"role": "user", "content": words}]
    return client.chat.completions.create(model="demo", messages=messages, stream=stream)


def respond(client: OpenAI, words: str, stream: bool = False) -> Any:
    return client.responses.create(model="demo", input=words, stream=stream)


def said(client: OpenAI, words: str) -> list[str]:
    """The answer in each of the APIs, plain and streamed."""
    chunks = chat(client, words, stream=True)
    events = respond(client, words, stream=True)
    return [
        "".join(part.text.value for part in polled(client, words).content if part.type == "text"),
        "".join(part.text.value for part in streamed(client, words).content if part.type == "text"),
        chat(client, words).choices[0].message.content,
        "".join(chunk.choices[0].delta.content or "" for chunk in chunks),
        respond(client, words).output_text,
        "".join(event.delta for event in events if event.type == "response.output_text.delta"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "hello, weather in Paris",
        "  שלום  <b>עולם</b>\n\n- א 【4:0†source】 【x",
        "a【4:0†source】 ",
    ],
)
def test_say_repeats_to_the_letter(client: OpenAI, text: str) -> None:
    assert said(client, f"say {text}") == [text] * 6


def test_nothing_that_is_said_is_a_citation(client: OpenAI) -> None:
    assert streamed(client, "say 【4:0†source】").content[0].text.annotations == []


def test_html_is_hostile(client: OpenAI) -> None:
    answers = said(client, "html")
    assert len(set(answers)) == 1
    for markup in ("<script>", "onerror=", "](javascript:", "<iframe", "<style>"):
        assert markup in answers[0]


@pytest.mark.parametrize("ask", [polled, streamed])
def test_citations_of_files(client: OpenAI, ask: Any) -> None:
    (part,) = ask(client, "cite").content
    notes = part.text.annotations
    assert [note.text for note in notes] == ["【4:0†source】", "【4:1†source】"]
    for note in notes:
        assert part.text.value[note.start_index : note.end_index] == note.text
    names = [client.files.retrieve(note.file_citation.file_id).filename for note in notes]
    assert names == ["handbook.txt", "minutes.txt"]
    content = client.files.content(notes[0].file_citation.file_id).content
    assert content == b"The seminar is on Tuesdays at ten."


def test_citations_come_in_their_own_deltas(client: OpenAI) -> None:
    events = client.beta.threads.runs.create(
        thread_id=thread_with(client, "cite"), assistant_id=ASSISTANT_ID, stream=True
    )
    parts: list[Any] = [
        part
        for event in events
        if event.event == "thread.message.delta"
        for part in event.data.delta.content or []
    ]
    cited = [part for part in parts if part.text.annotations]
    assert [part.text.value for part in cited] == ["【4:0†source】", "【4:1†source】"]
    assert [part.text.annotations[0].index for part in cited] == [0, 1]


def test_citations_of_addresses(client: OpenAI) -> None:
    message = chat(client, "cite").choices[0].message
    deltas = [chunk.choices[0].delta for chunk in chat(client, "cite", stream=True)]
    text = "".join(delta.content or "" for delta in deltas)
    assert text == message.content
    found = [one for delta in deltas for one in getattr(delta, "annotations", [])]
    assert [one["url_citation"] for one in found] == [
        note.url_citation.to_dict() for note in message.annotations
    ]
    notes = [note.url_citation for note in message.annotations]
    assert [note.url for note in notes] == LINKS
    for note in notes:
        linked = text[note.start_index : note.end_index]
        assert linked == f"([{note.title}]({note.url}))"


def test_citations_of_both(client: OpenAI) -> None:
    events = list(respond(client, "cite", stream=True))
    added: list[Any] = [
        event.annotation
        for event in events
        if event.type == "response.output_text.annotation.added"
    ]
    part: Any = events[-1].response.output[0].content[0]
    final = [note.to_dict() for note in part.annotations]
    assert [dict(note) for note in added] == final
    addresses = [note for note in final if note["type"] == "url_citation"]
    assert [note["url"] for note in addresses] == LINKS
    for note in addresses:
        linked = part.text[note["start_index"] : note["end_index"]]
        assert linked == f"([{note['title']}]({note['url']}))"
    files = [note for note in final if note["type"] == "file_citation"]
    assert [client.files.retrieve(note["file_id"]).filename for note in files] == [
        note["filename"] for note in files
    ]
    contract = Contract()
    for event in events:
        schema = {"$ref": "#/components/schemas/ResponseStreamEvent"}
        if event.type == "response.output_text.annotation.added":
            schema = {"$ref": "#/components/schemas/ResponseOutputTextAnnotationAddedEvent"}
            assert list(contract.value_problems(event.to_dict(), schema, "event")) == []


@pytest.mark.parametrize("ask", [polled, streamed])
def test_a_drawn_picture_is_a_file(client: OpenAI, ask: Any) -> None:
    image, text = ask(client, "draw a square").content
    assert text.text.value
    file = client.files.retrieve(image.image_file.file_id)
    assert (file.filename, file.purpose) == ("drawing.png", "assistants_output")
    answer = client.files.content(file.id)
    assert answer.response.headers["content-type"] == "image/png"
    assert_png(answer.content)


def assert_png(content: bytes) -> None:
    """Chunk by chunk, with its checksums, and as many pixels as it says."""
    assert content.startswith(b"\x89PNG\r\n\x1a\n")
    place, chunks = 8, {}
    while place < len(content):
        (size,) = struct.unpack_from(">I", content, place)
        body = content[place + 4 : place + 8 + size]
        assert struct.unpack_from(">I", content, place + 8 + size) == (zlib.crc32(body),)
        chunks[body[:4]] = body[4:]
        place += 12 + size
    assert list(chunks) == [b"IHDR", b"IDAT", b"IEND"]
    width, height = struct.unpack_from(">II", chunks[b"IHDR"])
    assert len(zlib.decompress(chunks[b"IDAT"])) == height * (1 + 3 * width)


def test_a_drawn_picture_in_markdown(client: OpenAI) -> None:
    with_file, streamed_with_file, *others = said(client, "draw")
    assert "![" not in with_file + streamed_with_file
    assert others == [with_file + markdown_picture()] * 4


def received(stream: Any) -> list[Any]:
    """The events of a stream up to the place where it breaks off, as it must."""
    events: list[Any] = []
    with pytest.raises(APIConnectionError):
        events.extend(stream)
    return events


def test_a_stream_that_breaks_off(client: OpenAI) -> None:
    words = "cut this answer, please"
    thread_id = thread_with(client, words)
    runs = client.beta.threads.runs
    events = received(runs.create(thread_id=thread_id, assistant_id=ASSISTANT_ID, stream=True))
    deltas = [event.data.delta for event in events if event.event == "thread.message.delta"]
    begun = "".join(delta.content[0].text.value for delta in deltas)
    assert len(deltas) == 3
    run_id = runs.list(thread_id).data[0].id
    assert runs.poll(run_id, thread_id=thread_id).status == "completed"
    assert newest_text(client, thread_id).startswith(begun)
    chunks = received(chat(client, words, stream=True))
    assert "".join(chunk.choices[0].delta.content for chunk in chunks) == begun
    events = received(respond(client, words, stream=True))
    texts = [event.delta for event in events if event.type == "response.output_text.delta"]
    assert "".join(texts) == begun
    assert words in chat(client, words).choices[0].message.content
    assert words in respond(client, words).output_text


def test_an_active_run_holds_its_thread(client: OpenAI) -> None:
    thread_id = thread_with(client, "active")
    runs = client.beta.threads.runs
    events = runs.create(thread_id=thread_id, assistant_id=ASSISTANT_ID, stream=True)
    first: Any = next(iter(events))
    events.close()
    with pytest.raises(BadRequestError, match=r"while a run .* is active"):
        client.beta.threads.messages.create(thread_id, role="user", content="hello")
    with pytest.raises(BadRequestError, match="already has an active run"):
        runs.create(thread_id=thread_id, assistant_id=ASSISTANT_ID)
    assert runs.cancel(first.data.id, thread_id=thread_id).status == "cancelling"
    with pytest.raises(BadRequestError, match="already has an active run"):
        runs.create(thread_id=thread_id, assistant_id=ASSISTANT_ID)
    assert runs.poll(first.data.id, thread_id=thread_id).status == "cancelled"
    again = runs.create_and_poll(thread_id=thread_id, assistant_id=ASSISTANT_ID)
    assert again.status == "completed"


def test_attachments_are_named(client: OpenAI) -> None:
    uploaded = client.files.create(file=("plan.txt", b"plan"), purpose="assistants")
    attached: list[Any] = [{"file_id": uploaded.id, "tools": [{"type": "file_search"}]}]
    thread = client.beta.threads.create(
        messages=[{"role": "user", "content": "read it", "attachments": attached}]
    )
    client.beta.threads.runs.create_and_poll(thread_id=thread.id, assistant_id=ASSISTANT_ID)
    assert "I received 1 file: plan.txt (4 bytes)." in newest_text(client, thread.id)
