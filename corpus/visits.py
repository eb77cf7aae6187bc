"""Visits: what was found at a place, and how the store is made to follow it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Protocol

from corpus.errors import CorpusError, StoryNotFound
from corpus.ingest import BATCH, IngestReport, Intake
from corpus.origins import LISTING, Origin, Origins
from corpus.refusal import Refusal
from corpus.sources import Outcome
from corpus.store import StoryStore

_NONE: frozenset[str] = frozenset()


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


class Follower:
    """Takes visits into the store, and remembers each place once its stories are in.

    Files are written in batches, what was fetched at once. Stories of places that are gone are
    removed where *delete_missing*, else told once.
    """

    def __init__(
        self,
        store: StoryStore,
        origins: Origins,
        *,
        publisher: str | None = None,
        delete_missing: bool = False,
    ) -> None:
        self.removed = 0
        self._store = store
        self._origins = origins
        self._intake = Intake(store, publisher)
        self._delete = delete_missing
        self._missing: list[Missing] = []
        self._waiting: list[tuple[Origin, frozenset[str]]] = []

    @property
    def report(self) -> IngestReport:
        """What became of the stories."""
        return self._intake.report

    @property
    def missing(self) -> tuple[Missing, ...]:
        """The places that were found gone."""
        return tuple(self._missing)

    def follow(self, visits: Iterable[Visit]) -> None:
        """Let the store hold what the places hold; what was taken in is in even after an error."""
        try:
            for visit in visits:
                self._take(visit)
        finally:
            self._write()

    def _take(self, visit: Visit) -> None:
        before = self._origins.at(visit.origin.place)
        held = before.story_ids if before else frozenset()
        if visit.gone is not None:
            self._write()
            self._lose(visit.origin.place, before, visit.gone)
        elif visit.known:
            self._intake.pass_over(len(held))
            self._waiting.append((replace(visit.origin, story_ids=held, missing=False), _NONE))
        else:
            self._read(visit, held)
        if not visit.whole or len(self._waiting) >= BATCH:
            self._write()

    def _read(self, visit: Visit, held: frozenset[str]) -> None:
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
        if visit.lasting:
            # A file that can't be read whole may still hold what it held.
            certain = visit.whole and not refused
            kept = given if certain or visit.origin.stamp == LISTING else held | given
            origin = replace(visit.origin, story_ids=frozenset(kept))
            self._waiting.append((origin, held - given if certain else _NONE))

    def _write(self) -> None:
        """Write the stories that wait, then the places that gave them."""
        self._intake.write()
        written, self._waiting = self._waiting, []
        self._origins.keep(origin for origin, _ in written)
        for origin, dropped in written:
            if dropped:
                self._part(origin.place, dropped, "no longer in it")

    def _lose(self, place: str, before: Origin | None, reason: CorpusError) -> None:
        if before is None:
            self._intake.take([Refusal(source=place, error=reason)])
        elif self._delete:
            self._part(place, before.story_ids, str(reason))
            self._origins.forget(place)
        elif not before.missing:
            self._part(place, before.story_ids, str(reason))
            self._origins.keep([replace(before, missing=True)])

    def _part(self, place: str, story_ids: frozenset[str], reason: str) -> None:
        """Remove the stories that only *place* had, or tell of them."""
        alone = [one for one in sorted(story_ids) if not self._origins.has_another(one, place)]
        self._missing.append(Missing(place=place, reason=reason, stories=len(alone)))
        if self._delete:
            for story_id in alone:
                try:
                    self._store.remove(story_id)
                except StoryNotFound:
                    continue
                self.removed += 1
