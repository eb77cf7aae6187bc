"""The citations of an answer: who says so, who prints it too, and who says otherwise."""

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from corpus.store import StoryStore
from qa.answer import Agreement, Citation, Role
from qa.composing.lists import Listing
from qa.evidence import Candidate, Mention, cite, cite_words
from qa.understanding.answer_types import AnswerType
from qa.values.normalize import value_of
from qa.values.same import same_words

logger = logging.getLogger(__name__)

SUPPORTS_SHOWN = 4
REPRINTS_SHOWN = 3
CONFLICTS_SHOWN = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """Cites what was read for a question of *answer_type*.

    *group_of* maps stories to the one that stands for all their reprints.
    """

    store: StoryStore
    answer_type: AnswerType
    group_of: Mapping[str, str] = field(default_factory=dict)

    def citations(
        self,
        candidate: Candidate,
        contrary: Sequence[Mention] = (),
        *,
        whole: Listing | None = None,
    ) -> tuple[Citation, ...]:
        """Return the checked citations of an answer; none at all if its own words fail.

        Of a *whole* list, all of it is quoted.

        The best comes first, then those that support it, each from another story than its
        reprints; then the reprints of the best, and those of *contrary*.
        """
        best = candidate.best
        start, end = (whole.start, whole.end) if whole else best.place[1:]
        primary = cite_words(self.store, best.hit.story, start, end, n=1, role="primary")
        if primary is None:
            logger.error("the words of an answer are not in story %s", best.place[0])
            return ()
        found = [
            primary,
            *self._supporting(primary, candidate),
            *self._reprints(primary),
            *self._cited(contrary[:CONFLICTS_SHOWN], "conflicts"),
        ]
        return tuple(
            replace(citation, n=n, normalized=value_of(citation.quote, self.answer_type))
            for n, citation in enumerate(found, start=1)
        )

    def _supporting(self, primary: Citation, candidate: Candidate) -> list[Citation]:
        """Return the other sentences that say so, of a story and of its reprints only one's."""
        told_by = {self._group(primary.story_id): primary.story_id}
        seen = {(primary.story_id, primary.sentence_start)}
        supporting: list[Citation] = []
        for support in self._cited(candidate.supporting(), "supports"):
            place = support.story_id, support.sentence_start
            teller = told_by.setdefault(self._group(support.story_id), support.story_id)
            if teller == support.story_id and place not in seen:
                seen.add(place)
                supporting.append(support)
            if len(supporting) == SUPPORTS_SHOWN:
                break
        return supporting

    def _reprints(self, primary: Citation) -> Iterator[Citation]:
        """Yield the answer's sentence as the reprints of its story print it."""
        others = self.store.stories(self.store.reprints(primary.story_id)[:REPRINTS_SHOWN])
        for story in others.values():
            sentence_start = story.body.find(primary.sentence)
            start = sentence_start + primary.start - primary.sentence_start
            end = start + len(primary.quote)
            cited = sentence_start >= 0 and cite_words(
                self.store, story, start, end, n=1, role="reprint"
            )
            if cited:
                yield cited

    def _cited(self, mentions: Sequence[Mention], role: Role) -> Iterator[Citation]:
        return filter(None, (cite(self.store, mention, n=1, role=role) for mention in mentions))

    def _group(self, story_id: str) -> str:
        return self.group_of.get(story_id, story_id)


def agreement_of(
    citations: Sequence[Citation], group_of: Mapping[str, str] | None = None
) -> Agreement:
    """Return how many stories say so, how many of them independently, and how many otherwise.

    Stories are independent that are no reprints of each other, by *group_of*, and don't say it in
    the very same sentence.
    """
    groups = group_of or {}
    saying = [citation for citation in citations if citation.role in ("primary", "supports")]
    against = [citation for citation in citations if citation.role == "conflicts"]
    teller_of = {
        same_words(c.sentence): groups.get(c.story_id, c.story_id) for c in reversed(saying)
    }
    return Agreement(
        supporting_stories=len({citation.story_id for citation in saying}),
        independent=len(set(teller_of.values())),
        conflicting=len({groups.get(c.story_id, c.story_id) for c in against}),
    )


def newest_first(citations: Sequence[Citation]) -> list[Citation]:
    """Return *citations* by the dates of their stories, undated ones last."""
    return sorted(citations, key=lambda one: str(one.published_at or ""), reverse=True)
