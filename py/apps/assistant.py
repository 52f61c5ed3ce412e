"""A chat with one assistant of a service that speaks the Assistants API.

Set the address, the assistant's id and a title, and share it as a link. It runs in the
reader's browser, who types the key.
"""

from playpage import AssistantChat

AssistantChat(
    base_url="http://127.0.0.1:8001/v1",
    assistant_id="asst_demo",
    title="Ask the assistant",
).launch()
