"""The life of a run: it moves from status to status by the clock, and tells its listeners.

A run is moved by one asyncio task at a time: from `queued` to where it next
rests, which is `requires_action` or an end. Handing in tool outputs starts the
next task. A second task watches for the run's expiry.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable

from playpage_site.demo import objects
from playpage_site.demo.backend import Backend, BackendError
from playpage_site.demo.errors import bad_request
from playpage_site.demo.message_deltas import grow
from playpage_site.demo.script import Turn
from playpage_site.demo.settings import Settings
from playpage_site.demo.store import Json, RunRecord, Store, ThreadRecord, new_id, now
from playpage_site.demo.turns import results_of, said_in

#: The end of a run -> the field that holds its time, the status of a step that
#: was open, the reason in a message that was open.
ENDS = {
    "completed": ("completed_at", "completed", ""),
    "failed": ("failed_at", "failed", "run_failed"),
    "incomplete": ("completed_at", "completed", "max_tokens"),
    "expired": (None, "expired", "run_expired"),
    "cancelled": ("cancelled_at", "cancelled", "run_cancelled"),
}


class Engine:
    def __init__(self, store: Store, backend: Backend, settings: Settings) -> None:
        self.store = store
        self.backend = backend
        self.settings = settings

    def start(self, thread: ThreadRecord, run: RunRecord) -> None:
        """Set a new run going; its listeners, if any, are already in place."""
        thread.runs[run.obj["id"]] = run
        publish(run, "thread.run.created", run.obj)
        publish(run, "thread.run.queued", run.obj)
        run.tasks = [
            asyncio.create_task(self._advance(thread, run)),
            asyncio.create_task(self._expire(thread, run)),
        ]

    def submit(self, thread: ThreadRecord, run: RunRecord, outputs: dict[str, str]) -> None:
        """Hand in the outputs of all tool calls that the run waits for.

        Raises ApiError (400) when it waits for none, or for others.
        """
        if run.obj["status"] != "requires_action":
            raise bad_request(
                f'Runs in status "{run.obj["status"]}" do not accept tool outputs.', "tool_outputs"
            )
        step = run.steps[-1]
        calls = step["step_details"]["tool_calls"]
        wanted = [call["id"] for call in calls]
        if sorted(outputs) != sorted(wanted):
            raise bad_request(
                f"Expected tool outputs for call_ids {wanted}, got {list(outputs)}", "tool_outputs"
            )
        for call in calls:
            call["function"]["output"] = outputs[call["id"]]
        step.update(status="completed", completed_at=now(), usage=objects.usage("", ""))
        publish(run, "thread.run.step.completed", step)
        run.rounds_done += 1
        run.obj.update(status="queued", required_action=None)
        publish(run, "thread.run.queued", run.obj)
        run.tasks[0] = asyncio.create_task(self._advance(thread, run))

    def cancel(self, thread: ThreadRecord, run: RunRecord) -> None:
        """Ask an active run to stop; it is cancelled a moment later.

        Raises ApiError (400) when the run has ended, or is being cancelled.
        """
        if not run.active or run.obj["status"] == "cancelling":
            raise bad_request(f"Cannot cancel run with status '{run.obj['status']}'.")
        run.tasks[0].cancel()
        run.obj.update(status="cancelling", required_action=None)
        publish(run, "thread.run.cancelling", run.obj)
        run.tasks[0] = asyncio.create_task(self._finish_cancelling(thread, run))

    def drop(self, runs: Iterable[RunRecord]) -> None:
        """Stop runs whose thread is deleted."""
        for run in runs:
            for task in run.tasks:
                task.cancel()
            finish_listeners(run)

    async def _advance(self, thread: ThreadRecord, run: RunRecord) -> None:
        await asyncio.sleep(self.settings.clock_s)
        run.obj.update(status="in_progress", started_at=run.obj["started_at"] or now())
        publish(run, "thread.run.in_progress", run.obj)
        wait_s = self.settings.slow_s if run.plan.slow else self.settings.clock_s
        await asyncio.sleep(wait_s)
        if run.rounds_done < len(run.plan.rounds):
            self._ask_for_tools(run)
        elif run.plan.ending in ("completed", "incomplete"):
            await self._answer(thread, run)
        else:
            error = None
            if run.plan.ending == "failed":
                error = {"code": run.plan.error_code, "message": run.plan.error_message}
            self._end(thread, run, run.plan.ending, error)

    def _ask_for_tools(self, run: RunRecord) -> None:
        calls: list[Json] = [
            {
                "id": new_id("call"),
                "type": "function",
                "function": {"name": call.name, "arguments": call.arguments, "output": None},
            }
            for call in run.plan.rounds[run.rounds_done]
        ]
        step = objects.step(run.obj, "tool_calls", [])
        publish(run, "thread.run.step.created", step)
        publish(run, "thread.run.step.in_progress", step)
        step["step_details"]["tool_calls"] = calls
        run.steps.append(step)
        for index, call in enumerate(calls):
            publish(run, "thread.run.step.delta", step_delta(step["id"], index, call))
        asked = [
            {**call, "function": {key: call["function"][key] for key in ("name", "arguments")}}
            for call in calls
        ]
        action = {"type": "submit_tool_outputs", "submit_tool_outputs": {"tool_calls": asked}}
        run.obj.update(status="requires_action", required_action=action)
        publish(run, "thread.run.requires_action", run.obj)
        finish_listeners(run)

    async def _answer(self, thread: ThreadRecord, run: RunRecord) -> None:
        """Write the assistant's message, piece by piece, and end the run."""
        turn = Turn(said_in(thread, self.store), run.obj["instructions"], results_of(run))
        message = objects.message(
            thread.obj["id"],
            "assistant",
            [],
            status="in_progress",
            completed_at=None,
            assistant_id=run.obj["assistant_id"],
            run_id=run.obj["id"],
        )
        step = objects.step(run.obj, "message_creation", {"message_id": message["id"]})
        run.steps.append(step)
        publish(run, "thread.run.step.created", step)
        publish(run, "thread.run.step.in_progress", step)
        thread.messages.append(message)
        publish(run, "thread.message.created", message)
        publish(run, "thread.message.in_progress", message)
        try:
            async for delta in grow(message, self.backend.words(turn), run.plan, self.store):
                publish(run, "thread.message.delta", delta)
                await asyncio.sleep(self.settings.piece_s)
                if run.plan.ending == "incomplete":
                    break
        except BackendError as error:
            self._end(thread, run, "failed", {"code": "server_error", "message": str(error)})
            return
        self._end(thread, run, run.plan.ending, None)

    async def _expire(self, thread: ThreadRecord, run: RunRecord) -> None:
        await asyncio.sleep(self.settings.expires_s)
        run.tasks[0].cancel()
        self._end(thread, run, "expired", None)

    async def _finish_cancelling(self, thread: ThreadRecord, run: RunRecord) -> None:
        settings = self.settings
        await asyncio.sleep(settings.slow_s if run.plan.holds else settings.clock_s)
        self._end(thread, run, "cancelled", None)

    def _end(self, thread: ThreadRecord, run: RunRecord, status: str, error: Json | None) -> None:
        """Bring the run, and what of it is open, to an end."""
        time_field, step_status, reason = ENDS[status]
        open_messages = [
            message
            for message in thread.messages
            if message["run_id"] == run.obj["id"] and message["status"] == "in_progress"
        ]
        said = turn_text(thread)
        for message in open_messages:
            if reason:
                message.update(
                    status="incomplete", incomplete_details={"reason": reason}, incomplete_at=now()
                )
                publish(run, "thread.message.incomplete", message)
            else:
                message.update(status="completed", completed_at=now())
                publish(run, "thread.message.completed", message)
        answered = " ".join(map(message_text, open_messages))
        spent = objects.usage(said, answered)
        for step in run.steps:
            if step["status"] == "in_progress":
                step.update(status=step_status, last_error=error, usage=spent)
                step[f"{step_status}_at"] = now()
                publish(run, f"thread.run.step.{step_status}", step)
        run.obj.update(status=status, required_action=None, last_error=error, expires_at=None)
        run.obj["usage"] = spent
        if time_field:
            run.obj[time_field] = now()
        if status == "incomplete":
            run.obj["incomplete_details"] = {"reason": "max_completion_tokens"}
        publish(run, f"thread.run.{status}", run.obj)
        finish_listeners(run)
        run.tasks[1].cancel()


def publish(run: RunRecord, event: str, data: Json) -> None:
    """Tell the listeners; as text, for the object goes on changing."""
    text = json.dumps(data, ensure_ascii=False)
    for queue in run.listeners:
        queue.put_nowait((event, text))


def finish_listeners(run: RunRecord) -> None:
    for queue in run.listeners:
        queue.put_nowait(("done", "[DONE]"))
    run.listeners.clear()


def step_delta(step_id: str, index: int, call: Json) -> Json:
    details = {"type": "tool_calls", "tool_calls": [{"index": index, **call}]}
    delta = {"step_details": details}
    return {"id": step_id, "object": "thread.run.step.delta", "delta": delta}


def message_text(message: Json) -> str:
    return " ".join(part["text"]["value"] for part in message["content"] if part["type"] == "text")


def turn_text(thread: ThreadRecord) -> str:
    return " ".join(map(message_text, thread.messages))
