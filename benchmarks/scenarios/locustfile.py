"""Visitors who ask: run by locust, in its environment, with the plan's file in `SCENARIO_PLAN`.

Each visitor asks every few seconds over a new connection, so that questions arrive at a constant
rate however long the replies take. Every reply is checked, and written down as a line of JSON.
"""

import json
import os
import random
import time
from collections.abc import Mapping
from itertools import count
from pathlib import Path
from typing import Any

from locust import FastHttpUser, LoadTestShape, events, task
from locust.contrib.fasthttp import ResponseContextManager

from benchmarks.scenarios.plan import EACH_ASKS_EVERY_S, Plan

PLAN = Plan.read(Path(os.environ["SCENARIO_PLAN"]))
GIVEN_UP_AFTER_S = 30.0
SEED = 8

_asked = count()
_in_order = random.Random(SEED).sample(  # noqa: S311 - the same order each time
    PLAN.questions, len(PLAN.questions)
)
_given: dict[tuple[str, int], object] = {}
_lines = PLAN.replies.open("a", encoding="utf-8", buffering=1)


class Stages(LoadTestShape):  # type: ignore[misc] # locust may not be installed
    """Has as many visitors as the plan's stage wants, until the last has ended."""

    def tick(self) -> tuple[int, float] | None:
        """Return how many visitors there are to be now, and how many may come in a second."""
        stage = PLAN.stage_at(self.get_run_time())
        return (stage.visitors, 1000.0) if stage else None


class Visitor(FastHttpUser):  # type: ignore[misc] # as above
    """Somebody who asks one question after the other."""

    network_timeout = connection_timeout = GIVEN_UP_AFTER_S
    max_retries = 0

    def on_start(self) -> None:
        """Come at any moment, so that visitors don't ask all at once."""
        before_the_first_s = random.uniform(0, EACH_ASKS_EVERY_S)  # noqa: S311 - no secret
        self._asks_at = time.monotonic() + before_the_first_s
        time.sleep(before_the_first_s)

    def wait_time(self) -> float:
        """Return the seconds until it is time for the next question.

        `constant_pacing` counts from when a visitor was made, the same moment for all: they
        would ask together from the second question on.
        """
        self._asks_at += EACH_ASKS_EVERY_S
        return max(0.0, self._asks_at - time.monotonic())

    @task  # type: ignore[untyped-decorator] # as above
    def ask(self) -> None:
        """Ask the next question, and check what comes back."""
        question = _in_order[next(_asked) % len(_in_order)]
        headers = {"Connection": "close"}
        began = time.monotonic()
        with self.client.post(
            "/v1/ask", json={"question": question}, headers=headers, catch_response=True
        ) as response:
            seconds = time.monotonic() - began
            wrong = _wrong(response, question)
            if wrong is None:
                response.success()
            else:
                response.failure(wrong)
        _write(began, seconds, response, wrong)


def _write(
    began: float, seconds: float, response: ResponseContextManager, wrong: str | None
) -> None:
    told = {"at": began, "seconds": seconds, "status": response.status_code, "wrong": wrong}
    if response.status_code == 200 and wrong is None:
        told["change"] = response.json()["receipt"]["change"]
    _lines.write(json.dumps(told) + "\n")


def _wrong(response: ResponseContextManager, question: str) -> str | None:
    """Return what is wrong with a reply; an early refusal that says when to come again is not."""
    if response.status_code == 0:
        return f"no reply: {response.error}"
    try:
        told = response.json()
    except ValueError:
        return f"{response.status_code}, no JSON"
    if response.status_code == 503:
        fit = response.headers.get("Retry-After", "").isdigit() and told.get("detail")
        return None if fit else "503 that doesn't say when to come again"
    if response.status_code != 200:
        return f"{response.status_code} {told.get('title')}"
    return _wrong_answer(told, question)


def _wrong_answer(told: Mapping[str, Any], question: str) -> str | None:
    """Return what is wrong with an answer: uncited, or another than was given of this state."""
    cited = [(one["story_id"], one["offsets"]["start"], one["quote"]) for one in told["citations"]]
    if told["status"] == "answered" and not (cited and all(quote for *_, quote in cited)):
        return "an answer without citations"
    said = (told["status"], told["answer"]["text"], cited)
    key = (question, told["receipt"]["change"])
    return None if _given.setdefault(key, said) == said else "another answer of the same state"


@events.quitting.add_listener  # type: ignore[untyped-decorator] # as above
def _ended(**_: object) -> None:
    _lines.close()
