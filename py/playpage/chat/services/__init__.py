"""What answers a conversation: one module for each API.

base.py says what a service is, and runs the tools of a round; assistants.py (with
thread_answer.py), completions.py and responses.py (both on model.py) are the services;
streaming.py, citations.py and files.py are what they share. They import `messages`, `failures`,
`tools` and `markdown` of the chat and the SDK, and know neither Gradio nor the app.
"""
