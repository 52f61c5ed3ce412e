"""A chat whose model calls functions of this file, in the reader's browser."""

from datetime import date

from playpage import AssistantChat


def days_until(day: date) -> int:
    """How many days it is until a day."""
    return (day - date.today()).days


async def get_weather(location: str) -> dict[str, object]:
    """The weather in a place now. A real one would ask a service with `httpx`."""
    return {"location": location, "temperature_c": 21, "conditions": "sunny"}


AssistantChat(
    base_url="http://127.0.0.1:8001/v1",
    model="demo-model",
    title="Ask about days and weather",
    tools=[days_until, get_weather],
    examples=["What is the weather in Paris and Rome?", 'call days_until {"day": "2030-01-01"}'],
).launch()
