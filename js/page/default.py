# A small chat that needs no service: change it and press Run.
import random
from datetime import datetime

import gradio as gr


async def reply(message, history):
    words = message.lower().split()
    if "time" in words:
        return f"It is {datetime.now():%H:%M} on this device."
    if "dice" in words or "roll" in words:
        return f"You rolled a {random.randint(1, 6)}."
    return f"You said: {message}"


demo = gr.ChatInterface(
    reply,
    type="messages",
    title="Hello from your browser",
    description="Python runs on this page. Nothing is sent anywhere.",
    examples=["hello", "what time is it", "roll the dice"],
)
demo.launch()
