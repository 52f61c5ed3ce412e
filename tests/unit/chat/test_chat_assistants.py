"""The chat's engine over the Assistants API: runs, threads, Stop, files."""

from __future__ import annotations

import asyncio
import itertools
import re
import struct
import zlib
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from openai import OpenAI
from playpage.chat.assistants import MAX_ROUNDS, Assistants
from playpage.chat.messages import Text
from playpage_site.demo import ASSISTANT_ID, DEMO_KEY, Service, running_service
from playpage_site.demo.script import PLANS, Plan, ToolCall
from servers.spoil import Events, Spoiler
from support.chatting import FAST, HELLO, Talk, emptied, files, quiet, requests, steps

pytestmark = quiet


@pytest.fixture(scope="module")
def shared() -> Iterator[Service]:
    with running_service(**FAST) as service:
        yield service


@pytest.fixture
def service(shared: Service) -> Service:
    return emptied(shared)


@pytest.fixture
def talk(service: Service) -> Talk:
    return Talk(service.base_url)


@pytest.fixture(
    scope="module", params=[True, False, "refused"], ids=["streamed", "plain", "refused"]
)
def any_shared(request: pytest.FixtureRequest) -> Iterator[Service]:
    with running_service(**FAST, streams=request.param) as service:
        yield service


@pytest.fixture
def any_service(any_shared: Service) -> Service:
    return emptied(any_shared)


# Runs


def test_words_are_shown_as_they_come(talk: Talk, service: Service) -> None:
    answer = talk.send("long 40")
    assert answer.text == " ".join(f"word{n}" for n in range(1, 41))
    assert answer.problem == ""
    growing = list(dict.fromkeys(talk.shown))
    assert len(growing) > 20
    assert all(later.startswith(earlier) for earlier, later in itertools.pairwise(growing))
    (run,) = requests(service, "POST", "/runs")
    assert run.body["stream"] is True
    assert not requests(service, "GET", "/messages"), "all of it was in the stream"


@pytest.mark.parametrize(
    ("streams", "asked"), [(False, [True, None]), ("refused", [True, None, None])]
)
def test_that_a_service_does_not_stream_is_found_out_once(streams: Any, asked: list[Any]) -> None:
    with running_service(**FAST, streams=streams) as service:
        talk = Talk(service.base_url)
        for _ in range(2):
            answer = talk.send("hello")
            assert (answer.text, answer.problem) == (HELLO, "")
        runs = requests(service, "POST", "/runs")
        assert [run.body.get("stream") for run in runs] == asked
        assert talk.streams.known is False
        assert len(requests(service, "POST", "/messages")) == 1, "each message is sent once"


def test_a_conversation_is_one_thread(any_service: Service) -> None:
    talk = Talk(any_service.base_url)
    talk.send("my name is Ada")
    answer = talk.send("and what is my name?")
    assert "turn 2" in answer.text
    assert "“my name is Ada”" in answer.text
    assert len(requests(any_service, "POST", "/threads")) == 1
    assert any_service.open_threads == [talk.memory]


def test_tools_run_side_by_side_and_in_rounds(any_service: Service) -> None:
    talk = Talk(any_service.base_url)
    answer = talk.send("weather in Paris and Rome then Oslo")
    assert answer.problem == ""
    for place in ("Paris", "Rome", "Oslo"):
        assert f"In {place} it is" in answer.text
    assert [step.name for step in steps(answer)] == ["get_weather"] * 3
    assert [step.failed for step in steps(answer)] == [False] * 3
    assert all(step.output and step.seconds is not None for step in steps(answer))
    submits = requests(any_service, "POST", "/submit_tool_outputs")
    assert [len(one.body["tool_outputs"]) for one in submits] == [2, 1]
    calls = requests(any_service, "POST", "/pluginapi")
    assert {one.query for one in calls} == {f"tid={talk.memory}&aid={ASSISTANT_ID}&pid=get_weather"}
    assert isinstance(answer.parts[-1], Text), "the words come below the steps"


def test_tools_of_one_round_run_at_once(service: Service) -> None:
    """Each waits for the other, which nobody who comes alone gets past."""
    both: list[asyncio.Event] = []

    async def get_weather(location: str) -> str:
        here = asyncio.Event()
        both.append(here)
        if len(both) == 2:
            for one in both:
                one.set()
        await asyncio.wait_for(here.wait(), 5)
        return f"fine in {location}"

    answer = Talk(service.base_url, functions=[get_weather]).send("weather in Paris and Rome")
    assert [step.output for step in steps(answer)] == ["fine in Paris", "fine in Rome"]


@pytest.mark.parametrize(
    ("words", "problem", "text"),
    [
        ("fail", "could not answer (Sorry, something went wrong.)", ""),
        ("overload", "no capacity left (You exceeded your current quota.)", ""),
        ("expire", "took too long, and the service gave up", ""),
        ("withdraw", "The service stopped this answer", ""),
        ("incomplete answers are kept", "cut at the length the service allows", "You"),
    ],
)
def test_every_end_of_a_run_is_a_sentence(
    any_service: Service, words: str, problem: str, text: str
) -> None:
    talk = Talk(any_service.base_url)
    answer = talk.send(words)
    assert problem in answer.problem
    assert answer.text.startswith(text)
    assert bool(answer.text) == bool(text)
    assert talk.send("hello").text == HELLO, "the conversation goes on"


@pytest.mark.parametrize(
    ("reason", "problem"),
    [
        ("content_filter", "The service held back the rest"),
        ("max_prompt_tokens", "cut at the length"),
        ("a full moon", "not complete (a full moon)"),
        (None, "not complete"),
    ],
)
def test_every_reason_for_an_incomplete_run(reason: str | None, problem: str) -> None:
    def spoil(value: Any) -> Any:
        if value.get("object") == "thread.run" and value["status"] == "incomplete":
            value["incomplete_details"] = {"reason": reason} if reason else None
        return value

    with running_service(**FAST, streams=False, wrap=Spoiler.of_json(spoil)) as service:
        answer = Talk(service.base_url).send("incomplete")
    assert problem in answer.problem
    assert answer.text == "You"


def test_tool_calls_without_end_are_ended(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    again = (ToolCall("say_text", "{}"),)
    monkeypatch.setitem(PLANS, "forever", Plan(rounds=(again,) * (MAX_ROUNDS + 5)))
    answer = Talk(service.base_url).send("forever")
    assert "called tools again and again" in answer.problem
    assert len(steps(answer)) == MAX_ROUNDS
    assert service.open_threads == [], "nor does the run wait on at the service"


def test_the_instructions_have_the_readers_time_and_zone(talk: Talk, service: Service) -> None:
    talk.options["instructions"] = "Speak of tea only."
    said = talk.send("instructions").text
    (run,) = requests(service, "POST", "/runs")
    assert "Speak of tea only." in run.body["additional_instructions"]
    assert run.body["additional_instructions"].strip() in said
    found = re.search(r"time is: ([\d-]+ [\d:]+) \((.+), UTC([+-]\d\d:\d\d)\), (\w+)\.", said)
    assert found
    told = datetime.fromisoformat(f"{found[1]}{found[3]}")
    now = datetime.now().astimezone()
    assert abs((now - told).total_seconds()) < 60
    assert told.utcoffset() == now.utcoffset()
    assert (found[2], found[4]) == (now.tzname(), f"{told:%A}")


# A run in the way


def occupy(service: Service, thread_id: str, words: str) -> str:
    """Another tab sends a message on the thread; the id of its run."""
    with OpenAI(base_url=service.base_url, api_key=DEMO_KEY) as client:
        client.beta.threads.messages.create(thread_id, role="user", content=words)
        return client.beta.threads.runs.create(thread_id, assistant_id=ASSISTANT_ID).id


@pytest.mark.parametrize("words", ["active", "weather in Paris"])
@pytest.mark.parametrize("bare", [False, True])
def test_an_active_run_is_ended_and_the_message_sent(words: str, bare: bool) -> None:
    with running_service(**FAST, bare_errors=bare) as service:
        talk = Talk(service.base_url)
        talk.send("hello")
        thread_id = talk.memory
        active = occupy(service, thread_id, words)
        answer = talk.send("hello again")
        assert (answer.text, answer.problem) == (HELLO, "")
        assert talk.memory == thread_id
        assert service.store.threads[thread_id].runs[active].obj["status"] == "cancelled"


def test_a_run_that_is_active_between_message_and_run_is_ended(
    talk: Talk, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another tab was quicker by a moment."""
    talk.send("hello")
    others: list[str] = []
    ask = Assistants._ask

    async def ask_too_late(assistants: Assistants, conversation: Any) -> str:
        thread_id = await ask(assistants, conversation)
        run = await assistants.runs.create(thread_id, assistant_id=ASSISTANT_ID)
        others.append(run.id)
        return thread_id

    monkeypatch.setattr(Assistants, "_ask", ask_too_late)
    answer = talk.send("slow, hello")
    assert (answer.text, answer.problem) == (HELLO, "")
    (run_id,) = others
    assert service.store.threads[talk.memory].runs[run_id].obj["status"] == "cancelled"


def test_a_run_that_will_not_end_is_said(talk: Talk, service: Service) -> None:
    talk.send("hello")
    talk.streams.known = False
    stuck = "Thread thread_1 already has an active run."

    def refuse(value: Any) -> Any:
        return {"error": {"message": stuck}} if value.get("object") == "thread.message" else value

    def wrap(app: Any) -> Any:
        async def stuck_app(scope: Any, receive: Any, send: Any) -> None:
            is_message = scope["type"] == "http" and scope["path"].endswith("/messages")
            spoiled = Spoiler(app, json=refuse, statuses={200: 400} if is_message else {})
            await spoiled(scope, receive, send)

        return stuck_app

    with running_service(**FAST, wrap=wrap) as other:
        other.store.threads.update(service.store.threads)
        talk.base_url = other.base_url
        assert "still busy with the last message" in talk.send("hello?").problem


# Stop


def test_stop_while_words_come() -> None:
    with running_service(**{**FAST, "piece_s": 0.02}) as service:
        talk = Talk(service.base_url)
        answer = talk.send_and_stop("long 500", lambda answer: "word3" in answer.text)
        assert answer.problem == "Stopped."
        assert answer.text.startswith("word1 word2 word3")
        assert "word400" not in answer.text
        assert [one.status for one in requests(service, "POST", "/cancel")] == [200]
        (stream,) = requests(service, "POST", "/runs")
        assert not stream.finished
        assert service.open_threads == []
        kept = answer.text
        assert talk.send("and on").text.startswith("You said: “and on”. This is turn 2")
        with_it = requests(service, "POST", "/threads")[-1].body["messages"]
        assert [one["content"] for one in with_it] == ["long 500", kept, "and on"]


def test_stop_while_the_run_is_polled() -> None:
    with running_service(**FAST, streams=False) as service:
        talk = Talk(service.base_url)

        def polled(answer: Any) -> bool:
            return any(r.method == "GET" and "/runs/" in r.path for r in service.log)

        answer = talk.send_and_stop("slow", polled)
        assert (answer.problem, answer.text) == ("Stopped.", "")
        assert [one.status for one in requests(service, "POST", "/cancel")] == [200]
        assert talk.send("hello").text == HELLO


def test_stop_while_a_tool_runs(service: Service) -> None:
    ended: list[str] = []

    async def get_weather(location: str) -> str:
        try:
            await asyncio.sleep(30)
        finally:
            ended.append(location)
        return "never"

    talk = Talk(service.base_url, functions=[get_weather])
    answer = talk.send_and_stop("weather in Paris", lambda answer: bool(steps(answer)))
    assert answer.problem == "Stopped."
    (step,) = steps(answer)
    assert (step.output, step.failed) == ("Stopped.", True)
    assert ended == ["Paris"]
    assert [one.status for one in requests(service, "POST", "/cancel")] == [200]
    assert talk.send("hello").text == HELLO


def test_stop_after_the_tools_before_the_first_word(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = (ToolCall("say_text", "{}"),)
    monkeypatch.setitem(PLANS, "ponder", Plan(rounds=(calls,), slow=True))
    talk = Talk(service.base_url)

    def handed_in(answer: Any) -> bool:
        return bool(requests(service, "POST", "/submit_tool_outputs"))

    answer = talk.send_and_stop("ponder", handed_in)
    assert answer.problem == "Stopped."
    assert [one.status for one in requests(service, "POST", "/cancel")] == [200]


def test_stop_before_the_service_has_answered(talk: Talk, service: Service) -> None:
    answer = talk.send_and_stop("stall", lambda _: bool(requests(service, "POST", "/runs")))
    assert answer.problem == "Stopped."
    assert service.open_threads == []
    assert talk.send("hello").text == HELLO


# What the service knows


def test_a_thread_that_is_gone_is_told_anew(talk: Talk, service: Service) -> None:
    talk.send("my name is Ada")
    first = talk.memory
    service.store.threads.clear()
    answer = talk.send("who am I?")
    assert answer.problem == ""
    assert "turn 2" in answer.text
    assert "“my name is Ada”" in answer.text
    assert talk.memory not in ("", first)
    assert service.open_threads == [talk.memory]


def test_what_is_taken_back_is_not_told_again(talk: Talk, service: Service) -> None:
    for words in ("one", "two", "three"):
        talk.send(words)
    first = talk.memory
    assert talk.conversation.rewind(1).text == "two"
    answer = talk.send("two, in other words")
    assert answer.text == (
        "You said: “two, in other words”. This is turn 2 of our conversation. "
        "Before that you said: “one”."
    )
    assert service.open_threads == [talk.memory]
    assert service.deleted_threads == [first], "what was taken back is gone there, too"


def test_after_a_problem_the_service_is_told_what_the_reader_sees(
    talk: Talk, service: Service
) -> None:
    talk.send("one")
    talk.send("fail")
    answer = talk.send("two")
    assert "turn 2" in answer.text, "a question without an answer is not told"
    assert "fail" not in answer.text
    assert service.open_threads == [talk.memory]


@pytest.mark.parametrize("key", ["", "sk-wrong"])
def test_a_wrong_key_leaves_no_thread_behind_for_good(
    talk: Talk, service: Service, key: str
) -> None:
    talk.send("one")
    talk.key = key
    assert talk.send("two").problem
    talk.key = DEMO_KEY
    assert "turn 2" in talk.send("two").text
    assert service.open_threads == [talk.memory]


# Streams that break


def test_a_cut_stream_goes_on_by_polling(talk: Talk, service: Service) -> None:
    answer = talk.send("cut me off in the middle of it, please")
    assert answer.problem == ""
    assert answer.text == (
        "You said: “cut me off in the middle of it, please”. This is turn 1 of our conversation."
    )
    assert requests(service, "GET", "/messages")
    assert "turn 2" in talk.send("and now?").text
    assert len(requests(service, "POST", "/threads")) == 1


@pytest.mark.parametrize("last", ["thread.run.created", "thread.run.in_progress"])
def test_a_stream_that_ends_before_its_first_word_goes_on_by_polling(last: str) -> None:
    def shorten(events: Events) -> Events:
        return events[: [name for name, _ in events].index(last) + 1]

    with running_service(**FAST, wrap=Spoiler.of_events(shorten)) as service:
        answer = Talk(service.base_url).send("hello")
    assert (answer.text, answer.problem) == (HELLO, "")


def test_a_stream_that_ends_early_after_tools() -> None:
    """The outputs are handed in, then the stream says nothing more."""

    def shorten(events: Events) -> Events:
        names = [name for name, _ in events]
        return events if "thread.run.created" in names else events[:1]

    with running_service(**FAST, wrap=Spoiler.of_events(shorten)) as service:
        answer = Talk(service.base_url).send("weather in Paris")
    assert answer.problem == ""
    assert "In Paris it is" in answer.text


# Files and pictures


def png(path: Path) -> Path:
    """A picture of one pixel."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0))
    data = chunk(b"IDAT", zlib.compress(b"\0\xff\0\0"))
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + head + data + chunk(b"IEND", b""))
    return path


def test_pictures_and_files_are_uploaded(talk: Talk, service: Service, tmp_path: Path) -> None:
    notes = tmp_path / "notes.txt"
    notes.write_text("tea")
    answer = talk.send("look", png(tmp_path / "dot.png"), notes)
    assert answer.problem == ""
    assert "1 picture: dot.png" in answer.text
    assert "1 file: notes.txt (3 bytes)" in answer.text
    purposes = {one.obj["filename"]: one.obj["purpose"] for one in service.store.files.values()}
    assert purposes == {"dot.png": "vision", "notes.txt": "assistants"}


def test_a_file_without_words(talk: Talk, tmp_path: Path) -> None:
    notes = tmp_path / "notes.txt"
    notes.write_text("tea")
    answer = talk.send("", notes)
    assert answer.problem == ""
    assert "1 file: notes.txt" in answer.text
    assert "1 picture: dot.png" in talk.send("", png(tmp_path / "dot.png")).text


def test_a_file_is_uploaded_once(talk: Talk, service: Service, tmp_path: Path) -> None:
    talk.send("look", png(tmp_path / "dot.png"))
    service.store.threads.clear()
    assert talk.send("hello").problem == ""
    assert len(requests(service, "POST", "/files")) == 1


def test_a_picture_by_its_address(talk: Talk, service: Service) -> None:
    answer = talk.send("What is on https://example.org/cat.png?size=2 and on nothing else?")
    assert "1 picture: https://example.org/cat.png?size=2." in answer.text


def test_plain_words_are_sent_as_plain_words(talk: Talk, service: Service) -> None:
    talk.send("hello")
    (thread,) = requests(service, "POST", "/threads")
    assert thread.body["messages"] == [{"role": "user", "content": "hello"}]


def test_pictures_of_the_assistant_are_fetched(any_service: Service) -> None:
    answer = Talk(any_service.base_url).send("draw a house")
    assert answer.problem == ""
    assert "picture that you asked for" in answer.text
    (picture,) = files(answer)
    assert Path(picture.path).read_bytes()[:4] == b"\x89PNG"
    assert picture.path.endswith(".png")
    assert picture.is_image


def test_a_picture_that_is_gone_leaves_the_words() -> None:
    def wrap(app: Any) -> Any:
        async def gone(scope: Any, receive: Any, send: Any) -> None:
            missing = scope["type"] == "http" and scope["path"].endswith("/content")
            await (Spoiler(app, statuses={200: 404}) if missing else app)(scope, receive, send)

        return gone

    with running_service(**FAST, wrap=wrap) as service:
        answer = Talk(service.base_url).send("draw a house")
    assert answer.problem == ""
    assert "picture that you asked for" in answer.text


def test_the_key_is_in_no_url_no_body_and_no_log(
    talk: Talk,
    service: Service,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level("DEBUG")
    talk.send("weather in Paris")
    talk.send("call broken_plugin")
    talk.send("http 403")
    assert service.log
    assert all(DEMO_KEY not in f"{r.path}?{r.query} {r.headers} {r.body}" for r in service.log)
    assert caplog.text
    assert DEMO_KEY not in caplog.text + "".join(capfd.readouterr())
    shown = str(talk.conversation)
    assert DEMO_KEY not in shown
