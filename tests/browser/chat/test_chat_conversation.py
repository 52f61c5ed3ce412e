"""AssistantChat in the page, against the demo service: what a reader sees and does."""

from __future__ import annotations

import json
from pathlib import Path

from playpage_site.demo import DEMO_KEY
from playwright.sync_api import expect
from support.chats import Chat
from support.playground import ANSWER_MS


def test_answer_is_shown_as_it_is_written(chat: Chat) -> None:
    chat.say("long 60")
    expect(chat.bots().last).to_contain_text("word5", timeout=ANSWER_MS)
    assert "word60" not in chat.bots().last.inner_text()
    chat.answered("word60")
    chat.say("what did I say?")
    chat.answered("turn 2")
    assert len(chat.service.open_threads) == 1


def test_markdown(chat: Chat) -> None:
    chat.say("markdown")
    chat.answered("A formula")
    answer = chat.bots().last
    for selector in ("h2", "li strong", "table td", "pre code", ".katex", "a[href]"):
        expect(answer.locator(selector).first).to_be_attached()


def test_tools_are_steps_that_open(chat: Chat) -> None:
    chat.say("weather in Paris and Rome")
    chat.answered("In Rome it is")
    steps = chat.app.get_by_text("Tool: get_weather")
    expect(steps).to_have_count(2)
    expect(chat.app.get_by_text("temperature_c").first).not_to_be_visible()
    steps.first.click()
    expect(chat.app.get_by_text("temperature_c").first).to_be_visible()
    expect(chat.app.get_by_text('"location": "Paris"').first).to_be_visible()


def test_tool_that_fails_is_shown(chat: Chat) -> None:
    chat.say("call broken_plugin")
    chat.answered("The plugin broke.")
    expect(chat.app.get_by_text("Tool: broken_plugin – failed")).to_be_visible()


def test_stop_in_the_middle(chat: Chat) -> None:
    chat.say("long 900")
    expect(chat.bots().last).to_contain_text("word5", timeout=ANSWER_MS)
    chat.button("Stop").click()
    chat.answered("Stopped.")
    chat.playground.screenshot("chat-stopped")
    expect(chat.app.get_by_text("word5").first).to_be_visible()
    assert chat.asked("POST", "/cancel")
    chat.say("hello")
    chat.answered("demo assistant")


def test_stop_before_the_first_word(chat: Chat) -> None:
    chat.say("slow please")
    expect(chat.button("Stop")).to_be_visible()
    chat.wait_until(lambda: chat.runs()[-1:] == ["in_progress"])
    chat.button("Stop").click()
    chat.answered("Stopped.")
    assert "completed" not in chat.runs()[-1:]


def test_retry_and_edit(chat: Chat) -> None:
    chat.say("say one")
    chat.answered("one")
    chat.button("Retry").click()
    expect(chat.button("Stop")).to_be_visible()
    chat.answered("one")
    expect(chat.app.locator(".message.user")).to_have_count(1)
    chat.button("Edit").first.click()
    edited = chat.app.locator(".message.user textarea, textarea.edit-textarea").first
    edited.fill("say two")
    chat.button("Submit").click()
    chat.answered("two")
    expect(chat.app.locator(".message.user")).to_have_count(1)
    assert len(chat.service.open_threads) == 1, "the earlier ones are deleted"


def test_examples_and_follow_ups(chat: Chat) -> None:
    chat.app.get_by_role("button", name="hello").click()
    chat.answered("demo assistant")
    chat.button("say more").click()
    chat.answered("more")


def test_picture_and_file(chat: Chat, tmp_path: Path) -> None:
    picture = tmp_path / "dot.png"
    picture.write_bytes(
        bytes.fromhex(
            "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
            "1f15c4890000000d49444154789c6360606060000000050001a5f64540"
            "0000000049454e44ae426082"
        )
    )
    upload = chat.app.locator("input[type=file]").last
    upload.set_input_files(picture)
    expect(chat.app.locator(".thumbnail-item, .thumbnail-small").first).to_be_visible()
    chat.say("what is this?")
    chat.answered("dot.png")
    assert chat.service.store.files
    chat.say("draw")
    shown = chat.app.locator(".message.bot img, .bot img")
    expect(shown.last).to_be_visible(timeout=ANSWER_MS)
    assert shown.last.evaluate("it => it.decode().then(() => it.naturalWidth)") == 96


def test_sources_are_footnotes(chat: Chat) -> None:
    chat.say("cite")
    chat.answered("Sources")
    assert "【" not in chat.app.locator("[role=log]").inner_text()


def test_markup_of_the_model_does_nothing(chat: Chat) -> None:
    page = chat.playground.page
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    chat.say("html")
    chat.answered("words end the page")
    expect(chat.bots().last).to_contain_text("<style>body { display: none")
    chat.playground.screenshot("chat-markup")
    expect(chat.app.locator("[role=log]").locator("style, link, meta, form, iframe")).to_have_count(
        0
    )
    chat.button("New conversation").click(trial=True)  # nothing covers it
    page.wait_for_timeout(500)
    assert [url for url in asked if "missing" in url and "missing.png" not in url] == []
    for frame in page.frames:
        assert frame.evaluate("window.hijacked ?? null") is None


def test_right_to_left(chat: Chat) -> None:
    chat.say("say שלום עולם")
    chat.answered("שלום")
    text = chat.app.locator(".message.bot p").last
    assert text.evaluate("it => getComputedStyle(it).unicodeBidi") == "plaintext"


def test_saved_as_markdown_and_json(chat: Chat) -> None:
    chat.say("weather in Paris")
    chat.answered("In Paris it is")
    page = chat.playground.page
    with page.expect_download() as markdown:
        chat.button("Save as Markdown").click()
    assert markdown.value.suggested_filename == "Ask.md"
    text = Path(markdown.value.path()).read_text("utf-8")
    assert text.startswith("# Ask\n")
    assert "weather in Paris" in text
    assert "In Paris it is" in text
    with page.expect_download() as exported:
        chat.button("Save as JSON").click()
    turns = json.loads(Path(exported.value.path()).read_text("utf-8"))["turns"]
    assert turns[0]["question"]["text"] == "weather in Paris"
    assert turns[0]["answer"]["parts"][0]["tool"] == "get_weather"
    assert DEMO_KEY not in text


def test_new_conversation_deletes_the_thread(chat: Chat) -> None:
    """What is in the message box stays: it may have been typed since."""
    chat.say("hello")
    chat.answered("demo assistant")
    (thread,) = chat.service.open_threads
    chat.box.fill("not sent")
    chat.start_anew()
    expect(chat.box).to_have_value("not sent")
    chat.box.fill("")
    chat.wait_until(lambda: thread in chat.service.deleted_threads)


def test_wrong_key_loses_nothing(chat: Chat) -> None:
    key = chat.app.locator("input[type=password]")
    key.fill("wrong")
    chat.say("hello")
    chat.answered("does not accept this key")
    key.fill(DEMO_KEY)
    chat.button("Send again").click()
    chat.answered("demo assistant")
    expect(chat.app.locator(".message.user")).to_have_count(1)


def test_copy(chat: Chat) -> None:
    chat.say("say one two")
    chat.answered("one two")
    chat.button("Copy message").last.click()
    assert "one two" in chat.playground.page.evaluate("navigator.clipboard.readText()")
