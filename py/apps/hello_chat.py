"""The smallest chat: it needs no service and no key."""

import gradio as gr


def answer(message, history):
    return f"Hello! You said: {message}"


demo = gr.ChatInterface(answer, type="messages", title="Hello")
demo.launch()
