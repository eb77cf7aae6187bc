"""The figures of a scenario, beside what they may be at most or have to be at least."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from benchmarks.scenarios.plan import Stage
from benchmarks.scenarios.replies import Replies
from benchmarks.scenarios.sampling import Growth, Sample

SLOWER = 2.0
"""How many times as long as otherwise an answer may take where a server has too much to do."""
SLOWEST = 4.0
"""How many times the median the 99th percentile may be."""
RECOVERED_WITHIN_S = 5.0
RESTARTED_WITHIN_S = 20.0
GROWTH = 0.05
DESCRIPTORS = 4
"""Requests at hand have one each, so that two medians differ by some."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A number, and its bounds where it has any."""

    name: str
    value: float
    at_most: float | None = None
    at_least: float | None = None

    @property
    def met(self) -> bool:
        """Whether the number is within its bounds."""
        low = self.at_least is None or self.value >= self.at_least
        return low and (self.at_most is None or self.value <= self.at_most)

    def line(self) -> str:
        """Return the figure as a line of a table."""
        bounds = [(self.at_least, "at least"), (self.at_most, "at most")]
        told = ", ".join(f"{word} {bound:g}" for bound, word in bounds if bound is not None)
        verdict = "" if not told else "met" if self.met else "NOT MET"
        return f"{self.name:<44}{self.value:>12,.5g}  {told:<16}{verdict}".rstrip()


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What was seen of a scenario: its stages, replies, samples, and what was done meanwhile."""

    stages: Sequence[Stage]
    replies: Replies
    samples: Sequence[Sample]
    events: Sequence[tuple[float, str]]

    def of(self, name: str) -> Replies:
        """Return the replies of a stage."""
        return self.replies.of(self.stages, name)


Judge = Callable[[Run], Sequence[Figure]]


def _asked(replies: Replies, *, wrong_at_most: float | None = 0) -> list[Figure]:
    return [
        Figure(name="questions", value=len(replies), at_least=1),
        Figure(name="answered", value=len(replies.admitted)),
        Figure(name="wrong", value=replies.wrong.total(), at_most=wrong_at_most),
        Figure(name="answers, p50, ms", value=replies.percentile_ms(50)),
        Figure(name="answers, p99, ms", value=replies.percentile_ms(99)),
    ]


def steady(run: Run) -> Sequence[Figure]:
    """Everybody is answered, and nobody waits much longer than others."""
    p50, p99 = run.replies.percentile_ms(50), run.replies.percentile_ms(99)
    return [
        *_asked(run.replies),
        Figure(name="refused", value=run.replies.refused, at_most=0),
        Figure(name="p99 / p50", value=p99 / max(p50, 1e-9), at_most=SLOWEST),
    ]


def overload(run: Run) -> Sequence[Figure]:
    """Whoever is admitted hardly waits longer; all others are told to come again; it passes."""
    normal, most, after = (run.of(stage.name) for stage in run.stages)
    p99 = normal.percentile_ms(99)
    recovered_s = after.recovered_after_s(SLOWER * p99)
    return [
        *_asked(run.replies),
        Figure(name="refused before", value=normal.refused),
        Figure(name="refused at overload", value=most.refused, at_least=1),
        Figure(name="answered at overload", value=len(most.admitted), at_least=1),
        Figure(name="p99 before, ms", value=p99),
        Figure(name="p99 at overload, ms", value=most.percentile_ms(99)),
        Figure(
            name="p99 / p99 before", value=most.percentile_ms(99) / max(p99, 1e-9), at_most=SLOWER
        ),
        Figure(name="recovered after, s", value=recovered_s, at_most=RECOVERED_WITHIN_S),
    ]


def soak(run: Run) -> Sequence[Figure]:
    """Nothing grows."""
    growth = Growth.of(run.samples)
    more = growth.end_descriptors - growth.warm_descriptors
    return [
        *_asked(run.replies),
        Figure(name="refused", value=run.replies.refused, at_most=0),
        Figure(name="memory once warm, MB", value=growth.warm_mb),
        Figure(name="memory at the end, MB", value=growth.end_mb),
        Figure(name="memory, growth", value=growth.memory, at_most=GROWTH),
        Figure(name="descriptors once warm", value=growth.warm_descriptors),
        Figure(name="descriptors, more at the end", value=more, at_most=DESCRIPTORS),
    ]


def undisturbed(run: Run) -> Sequence[Figure]:
    """Everybody is answered, whatever happens meanwhile, and that did happen."""
    failed = [event for _, event in run.events if event not in ("swapped", "reloaded")]
    return [
        *_asked(run.replies),
        Figure(name="refused", value=run.replies.refused, at_most=0),
        Figure(name="happened meanwhile", value=len(run.events) - len(failed), at_least=1),
        Figure(name="failed to happen", value=len(failed), at_most=0),
        Figure(name="states of the stories answered from", value=run.replies.changes),
    ]


def killed(run: Run) -> Sequence[Figure]:
    """Soon everybody is answered again; what was being answered is lost."""
    [(at, _)] = run.events
    after = run.replies.within(at, float("inf"))
    recovered_s = after.recovered_after_s(float("inf"))
    return [
        *_asked(run.replies, wrong_at_most=None),
        Figure(name="wrong before", value=run.replies.within(0, at - 30).wrong.total(), at_most=0),
        Figure(name="refused", value=run.replies.refused),
        Figure(name="recovered after, s", value=recovered_s, at_most=RESTARTED_WITHIN_S),
    ]
