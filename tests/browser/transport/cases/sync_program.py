"""A plain desktop program, as a reader would paste it: its own lines know of no browser."""

# mypy: ignore-errors
# The program is read as text and run under several versions of the SDK.

import json

from openai import OpenAI

ASSISTANT_API = "https://prod.dvcbot.net/api/assts/v1"
API_KEY = ""
ASSISTANT_ID = ""

client = OpenAI(base_url=ASSISTANT_API, api_key=API_KEY)
picture = {"type": "image_url", "image_url": {"url": "https://example.com/cat.jpg"}}
thread = client.beta.threads.create(messages=[])
for content in ([picture], "weather in Paris"):
    client.beta.threads.messages.create(thread_id=thread.id, role="user", content=content)
run = client.beta.threads.runs.create_and_poll(
    thread_id=thread.id, assistant_id=ASSISTANT_ID, poll_interval_ms=100
)
while run.status == "requires_action":
    outputs = []
    for call in run.required_action.submit_tool_outputs.tool_calls:
        answer = client._client.post(
            ASSISTANT_API + "/pluginapi",
            params={"tid": thread.id, "aid": ASSISTANT_ID, "pid": call.function.name},
            headers={"Authorization": "Bearer " + API_KEY},
            json=json.loads(call.function.arguments),
        )
        outputs.append({"tool_call_id": call.id, "output": answer.text[:8000]})
    run = client.beta.threads.runs.submit_tool_outputs_and_poll(
        run_id=run.id, thread_id=thread.id, tool_outputs=outputs, poll_interval_ms=100
    )
messages = client.beta.threads.messages.list(thread_id=thread.id, order="desc")
client.beta.threads.delete(thread_id=thread.id)
print(messages.data[0].content[0].text.value)
