"""The chat's page: Gradio's components, and which of their events does what."""

from __future__ import annotations

import hashlib
import json
from collections.abc import AsyncIterator
from typing import Any, Protocol
from urllib.parse import urlsplit

import gradio as gr

from ..languages import Words
from ..messages import Conversation
from ..settings import Settings
from .rows import TEXT_TAGS

#: Formulas. A single dollar is too often a price: `markdown.with_maths` rewrites formulas.
FORMULAS = [
    {"left": "$$", "right": "$$", "display": True},
    {"left": "\\[", "right": "\\]", "display": True},
    {"left": "\\(", "right": "\\)", "display": False},
]

#: No message paints outside of its box; text runs in the direction of its language; and buttons
#: wrap on phones.
CSS = """
.message { contain: layout paint; }
.message .prose, .message .prose *, textarea { unicode-bidi: plaintext; text-align: start; }
.message .prose code, .message .prose pre * { unicode-bidi: isolate; }
.playpage-tools { flex-wrap: wrap; }
.playpage-tools button { min-width: max-content; }
"""

#: Gradio's buttons that are icons only, and the words that name them. The page's frame reads the
#: names from the style sheet.
NAMES = (("submit-button", "send"), ("stop-button", "stop"), ("upload-button", "add_files"))

DOWNLOAD = """(text) => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type: %s }));
    link.download = %s;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}"""


class Chat(Protocol):
    """What the page asks of a chat app: `AssistantChat` is one.

    Generators yield updates of the message box and the chat.
    """

    settings: Settings
    words: Words

    def send(
        self, sent: dict[str, Any], conversation: Conversation, *connection: str
    ) -> AsyncIterator[Any]:
        """Send what is in the box, and follow the answer."""

    def say(
        self, picked: gr.SelectData, conversation: Conversation, *connection: str
    ) -> AsyncIterator[Any]:
        """Send an example, a follow-up, or the last message again."""

    def retry(
        self, picked: gr.RetryData, conversation: Conversation, *connection: str
    ) -> AsyncIterator[Any]:
        """Have a question answered anew."""

    def edit(
        self, picked: gr.EditData, conversation: Conversation, *connection: str
    ) -> AsyncIterator[Any]:
        """Send a message in other words."""

    async def stop(self, conversation: Conversation) -> None:
        """End the answer that is being written."""

    async def clear(self, conversation: Conversation, *connection: str) -> tuple[Any, Any]:
        """Forget the conversation."""

    def markdown(self, conversation: Conversation) -> str:
        """The conversation in Markdown."""

    def saved(self, conversation: Conversation) -> str:
        """The conversation as JSON; "" where there is none."""

    def restore(self, text: str | None, conversation: Conversation) -> Any:
        """Take up a conversation that the browser has kept."""


class BoxState:
    """The states of the message box."""

    @staticmethod
    def busy() -> Any:
        """An answer is being written: the box is empty, and its button stops the answer."""
        return gr.MultimodalTextbox(value=None, submit_btn=False, stop_btn=True)

    @staticmethod
    def ready() -> Any:
        """The next message can be sent; what has been typed meanwhile stays."""
        return gr.MultimodalTextbox(submit_btn=True, stop_btn=False)


def lay_out(chat: Chat) -> gr.Blocks:
    """The whole app."""
    settings, words = chat.settings, chat.words
    with gr.Blocks(
        title=settings.shown_title,
        theme=settings.theme or _readable_theme(),
        css=CSS + _names(words) + settings.css,
        fill_height=True,
        analytics_enabled=False,
    ) as blocks:
        gr.Markdown(f"# {settings.shown_title}\n\n{settings.description}")
        connection = _connection(chat)
        conversation = gr.State(Conversation())
        chatbot = gr.Chatbot(
            type="messages",
            label=words["conversation"],
            show_label=False,
            height=300,
            scale=1,
            editable="user",
            show_copy_button=True,
            latex_delimiters=FORMULAS,
            allow_tags=list(TEXT_TAGS),  # allowed as text
            avatar_images=settings.avatars,
            feedback_options=None,
            rtl=words.is_right_to_left,
            examples=[{"text": example} for example in settings.examples] or None,
            group_consecutive_messages=True,
        )
        box = gr.MultimodalTextbox(
            label=words["message"],
            show_label=False,
            placeholder=settings.placeholder or words["placeholder"],
            file_count="multiple",
            # Gradio would make a file of a longer text that is pasted.
            max_plain_text_length=1_000_000,
            autofocus=True,
            rtl=words.is_right_to_left,
        )
        with gr.Row(elem_classes="playpage-tools"):
            clear = gr.Button(words["clear"], size="sm")
            markdown = gr.Button(words["export_markdown"], size="sm")
            exported = gr.Button(words["export_json"], size="sm")
        kept = gr.Textbox(visible=False)

        inputs, outputs = [conversation, *connection], [box, chatbot]
        options = {"outputs": outputs, "concurrency_limit": None, "show_progress": "hidden"}
        clearing = [clear.click, chatbot.clear]
        events = [
            box.submit(chat.send, [box, *inputs], **options),
            chatbot.example_select(chat.say, inputs, **options),
            chatbot.option_select(chat.say, inputs, **options),
            chatbot.retry(chat.retry, inputs, **options),
            chatbot.edit(chat.edit, inputs, **options),
            gr.on(clearing, chat.clear, inputs, outputs, show_progress="hidden"),
        ]
        # Past Gradio's queue, which looks for events only now and then, and in many steps.
        box.stop(chat.stop, conversation, None, queue=False)
        name = json.dumps(settings.shown_title)
        for button, make, ending, kind in (
            (markdown, chat.markdown, ".md", "text/markdown"),
            (exported, chat.saved, ".json", "application/json"),
        ):
            download = DOWNLOAD % (json.dumps(kind), f"{name} + {json.dumps(ending)}")
            button.click(make, conversation, kept).then(None, kept, None, js=download)
        if settings.history != "off":
            _keep(chat, blocks, events, conversation, chatbot, kept)
    return blocks


def _readable_theme() -> Any:
    """Gradio's usual theme, its hints dark enough to be read (WCAG 2.2, 1.4.3)."""
    return gr.themes.Default().set(
        body_text_color_subdued="*neutral_500",
        block_info_text_color="*neutral_500",
        input_placeholder_color="*neutral_500",
    )


def _names(words: Words) -> str:
    """The names of buttons as a style sheet, which reaches the frame without a script."""
    return "".join(
        f'.{css_class} {{ --playpage-name: "{words[word]}"; }}\n' for css_class, word in NAMES
    )


def _connection(chat: Chat) -> list[Any]:
    """The fields for the key and, if the author allows it, for whom to talk to."""
    settings, words = chat.settings, chat.words
    is_known = bool(settings.known_key())
    is_open = not is_known or (settings.editable and not settings.target)
    with gr.Accordion(words["settings"], open=is_open):
        host = urlsplit(settings.base_url).netloc
        info = words["key_known"] if is_known else words.sentence("key_info", host=host)
        fields = [gr.Textbox(type="password", label=words["key"], info=info, max_lines=1)]
        if settings.editable:
            of = "assistant_id" if settings.spoken_api == "assistants" else "model"
            fields.append(gr.Textbox(settings.base_url, label=words["address"], max_lines=1))
            fields.append(gr.Textbox(settings.target, label=words[of], max_lines=1))
    return fields


def _keep(
    chat: Chat,
    blocks: gr.Blocks,
    events: list[Any],
    conversation: Any,
    chatbot: Any,
    kept: Any,
) -> None:
    """Keep the conversation in the browser, and remove it there when it is cleared.

    Where the page's storage is blocked, nothing is kept.
    """
    settings = chat.settings
    store = "localStorage" if settings.history == "local" else "sessionStorage"
    owner = f"{settings.base_url} {settings.spoken_api} {settings.target} {settings.shown_title}"
    name = json.dumps("playpage:chat:" + hashlib.sha256(owner.encode()).hexdigest()[:16])
    put = f"""(text) => {{
        try {{
            if (text) {store}.setItem({name}, text);
            else {store}.removeItem({name});
        }} catch {{}}
    }}"""
    # The values of both inputs; the second is the worker's own state.
    get = f"""() => {{
        try {{ return [{store}.getItem({name}), null]; }} catch {{ return [null, null]; }}
    }}"""
    for event in events:
        event.then(chat.saved, conversation, kept, show_progress="hidden").then(
            None, kept, None, js=put
        )
    blocks.load(chat.restore, [kept, conversation], chatbot, js=get, show_progress="hidden")
