"""Visits: what was found at a place, and how the store is made to follow it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Protocol

from corpus.errors import CorpusError, StoryNotFound
from corpus.ingest import IngestReport, Intake
from corpus.origins import LISTING, Origin, Origins
from corpus.refusal import Refusal
from corpus.sources import Outcome
from corpus.store import StoryStore


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """What was found at *origin*'s place.

    *known* says that it is as it was, so that nothing was read. *gone* is why there is nothing any
    more. *whole* says that all it holds is in *outcomes*, so that stories which it held before and
    holds no longer are gone. *lasting* is False where there is more to read there next time.
    """

    origin: Origin
    outcomes: Iterable[Outcome] = ()
    known: bool = False
    gone: CorpusError | None = None
    whole: bool = False
    lasting: bool = True


class Source(Protocol):
    """Something that is followed: a folder, a feed, a page, a search."""

    name: str

    def visits(self) -> Iterator[Visit]:
        """Yield what has changed; raise a `CorpusError` where it can't be reached as a whole."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """A place that is gone, and how many stories were read there alone."""

    place: str
    reason: str
    stories: int


@dataclass(slots=True, kw_only=True)
class _Gone:
    missing: list[Missing] = field(default_factory=list)
    removed: int = 0


class Follower:
    """Takes visits into the store, and remembers each place once its stories are in.

    Stories of places that are gone are removed where *delete_missing*, else told once.
    """

    def __init__(
        self,
        store: StoryStore,
        origins: Origins,
        *,
        publisher: str | None = None,
        delete_missing: bool = False,
    ) -> None:
        self._store = store
        self._origins = origins
        self._intake = Intake(store, publisher)
        self._delete = delete_missing
        self._gone = _Gone()

    @property
    def report(self) -> IngestReport:
        """What became of the stories."""
        return self._intake.report

    @property
    def missing(self) -> tuple[Missing, ...]:
        """The places that were found gone."""
        return tuple(self._gone.missing)

    @property
    def removed(self) -> int:
        """How many stories were removed with them."""
        return self._gone.removed

    def take(self, visit: Visit) -> None:
        """Let the store hold what the place holds."""
        before = self._origins.at(visit.origin.place)
        held = before.story_ids if before else frozenset()
        if visit.gone is not None:
            self._lose(visit.origin, held, visit.gone)
        elif visit.known:
            self._intake.pass_over(len(held))
            self._origins.keep(replace(visit.origin, story_ids=held, missing=False))
        else:
            self._write(visit, held)

    def _write(self, visit: Visit, held: frozenset[str]) -> None:
        given = set()
        refused = False

        def noted() -> Iterator[Outcome]:
            nonlocal refused
            for outcome in visit.outcomes:
                if isinstance(outcome, Refusal):
                    refused = True
                else:
                    given.add(outcome.story_id)
                yield outcome

        self._intake.take(noted())
        self._intake.write()
        if not visit.lasting:
            return
        # A file that can't be read whole may still hold what it held.
        certain = visit.whole and not refused
        kept = given if certain or visit.origin.stamp == LISTING else held | given
        self._origins.keep(replace(visit.origin, story_ids=frozenset(kept)))
        if certain and held - given:
            self._part(visit.origin.place, held - given, "no longer in it")

    def _lose(self, origin: Origin, held: frozenset[str], reason: CorpusError) -> None:
        before = self._origins.at(origin.place)
        if before is None:
            self._intake.take([Refusal(source=origin.place, error=reason)])
            return
        if self._delete:
            self._part(origin.place, held, str(reason))
            self._origins.forget(origin.place)
        elif not before.missing:
            self._part(origin.place, held, str(reason))
            self._origins.keep(replace(before, missing=True))

    def _part(self, place: str, story_ids: frozenset[str], reason: str) -> None:
        """Remove the stories that only *place* had, or tell of them."""
        alone = [one for one in sorted(story_ids) if not self._origins.has_another(one, place)]
        self._gone.missing.append(Missing(place=place, reason=reason, stories=len(alone)))
        if self._delete:
            for story_id in alone:
                try:
                    self._store.remove(story_id)
                except StoryNotFound:
                    continue
                self._gone.removed += 1
