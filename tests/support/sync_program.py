"""A desktop program that uses the SDK's synchronous client."""

from __future__ import annotations

HOST = "assistants.example"


OWN = f"""\
import json
from openai import OpenAI

API_KEY = ''
ASSISTANT_ID = ''
client = OpenAI(base_url="https://{HOST}/api/assts/v1", api_key=API_KEY)
thread = client.beta.threads.create()
client.beta.threads.messages.create(thread.id, role="user", content="weather in Rome")
run = client.beta.threads.runs.create_and_poll(thread_id=thread.id, assistant_id=ASSISTANT_ID)
while run.status == "requires_action":
    outputs = []
    for call in run.required_action.submit_tool_outputs.tool_calls:
        answer = client._client.post(
            f"{{client.base_url}}pluginapi",
            params={{"tid": thread.id, "aid": ASSISTANT_ID, "pid": call.function.name}},
            headers={{"Authorization": f"Bearer {{API_KEY}}"}},
            json=json.loads(call.function.arguments),
        )
        outputs.append({{"tool_call_id": call.id, "output": answer.text}})
    run = client.beta.threads.runs.submit_tool_outputs_and_poll(
        run_id=run.id, thread_id=thread.id, tool_outputs=outputs
    )
messages = client.beta.threads.messages.list(thread_id=thread.id, order="desc")
print(messages.data[0].content[0].text.value)
"""
