"""A chat with a model of a service that speaks Chat Completions, as most do."""

from playpage import AssistantChat

AssistantChat(
    base_url="http://127.0.0.1:8001/v1",
    model="demo-model",
    title="Ask the model",
    instructions="Answer briefly, in the language of the question.",
    examples=["hello", "markdown"],
).launch()
