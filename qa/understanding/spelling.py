"""Words that no story has, respelt as the stories spell a word much like them."""

import re
from dataclasses import dataclass

from rapidfuzz.distance import OSA
from rapidfuzz.process import extract

from corpus.store import StoryStore
from embeddings.vocabulary import Vocabulary
from qa.question import QUESTION_WORDS

MIN_CHARS = 5
"""Shorter words, of four letters at least, have many neighbours: only one of
MIN_PASSAGES_OF_SHORT passages will do."""

TWO_EDITS_FROM = 8
"""Letters from which on a word may be two edits away; one that is shorter, one."""

MIN_PASSAGES = 2
MIN_PASSAGES_OF_SHORT = 50
TERMS_LOOKED_UP = 8
PASSAGES_LOOKED_UP = 6
PASSAGES_SAMPLED = 30
"""So many passages are found, and few looked up, since neighbours are of one story."""

ENDING = 4
"""Letters that inflection takes off a word, at most as a rule."""

MAX_UNKNOWN = 3
"""Of more unknown words than this, none is respelt: it's another language, or no question."""

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")


@dataclass(frozen=True, slots=True)
class Speller:
    """Respells questions by the words of the stories."""

    vocabulary: Vocabulary
    store: StoryStore

    def respelt(self, question: str) -> str | None:
        """Return *question* with its unknown words respelt; None if there is nothing to respell.

        Unknown is a word that no story has in any inflection. It is respelt as a word that is one
        edit away, or two if it is long, by optimal string alignment: an edit puts in, leaves out or
        replaces a letter, or swaps two neighbours.
        """
        unknown = [match for match in _WORD.finditer(question) if self._is_unknown(match.group())]
        if len(unknown) > MAX_UNKNOWN:
            return None
        text = question
        for match in reversed(unknown):
            word, owner = _without_owner(match.group())
            if better := self._nearest(word):
                text = text[: match.start()] + _in_case(better, word) + owner + text[match.end() :]
        return text if text != question else None

    def _is_unknown(self, word: str) -> bool:
        word, _ = _without_owner(word)
        return (
            len(word) >= MIN_CHARS - 1
            and not word.isupper()
            and word.casefold() not in QUESTION_WORDS
            and self.vocabulary.frequency(word) == 0
        )

    def _nearest(self, word: str) -> str | None:
        """Return the nearest word of the stories, the most frequent of those as near."""
        folded = word.casefold()
        edits = 2 if len(word) >= TWO_EDITS_FROM else 1
        enough = MIN_PASSAGES if len(word) >= MIN_CHARS else MIN_PASSAGES_OF_SHORT
        best: tuple[int, int, str] | None = None
        for term, passages in self._terms_like(folded, edits, enough):
            for written in self._written(term):
                distance = OSA.distance(folded, written.casefold(), score_cutoff=edits)
                if distance <= edits and (best is None or (distance, -passages) < best[:2]):
                    best = distance, -passages, written
        return best[2] if best else None

    def _terms_like(self, folded: str, edits: int, enough: int) -> list[tuple[str, int]]:
        """Return terms near *folded*, nearest first, with the number of passages of each.

        Inflections hide an edit or make one, so that terms are compared with the word's own and
        with its beginnings; the words themselves are compared afterwards.
        """
        passages_of: dict[str, int] = {}
        for prefix in dict.fromkeys(folded[:2]):
            found = self.vocabulary.terms(prefix)
            passages_of |= {term: passages for term, passages in found if passages >= enough}
        terms = list(passages_of)
        near: dict[str, float] = {}
        own = self.vocabulary.term(folded)
        for term, distance, _ in extract(
            own, terms, scorer=OSA.distance, score_cutoff=edits, limit=None
        ):
            near[term] = distance
        for length in range(max(MIN_CHARS, len(folded) - ENDING), len(folded)):
            begun = [term for term in terms if abs(len(term) - length) <= 1]
            for term, distance, _ in extract(
                folded[:length], begun, scorer=OSA.distance, score_cutoff=1, limit=None
            ):
                near[term] = min(distance, near.get(term, distance))
        nearest = sorted(near, key=lambda term: (near[term], -passages_of[term]))
        likely = sorted(nearest[: 2 * TERMS_LOOKED_UP], key=lambda term: -passages_of[term])
        return [(term, passages_of[term]) for term in likely[:TERMS_LOOKED_UP]]

    def _written(self, term: str) -> set[str]:
        """Return the words that come to *term* in a few passages that hold it, or their titles."""
        holding = self.vocabulary.holding(term, PASSAGES_SAMPLED)
        apart = max(1, len(holding) // PASSAGES_LOOKED_UP)
        passages = self.store.passages(holding[::apart]).values()
        stories = self.store.stories([*{passage.story_id for passage in passages}]).values()
        texts = [*(passage.text for passage in passages), *(story.title for story in stories)]
        words = {word for text in texts for word in _WORD.findall(text)}
        near = (word for word in words if word[0].casefold() == term[0] and not word.isupper())
        return {
            word
            for word in near
            if word.casefold() not in QUESTION_WORDS and self.vocabulary.term(word) == term
        }


def _without_owner(word: str) -> tuple[str, str]:
    """Return *word* without the s of an owner, and that s."""
    for owner in ("'s", "’s"):
        if word.endswith(owner):
            return word.removesuffix(owner), owner
    return word, ""


def _in_case(better: str, word: str) -> str:
    """Return *better* with a capital where *word* has one, and only there."""
    return better[0].upper() + better[1:] if not word.islower() else better.lower()
