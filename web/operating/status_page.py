"""The page for operators: what a server holds, and how the last hour and day were."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from typing import Any

from flask import Flask, render_template

from qa.assistant import Assistant
from qa.operations.following import open_intake_log
from qa.settings import Settings
from web.operating import plots
from web.operating.metrics import Metrics
from web.operating.recent import MINUTES_KEPT, NO_BAND, Spell, together
from web.operating.watchers import only_watchers

HOUR = 60
ROW_MINUTES = 5
STAGES = ("retrieve", "read", "compose", "recall", "total")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A line of a table: what is counted, in the last hour and in the last day."""

    name: str
    hour: int
    day: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """How long one stage of the last hour's answers took, in milliseconds."""

    name: str
    answers: int
    p50: float | None
    p95: float | None
    p99: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """Some minutes of the last hour; *ago* is how many minutes ago they began."""

    ago: int
    requests: int
    failed: int
    answers: int
    p50: float | None
    p95: float | None


def register(app: Flask, metrics: Metrics, assistant: Assistant, settings: Settings) -> None:
    """Show those who may watch *app* how it does, at `/status`."""
    intake = open_intake_log(settings)

    @app.get("/status")
    @only_watchers(settings.web.metrics)
    def status() -> str:
        now = datetime.now(UTC)
        return render_template(
            "status.html",
            now=now,
            version=version("dateline"),
            assistant=assistant,
            not_ready=assistant.ready(),
            overview=assistant.store.overview(),
            lag=assistant.store.change - assistant.retriever.index.change,
            intake=intake.totals(),
            process=_process(metrics, now),
            **_lately(metrics),
        )


def _process(metrics: Metrics, now: datetime) -> dict[str, Any]:
    """Return what the operating system says of this process, None for what it doesn't."""
    read = metrics.registry.get_sample_value
    began = read("process_start_time_seconds")
    return {
        "uptime": _span(now.timestamp() - began) if began else None,
        "memory": read("process_resident_memory_bytes"),
        "files": read("process_open_fds"),
    }


def _lately(metrics: Metrics) -> dict[str, Any]:
    minutes = metrics.recent.minute_by_minute(MINUTES_KEPT)
    last = minutes[-HOUR:]
    hour, day = together(last), together(minutes)
    return {
        "hour": hour,
        "day": day,
        "answers": _rows(hour, day, lambda spell: _named(spell.answers)),
        "reasons": _rows(hour, day, lambda spell: spell.reasons),
        "verdicts": _rows(hour, day, lambda spell: spell.verdicts),
        "stages": [_stage(hour, name) for name in STAGES if hour.count(name)],
        "requests_plot": plots.counts(
            [minute.requests for minute in last], [minute.failed for minute in last]
        ),
        "times_plot": plots.ranges(_times(last, 50), _times(last, 95)),
        "stretches": _stretches(last),
    }


def _rows(hour: Spell, day: Spell, counted: Callable[[Spell], Counter[str]]) -> list[Row]:
    """Return what is *counted*, the most frequent of the day first."""
    of_hour = counted(hour)
    return [
        Row(name=name, hour=of_hour[name], day=count)
        for name, count in sorted(counted(day).items(), key=lambda one: (-one[1], one[0]))
    ]


def _named(answers: Counter[tuple[str, str]]) -> Counter[str]:
    """Return *answers* by status and, of those that were given, confidence."""
    named: Counter[str] = Counter()
    for (status, band), count in answers.items():
        named[status if band == NO_BAND else f"{status}, {band} confidence"] += count
    return named


def _stage(hour: Spell, name: str) -> Stage:
    p50, p95, p99 = (hour.percentile_ms(name, percent) for percent in (50, 95, 99))
    return Stage(name=name, answers=hour.count(name), p50=p50, p95=p95, p99=p99)


def _times(minutes: Iterable[Spell], percent: float) -> list[float | None]:
    return [minute.percentile_ms("total", percent) for minute in minutes]


def _stretches(minutes: Sequence[Spell]) -> list[Stretch]:
    """Return the numbers behind the plots, some minutes a row, the newest first."""
    found = []
    for began in range(len(minutes) - ROW_MINUTES, -1, -ROW_MINUTES):
        spell = together(minutes[began : began + ROW_MINUTES])
        found.append(
            Stretch(
                ago=len(minutes) - began,
                requests=spell.requests,
                failed=spell.failed,
                answers=spell.count("total"),
                p50=spell.percentile_ms("total", 50),
                p95=spell.percentile_ms("total", 95),
            )
        )
    return found


def _span(seconds: float) -> str:
    """Return a length of time in its two largest units."""
    length = timedelta(seconds=round(seconds))
    hours, minutes = divmod(length.seconds // 60, 60)
    if length.days:
        return f"{length.days} d {hours} h"
    return f"{hours} h {minutes} min" if hours else f"{minutes} min {length.seconds % 60} s"
