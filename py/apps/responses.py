"""A chat with a model of a service that speaks the Responses API."""

from playpage import AssistantChat

AssistantChat(
    base_url="http://127.0.0.1:8001/v1",
    model="demo-model",
    api="responses",
    title="Ask the model",
    description="The service keeps the conversation, until *New conversation* is pressed.",
    follow_ups=["Say it in one sentence", "Give an example"],
).launch()
