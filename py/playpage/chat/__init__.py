"""A chat with an assistant: `AssistantChat` in app.py, and the rooms it is made of.

messages.py (a conversation), markdown.py, languages/ and settings.py import nothing of the rest;
failures.py imports languages; tools.py failures.
export.py      a conversation as Markdown and as JSON
services/      answer a conversation, one module for each API
connection.py  key, address, and a connection to a service for each exchange
exchange.py    has a service answer one turn; failures become sentences
pace.py        when an answer that is being written is shown
ui/            what the reader sees
app.py         connects all of these; nothing imports it

Imports go up this list only. ui/ and app.py alone know Gradio; services/, connection.py,
exchange.py, tools.py and failures.py may import the SDK, httpx and pydantic. No room imports
`playpage.runtime` or `httpx_pyfetch`: the same code runs on a desktop.
"""
