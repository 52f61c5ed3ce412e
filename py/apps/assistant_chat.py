"""A chat with one assistant of a service that speaks the Assistants API.

Copy this file, set the first three names, and share it as a link. It runs in
the reader's browser, and on a desktop after `pip install gradio openai httpx`.
"""

import asyncio
import sys
import traceback
import warnings
from contextlib import asynccontextmanager
from datetime import datetime

import gradio as gr
import httpx
import openai

SERVICE_URL = "http://127.0.0.1:8001/v1"
ASSISTANT_ID = "asst_demo"
TITLE = "Ask the assistant"
# What the key field starts with. All who have the link can read it: only for a demo.
DEMO_KEY = ""

warnings.filterwarnings("ignore", "The Assistants API is deprecated", DeprecationWarning)


class ChatError(Exception):
    """Something the reader can act on; the message says what."""


@asynccontextmanager
async def connect(key):
    """The SDK's client and the HTTP client below it, for one exchange."""
    if not key or not key.isascii():
        raise ChatError("Type the key you were given into the field at the top, and send again.")
    transport = None
    if sys.platform == "emscripten":  # in the browser, requests go through fetch
        from httpx_pyfetch import AsyncPyfetchTransport

        transport = AsyncPyfetchTransport()
    async with httpx.AsyncClient(transport=transport) as http:
        yield openai.AsyncOpenAI(base_url=SERVICE_URL, api_key=key, http_client=http), http


async def ask(client, http, thread_id, words):
    """Add the reader's words to the thread, run the assistant, and return its answer."""
    threads = client.beta.threads
    await threads.messages.create(thread_id, role="user", content=words)
    run = await threads.runs.create_and_poll(
        thread_id=thread_id,
        assistant_id=ASSISTANT_ID,
        additional_instructions=f"\nThe current time is: {datetime.now()}",
    )
    while run.status == "requires_action":
        calls = run.required_action.submit_tool_outputs.tool_calls
        outputs = await asyncio.gather(*(use_tool(client, http, thread_id, c) for c in calls))
        run = await threads.runs.submit_tool_outputs_and_poll(
            run_id=run.id, thread_id=thread_id, tool_outputs=outputs
        )
    if run.status not in ("completed", "incomplete"):
        raise ChatError(explain_ending(run))
    texts = []
    for message in (await threads.messages.list(thread_id, order="desc")).data:
        if message.role != "assistant":
            break
        texts.insert(0, "\n".join(p.text.value for p in message.content if p.type == "text"))
    if run.status == "incomplete":
        texts.append("⚠️ The answer was cut short here. Ask for the rest, or for a shorter one.")
    return "\n\n".join(texts) or "⚠️ The assistant sent no text. Ask in other words."


async def use_tool(client, http, thread_id, call):
    """Have the service run one tool; what goes wrong is told to the assistant, not raised."""
    try:
        response = await http.post(
            f"{SERVICE_URL}/pluginapi",
            params={"tid": thread_id, "aid": ASSISTANT_ID, "pid": call.function.name},
            headers={
                "Authorization": f"Bearer {client.api_key}",
                "Content-Type": "application/json",
            },
            content=call.function.arguments,
            timeout=60,
        )
        output = response.text[:8000]
    except httpx.HTTPError as error:
        output = f"The tool {call.function.name} could not be reached: {error}"
    return {"tool_call_id": call.id, "output": output}


def explain_ending(run):
    if run.status == "failed":
        reason = run.last_error.message if run.last_error else "it gave no reason"
        return f"The assistant could not answer ({reason}). Send the message again."
    if run.status == "expired":
        return "The assistant took too long, and the service gave up. Send the message again."
    return f"The service stopped the answer ({run.status}). Send the message again."


def explain(error):
    """A sentence for the reader: what went wrong, and what to do."""
    if isinstance(error, ChatError):
        return str(error)
    if isinstance(error, (openai.APIConnectionError, httpx.HTTPError)):
        return f"{SERVICE_URL} cannot be reached. Check your network, and send again."
    if not isinstance(error, openai.APIStatusError):
        traceback.print_exception(error)  # for the author; the reader gets a sentence
        return f"This did not work ({type(error).__name__}). Send again, or tell the author."
    body = error.body if isinstance(error.body, dict) else {}
    reason = body.get("message") or body.get("msg") or "it gave no reason"
    if error.status_code == 401:
        return "The service does not accept this key. Check the key at the top, and send again."
    if error.status_code == 403:
        return f"This key may not use the assistant ({reason}). Ask its owner for access."
    if error.status_code == 404:
        return f"The service did not find it ({reason}). Press Clear, or check {ASSISTANT_ID!r}."
    if error.status_code == 429:
        seconds = error.response.headers.get("retry-after", "")
        wait = f"{seconds} s" if seconds.isdigit() else "a minute"
        return f"The service has too much to do ({reason}). Wait {wait}, and send again."
    return f"The service refused ({error.status_code}: {reason}). Send again, or press Clear."


async def send(words, history, key, thread_id):
    """One turn. The thread is made by the first; words that failed go back into the box."""
    if not words.strip():
        yield words, history, thread_id
        return
    history = [*history, {"role": "user", "content": words}]
    yield "", history, thread_id
    try:
        async with connect(key.strip()) as (client, http):
            if not thread_id:
                thread_id = (await client.beta.threads.create()).id
                yield "", history, thread_id
            answer = await ask(client, http, thread_id, words)
    except Exception as error:  # noqa: BLE001
        yield words, [*history, {"role": "assistant", "content": f"⚠️ {explain(error)}"}], thread_id
    else:
        yield "", [*history, {"role": "assistant", "content": answer}], thread_id


async def clear(key, thread_id):
    """Forget the conversation, here and at the service."""
    try:
        if thread_id:
            async with connect(key.strip()) as (client, _):
                await client.beta.threads.delete(thread_id)
    except Exception as error:  # noqa: BLE001
        gr.Warning(f"The conversation is still at the service. {explain(error)}")
    return "", [], ""


with gr.Blocks(title=TITLE, fill_height=True) as demo:
    gr.Markdown(f"# {TITLE}")
    key = gr.Textbox(DEMO_KEY, type="password", label="Key", info="It stays in this page's memory.")
    chat = gr.Chatbot(type="messages", label="Conversation", height=320, scale=1)
    box = gr.Textbox(label="Message", submit_btn=True, autofocus=True)
    clear_button = gr.Button("Clear")
    thread = gr.State("")
    sending = box.submit(send, [box, chat, key, thread], [box, chat, thread])
    clearing = [clear_button.click, chat.clear]  # the second is the chat's own bin
    gr.on(clearing, clear, [key, thread], [box, chat, thread], cancels=sending)

if __name__ == "__main__":
    demo.launch()
