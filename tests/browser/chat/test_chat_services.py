"""AssistantChat with services of other kinds: one that does not stream, fails, or is a model."""

from __future__ import annotations

import json

import pytest
from playpage_site.demo import ASSISTANT_ID, Service, running_service
from playpage_site.demo.model import running_model
from playwright.sync_api import Page, expect
from support.chats import open_chat
from support.playground import ANSWER_MS, Site

ASSISTANT = f"assistant_id={ASSISTANT_ID!r}"


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


def test_services_out_of_reach_are_told_apart(site: Site, page: Page) -> None:
    with running_service(cors=False) as closed:
        chat = open_chat(page, site, closed, f"{ASSISTANT}, editable=True")
        chat.say("hello")
        chat.answered("CORS")
        chat.app.get_by_label("Address of the service", exact=True).fill("api.example")
        chat.say("hello")
        chat.answered("is not the address of a service")


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
