/**
 * What links are compressed against: pieces of Python that programs for this page are made of, the
 * likeliest last. Not a program. It is part of version 2 of the format (py/playpage_site/links/v2.py, which
 * reads it from this file: all between the two backticks): a change of one character would break
 * every link there is, so an improvement takes a new version number.
 */
export const DICTIONARY = String.raw`    except ValueError as error:
        raise gr.Error(f"Something went wrong: {error}") from error
with open("data.json", encoding="utf-8") as file:
    data = json.load(file)
import numpy as np
import pandas as pd
import matplotlib.pyplot as plt
from pathlib import Path
from dataclasses import dataclass, field
from typing import Any
import asyncio
import base64
import random
import time
import math
import sys
import re
import os
os.environ["OPENAI_API_KEY"]
os.environ.get("OPENAI_API_KEY", "")
    for index, item in enumerate(items):
        if not isinstance(value, str):
            continue
    return "\n".join(lines)
    return sorted(result, key=lambda pair: pair[1], reverse=True)
print(f"{len(rows)} rows")
def greet(name):
    return f"Hello, {name}!"
    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(**kwargs)
    gr.Dataframe(headers=["name", "value"], datatype=["str", "number"], row_count=5, col_count=(2, "fixed"), interactive=True)
    gr.Dropdown(choices=["first", "second"], value="first", label="Choose one", multiselect=False)
    gr.Slider(minimum=0, maximum=100, value=50, step=1, label="Temperature")
    gr.Radio(["yes", "no"], label="Answer"), gr.Checkbox(label="Stream", value=True), gr.Number(value=1, label="Number")
    gr.Image(type="pil", label="Image"), gr.Audio(type="filepath"), gr.File(label="File"), gr.Plot(), gr.JSON(), gr.HTML(), gr.Code(language="python")
    with gr.Tab("Settings"):
    with gr.Accordion("Options", open=False):
    with gr.Column(scale=1):
    with gr.Row():
        submit = gr.Button("Submit", variant="primary")
        clear = gr.ClearButton([box, chatbot])
demo = gr.Interface(fn=greet, inputs=["text", "slider"], outputs=["text"], title="Hello", description="", examples=[["World", 1]])
with gr.Blocks(title=TITLE, theme=gr.themes.Soft(), css="footer {visibility: hidden}", fill_height=True) as demo:
    gr.Markdown("# Ask the assistant")
    key = gr.Textbox(label="API key", type="password", placeholder="sk-", lines=1)
    chatbot = gr.Chatbot(type="messages", label="Conversation", height=400, scale=1)
    box = gr.Textbox(label="Message", placeholder="Type a message", submit_btn=True, autofocus=True, show_label=False, container=False)
    state = gr.State([])
    button.click(fn=run, inputs=[box, key], outputs=[output], api_name=False)
    box.submit(respond, [box, chatbot], [box, chatbot], queue=False).then(bot, chatbot, chatbot)
    history = history + [(message, "")]
    history.append({"role": "assistant", "content": answer})
demo.queue().launch(share=False, debug=True)
async def respond(message, history, system_message, max_tokens, temperature, top_p):
    messages = [{"role": "system", "content": "You are a helpful assistant. Answer in the language of the question."}]
    for user, bot in history:
        messages.append({"role": "user", "content": user})
    messages.append({"role": "user", "content": message})
    stream = await client.chat.completions.create(model="gpt-4o-mini", messages=messages, stream=True, temperature=0.7, max_tokens=1000)
    text = ""
    async for chunk in stream:
        if chunk.choices and chunk.choices[0].delta.content:
            text += chunk.choices[0].delta.content
            yield text
    response = client.responses.create(model=MODEL, input=messages, instructions=INSTRUCTIONS, tools=[{"type": "function", "function": {"name": "get_weather", "description": "", "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}}}])
    return completion.choices[0].message.content
import openai
from openai import OpenAI
import warnings
import requests
import traceback
client = OpenAI(base_url=BASE_URL, api_key=API_KEY)
BASE_URL = "https://api.openai.com/v1"
MODEL = "gpt-4o-mini"
TITLE = "Ask the assistant"
# Fill in your key and the id of the assistant.
SERVICE_URL = "https://
API_KEY = ""
ASSISTANT_ID = "asst_
ASSISTANT_ID = ""
SERVICE = "https://assistants.example/api/v1"
import micropip
await micropip.install(["openai==1.109.1"])
await micropip.install('openai==1.39.0')
import json
from datetime import datetime
import gradio as gr
import httpx
from openai import AsyncOpenAI
from pyodide.http import pyfetch


class BrowserFetch(httpx.AsyncBaseTransport):
    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        options = {"method": request.method, "headers": dict(request.headers)}
        body = request.content if request.method == "POST" else None
        options["body"] = json.dumps(data, ensure_ascii=False).encode()
        response = await pyfetch(str(request.url), **options)
        content = await response.bytes()
        return httpx.Response(response.status, headers=response.headers, content=content)


http = httpx.AsyncClient(transport=BrowserFetch())
client = AsyncOpenAI(api_key=API_KEY, base_url=SERVICE_URL, http_client=http)
threads = client.beta.threads
async def call_tool(thread, call):
    reply = await http.post(
        SERVICE + "/pluginapi",
        params={"tid": thread.id, "aid": ASSISTANT_ID, "pid": call.function.name},
        headers={"Authorization": f"Bearer {API_KEY}", "Content-Type": "application/json"},
        json=json.loads(call.function.arguments),
    )
    return {"tool_call_id": call.id, "output": reply.text[:8000]}
async def answer(message, history):
    past = []
    for question, answer in history:
        past += [{"role": "user", "content": question}, {"role": "assistant", "content": answer}]
    thread = await threads.create(messages=past)
    await threads.messages.create(thread_id=thread.id, role="user", content=message)
    run = await client.beta.threads.runs.create_and_poll(
        thread_id=thread.id,
        assistant_id=ASSISTANT_ID,
        additional_instructions=f"It is now {datetime.now()}.",
        poll_interval_ms=500, timeout=60,
    )
    while run.status == "requires_action":
        calls = run.required_action.submit_tool_outputs.tool_calls
        run = await client.beta.threads.runs.submit_tool_outputs_and_poll(
            run_id=run.id, thread_id=thread.id, tool_outputs=outputs
        )
    if run.status == "failed":
        return run.last_error.message
    if run.status != "completed":
        return f"The run ended as {run.status}: {run.last_error}"
    messages = await client.beta.threads.messages.list(thread_id=thread.id, order="desc", limit=1)
    await client.beta.threads.delete(thread_id=thread.id)
    return messages.data[0].content[0].text.value


if __name__ == "__main__":
    demo = gr.ChatInterface(answer, type="messages", title=TITLE, description="", examples=["hello"])
gr.ChatInterface(answer, title="Ask the assistant").launch()
    demo = gr.ChatInterface(reply)
    demo.launch()
{"runtime":"gradio-lite-5","files":[["app.py",1000],["data.json",2000]],"entry":"app.py","options":{"theme":"dark","editor":false}}{"runtime":"gradio-lite-5","requirements":["openai==1.39.0"]}`;
