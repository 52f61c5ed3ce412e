"""AssistantChat in pages of its own: template apps, what an author chooses, long talks."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from golden.app_links import APPS, ROOT
from playpage_site.demo import ASSISTANT_ID, DEMO_KEY, Service, running_service
from playpage_site.demo.model import running_model
from playpage_site.links.legacy import legacy_link
from playwright.sync_api import Browser, Page, expect
from support.chats import Chat, open_chat, program
from support.playground import ANSWER_MS, BOOT_MS, Playground, Site

ASSISTANT = f"assistant_id={ASSISTANT_ID!r}"


@pytest.fixture(scope="module")
def service() -> Iterator[Service]:
    with running_service(piece_s=0.02, clock_s=0.1) as service:
        yield service


@pytest.mark.parametrize("name", list(APPS))
def test_template_app_chats(name: str, site: Site, page: Page, service: Service) -> None:
    code = (ROOT / "py" / "apps" / f"{name}.py").read_text("utf-8")
    code = code.replace("http://127.0.0.1:8001/v1", service.base_url)
    chat = Chat(Playground(page), service)
    chat.playground.open(legacy_link(site.url, code))
    expect(chat.box).to_be_enabled(timeout=BOOT_MS)
    chat.app.locator("input[type=password]").fill(DEMO_KEY)
    chat.say("hello")
    chat.answered("demo assistant")
    if name in ("assistant", "own_tools"):
        chat.say("weather in Paris and Rome")
        chat.answered("In Rome it is")
        expect(chat.app.get_by_text("Tool: get_weather")).to_have_count(2)
    if name == "own_tools":
        chat.say('call days_until {"day": "2000-01-01"}')
        chat.answered("days_until answered")
    expect(chat.playground.errors.locator("> *")).to_have_count(0)


def test_traditional_chinese(site: Site, browser: Browser, service: Service) -> None:
    """By the browser's language; the author's choice wins."""
    with browser.new_context(locale="zh-TW") as context:
        chat = open_chat(context.new_page(), site, service, ASSISTANT, key="wrong")
        expect(chat.button("新對話")).to_be_visible()
        chat.say("hello")
        expect(chat.bots().last).to_contain_text("服務不接受這把金鑰", timeout=ANSWER_MS)
        expect(chat.button("重新傳送")).to_be_visible()
        expect(chat.button("傳送")).to_be_visible()
        chat.playground.screenshot("chat-zh-hant-wrong-key")
        page = chat.playground.page
        page.set_viewport_size({"width": 390, "height": 800})
        page.emulate_media(color_scheme="dark")
        page.wait_for_timeout(300)  # it scrolls
        chat.playground.screenshot("chat-zh-hant-390-dark-wrong-key")
        english = open_chat(context.new_page(), site, service, f"{ASSISTANT}, lang='en'")
        expect(english.button("New conversation")).to_be_visible()
        expect(english.button("Send")).to_be_visible()


def test_language_of_an_address(site: Site, page: Page, service: Service) -> None:
    """The chat's words and Gradio's own."""
    chat = Chat(Playground(page), service)
    link = legacy_link(site.url, program(service, ASSISTANT))
    chat.playground.open(f"{link}&lang=zh-Hant")
    expect(chat.button("新對話")).to_be_visible(timeout=BOOT_MS)
    chat.app.locator("input[type=password]").fill(DEMO_KEY)
    chat.say("hello")
    expect(chat.bots().last).to_contain_text("demo assistant", timeout=ANSWER_MS)
    expect(chat.button("傳送")).to_be_visible(timeout=ANSWER_MS)
    expect(chat.button("重試")).to_be_visible()


def test_service_that_does_not_stream(site: Site, page: Page) -> None:
    """Found out by the first message, which is answered; from then on the run is asked after."""
    with running_service(streams="refused", clock_s=0.1) as polled:
        chat = open_chat(page, site, polled, ASSISTANT)
        for words in ("hello", "weather in Paris"):
            chat.say(words)
            chat.answered("demo assistant" if words == "hello" else "In Paris it is")
        expect(chat.app.locator("[role=log]")).not_to_contain_text("⚠️")
        wanted = [r.body.get("stream") for r in chat.asked("POST", "/runs")]
        assert wanted == [True, None, None]


def test_picture_by_its_address(site: Site, page: Page, service: Service) -> None:
    chat = open_chat(page, site, service, ASSISTANT)
    chat.say("What is this? https://wiki.example/flower.png")
    chat.answered("I received 1 picture")
    parts = json.dumps([r.body for r in chat.asked("POST", "/threads")][-1])
    assert '{"type": "image_url", "image_url": {"url": "https://wiki.example/flower.png"}}' in parts


@pytest.mark.model
def test_three_turns_with_a_real_model(site: Site, page: Page) -> None:
    """The service decides that the tool is called; every word of the answers is the model's."""
    with running_model() as model, running_service(model_url=model.base_url) as service:
        chat = open_chat(page, site, service, ASSISTANT)
        for turn, words in enumerate(
            (
                "What colour is the sky on a clear day?",
                "Tell me about the weather in Paris?",
                "Which city did I ask about?",
            ),
            1,
        ):
            chat.say(words)
            expect(chat.app.locator(".message.user")).to_have_count(turn)
            expect(chat.button("Stop")).to_be_visible()
            expect(chat.button("Send")).to_be_visible(timeout=ANSWER_MS)
        (thread,) = service.store.threads.values()
        said = [message for message in thread.messages if message["role"] == "assistant"]
        log = chat.app.locator("[role=log]")
        expect(log).not_to_contain_text("⚠️")
        expect(chat.app.get_by_text("Tool: get_weather")).to_have_count(1)
        shown = " ".join(log.inner_text().split())
        assert len(said) == 3
        for message in said:
            (part,) = message["content"]
            first_words = part["text"]["value"].split()[:4]
            assert " ".join(first_words) in shown
            assert part["text"]["value"] != "In Paris it is 21 °C and sunny."


def stored(page: Page) -> dict[str, str]:
    found: dict[str, str] = page.evaluate("({...localStorage, ...sessionStorage})")
    return found


@pytest.mark.parametrize("history", ["off", "session", "local"])
def test_history_is_kept_where_the_author_says(
    history: str, site: Site, page: Page, service: Service
) -> None:
    keywords = f"{ASSISTANT}, history={history!r}"
    chat = open_chat(page, site, service, keywords)
    chat.say("my name is Ada")
    chat.answered("turn 1")
    page.wait_for_timeout(1000)
    kept = [text for text in stored(page).values() if "my name is Ada" in text]
    assert len(kept) == (history != "off")
    assert DEMO_KEY not in json.dumps(stored(page))

    page.reload()
    expect(chat.box).to_be_enabled(timeout=BOOT_MS)
    if history == "off":
        page.wait_for_timeout(1000)
        expect(chat.bots()).to_have_count(0)
        return
    expect(chat.bots()).to_have_count(1)
    chat.app.locator("input[type=password]").fill(DEMO_KEY)
    chat.say("and what is my name?")
    chat.answered("my name is Ada")  # told anew
    chat.anew()
    page.wait_for_timeout(1000)
    assert "Ada" not in json.dumps(stored(page))


def test_reader_names_the_service(site: Site, page: Page, service: Service) -> None:
    chat = open_chat(page, site, service, "editable=True")
    fields = chat.app.locator("input[type=text]:visible, textarea:visible")
    expect(fields.first).to_be_visible()
    chat.app.get_by_label("Assistant", exact=True).fill(ASSISTANT_ID)
    chat.say("hello")
    chat.answered("demo assistant")


def test_services_out_of_reach_are_told_apart(site: Site, page: Page) -> None:
    with running_service(cors=False) as closed:
        chat = open_chat(page, site, closed, f"{ASSISTANT}, editable=True")
        chat.say("hello")
        chat.answered("CORS")
        chat.app.get_by_label("Address of the service", exact=True).fill("api.example")
        chat.say("hello")
        chat.answered("is no address of a service")


def test_answer_that_breaks_off(site: Site, page: Page) -> None:
    """Words come slowly: those that a browser has not handed out when it breaks off are gone."""
    with running_service(piece_s=0.5, clock_s=0.1) as service:
        chat = open_chat(page, site, service, "model='m'")
        chat.say("cut this short")
        chat.answered("The connection broke before the answer was complete")
        expect(chat.bots().first).to_contain_text("You")
        # A run goes on at the service, and so does the answer.
        chat = open_chat(page, site, service, ASSISTANT)
        chat.say("cut this short")
        chat.answered("turn 1")
        expect(chat.app.locator("[role=log]")).not_to_contain_text("⚠️")


def test_two_hundred_messages(site: Site, page: Page, service: Service) -> None:
    """Time per word with 200 messages before it is at most 1.5 of that with 5: medians of three,
    measured in one page each, from the tenth word that is seen to the last."""

    def turns(count: int) -> list[dict[str, Any]]:
        answer = {"parts": [{"text": "**word** " * 40}], "sources": [], "problem": ""}
        question = {"text": "a question", "files": []}
        return [{"question": question, "answer": answer} for _ in range(count)]

    keywords = f"{ASSISTANT}, history='session'"
    chat = open_chat(page, site, service, keywords)
    chat.say("hello")
    chat.answered("demo assistant")
    page.wait_for_timeout(1500)
    (name,) = [key for key in stored(page) if key.startswith("playpage:chat:")]
    medians = []
    for messages in (5, 200):
        saved = json.dumps({"title": "", "turns": turns(messages // 2)})
        page.evaluate("([name, text]) => sessionStorage.setItem(name, text)", [name, saved])
        page.reload()
        expect(chat.box).to_be_enabled(timeout=BOOT_MS)
        expect(chat.bots()).to_have_count(messages // 2)
        chat.app.locator("input[type=password]").fill(DEMO_KEY)
        medians.append(sorted(_time_of_words(chat) for _ in range(3))[1])
    assert medians[1] <= 1.5 * medians[0], medians


def _time_of_words(chat: Chat) -> float:
    """Milliseconds from the tenth word that is seen to the last of 90."""
    page = chat.playground.page
    count = chat.bots().count()
    chat.say("long 90")
    message = chat.bots().nth(count)
    expect(message).to_contain_text("word10", timeout=ANSWER_MS)
    begun = page.evaluate("performance.now()")
    expect(message).to_contain_text("word90", timeout=ANSWER_MS)
    taken: float = page.evaluate("performance.now()") - begun
    expect(chat.button("Send")).to_be_visible(timeout=ANSWER_MS)
    return taken


def test_looks(site: Site, browser: Browser, service: Service) -> None:
    """Nothing is wider than the page. The pictures are to be looked at."""
    keywords = f"{ASSISTANT}, description='Ask about the weather.'"
    with browser.new_context(viewport={"width": 1100, "height": 800}) as context:
        page = context.new_page()
        chat = open_chat(page, site, service, keywords)
        frame = page.frame(url=lambda url: "preview" in url)
        assert frame

        def picture(state: str) -> None:
            for width in (390, 1100):
                page.set_viewport_size({"width": width, "height": 800})
                for theme in ("light", "dark"):
                    page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
                    page.wait_for_timeout(300)  # it scrolls
                    chat.playground.screenshot(f"chat-{theme}-{width}-{state}")
                assert frame.evaluate("document.documentElement.scrollWidth <= innerWidth + 1")

        picture("empty")
        chat.say("weather in Paris and Rome")
        chat.answered("In Rome it is")
        picture("tools")
        chat.say("http 503")
        chat.answered("in trouble")
        picture("error")
