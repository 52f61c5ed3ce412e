"""Long conversations and long answers: what a word costs, and how soon Stop acts."""

from __future__ import annotations

import json
from typing import Any

from playpage_site.demo import ASSISTANT_ID, DEMO_KEY, Service, running_service
from playwright.sync_api import Page, expect
from support.chats import Chat, open_chat, stored
from support.playground import ANSWER_MS, BOOT_MS, Site

ASSISTANT = f"assistant_id={ASSISTANT_ID!r}"


WORDS_IN_BURST = 20_000


def words_in(text: str) -> int:
    return len(text.split())


def test_stop_acts_while_words_arrive_faster_than_they_are_read(site: Site, page: Page) -> None:
    """All words are there at once: Stop acts before most of them have been read."""
    with running_service(piece_s=0.0) as service:
        chat = open_chat(page, site, service, "model='m'")
        chat.say(f"long {WORDS_IN_BURST}")
        expect(chat.bots().last).to_contain_text("word5", timeout=ANSWER_MS)
        before = words_in(chat.bots().last.inner_text())
        chat.button("Stop").click()
        chat.answered("Stopped.")
        further = words_in(chat.bots().last.inner_text()) - before
        assert further < WORDS_IN_BURST / 4


#: Adds up the characters that are drawn in the chat.
COUNT_DRAWN = """it => {
    window.drawn = 0;
    new MutationObserver((changes) => {
        for (const { addedNodes, target, type } of changes)
            if (type === "characterData") window.drawn += target.data.length;
            else for (const node of addedNodes) window.drawn += node.textContent.length;
    }).observe(it, { subtree: true, childList: true, characterData: true });
}"""


def test_a_word_late_in_a_long_answer_costs_what_an_early_one_does(
    site: Site, page: Page, service: Service
) -> None:
    """By what is drawn for it. The answer has paragraphs of 20 words."""
    count = 1200
    text = "".join(f"word{n}" + (" " if n % 20 else "\n\n") for n in range(1, count + 1))
    chat = open_chat(page, site, service, ASSISTANT)
    chat.say(f"say {text}")
    chat.app.get_by_role("log").evaluate(COUNT_DRAWN)
    frame = page.frame(url=lambda url: "preview" in url)
    assert frame
    drawn = []
    for word in (305, 505, 905, 1105):
        expect(chat.bots().last).to_contain_text(f"word{word} ", timeout=ANSWER_MS)
        drawn.append(frame.evaluate("window.drawn"))
    chat.answered(f"word{count}")
    early, late = drawn[1] - drawn[0], drawn[3] - drawn[2]
    assert late < 1.5 * early, drawn


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
    chat.wait_until(lambda: stored(page))
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
