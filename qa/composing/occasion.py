"""Whether two stories answer a question about one and the same thing, at one time."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from corpus.story import Story
from embeddings.passage_text import passage_text
from qa.composing.features import names_missing_in
from qa.composing.marks import marks_of
from qa.evidence import Mention, sentence_at
from qa.question import Question

LEAST_COVERAGE = 0.5
"""The share of the question's words that the title and the sentence hold, of whatever speaks of
what was asked."""

COVERAGE_OF_NAMES = 0.75
"""The same where a name is the answer: many names stand near what was asked."""

CLAUSE_LACKS = 0.34
"""How much less of the question, as a share, a clause may hold than that of the best answer."""

DAYS_APART = 100
"""Stories further apart speak of different occasions, unless the question says which."""

_BARE = 2
"""So many words beside the answer don't make a clause."""

_WORD = re.compile(r"\w+")
_NAMED = re.compile(r"\b([A-Z][\w’'-]*) (?=([A-Z][\w’'-]*))")
_CLAUSE = re.compile(r"[,;:]\s|\s[–—-]\s|\b(?:where|which|who|whose|while|but|although)\b")
_SINCE = re.compile(r"\bsince\b", re.IGNORECASE)
_SO_FAR = re.compile(r"\b(?:so far|to date|until now|up to now|altogether)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Telling:
    """How a story tells an answer: its title, and the sentence and clause around the words."""

    story: Story
    near: str
    before: str
    after: str

    @property
    def said(self) -> str:
        """The title and the sentence, without the answer's own words."""
        return f"{self.story.title}\n{self.before} … {self.after}"

    @property
    def clause(self) -> str:
        """The clause that the answer stands in, without its own words."""
        starts = [match.end() for match in _CLAUSE.finditer(self.before)]
        opening = self.before[starts[-1] if starts else 0 :]
        ends = (match.start() for match in _CLAUSE.finditer(self.after))
        clauses = (f"{opening} … {self.after[:end]}" for end in (*ends, len(self.after)))
        whole = f"{opening} … {self.after}"
        # "In 2011," is no clause yet.
        return next((said for said in clauses if len(_WORD.findall(said)) > _BARE), whole)


def of_one_thing(question: Question, best: Mention, rival: Mention) -> bool:
    """Whether both mentions tell what was asked of one thing, as far as their words show.

    The rival's story must hold what the best one holds of the question: its names, its times, most
    of its words. What the question leaves open, a year, a month, a place in a row, a street's name,
    must not differ, and no total may be told that grows from story to story.
    """
    told, other = _telling(best), _telling(rival)
    asked = marks_of(question.text)
    marks, other_marks = marks_of(told.said), marks_of(other.said)
    lacking = asked.lacking_in(other_marks, other.story) - asked.lacking_in(marks, told.story)
    return not (
        set(names_missing_in(question, other.near)) - set(names_missing_in(question, told.near))
        or lacking
        or _share(question.words, other.said) < _least_coverage(question)
        or _lacks_words(question, told, other)
        or not marks.may_be_of(other_marks, asked)
        or not (asked.names_time or _near_in_time(told.story, other.story))
        or _is_running(told.said, other.said)
        or _names_another(question.text, told.said, other.said)
    )


def _telling(mention: Mention) -> _Telling:
    story, span = mention.hit.story, mention.span
    start, end = sentence_at(story.body, span.story_start, span.story_end)
    return _Telling(
        story=story,
        near=passage_text(story, mention.hit.passage),
        before=story.body[start : span.story_start],
        after=story.body[span.story_end : end],
    )


def _lacks_words(question: Question, told: _Telling, other: _Telling) -> bool:
    """Whether the other's clause holds plainly less of what was asked."""
    names = {name.casefold() for name in question.names}
    words = [word for word in question.words if word not in names]
    return _share(words, told.clause) - _share(words, other.clause) > CLAUSE_LACKS


def _share(words: Sequence[str], text: str) -> float:
    """Return the share of *words* that *text* holds in some form; 1 if there are none."""
    held = _WORD.findall(text.casefold())
    found = sum(any(_is_form(word, other) for other in held) for word in words)
    return found / len(words) if words else 1.0


def _is_form(word: str, other: str) -> bool:
    # A form keeps all letters but two of the end, and adds four at most: hurt, hurting.
    kept = word if len(word) <= 4 else word[: max(4, len(word) - 2)]
    return other.startswith(kept) and len(other) <= len(word) + 4


def _least_coverage(question: Question) -> float:
    named = question.answer_type in ("person", "place", "organisation")
    return COVERAGE_OF_NAMES if named else LEAST_COVERAGE


def _near_in_time(one: Story, other: Story) -> bool:
    """Whether both stories are dated, and may be of one occasion by their dates."""
    if not (one.published_on and other.published_on):
        return False
    return abs((one.published_on - other.published_on).days) <= DAYS_APART


def _is_running(said: str, other_said: str) -> bool:
    """Whether a total is told that grows from story to story."""
    since = _SINCE.search(said) and _SINCE.search(other_said)
    return bool(since or _SO_FAR.search(said) or _SO_FAR.search(other_said))


def _names_another(asked: str, said: str, other_said: str) -> bool:
    """Whether only the other speaks of Elm Street, where the question does of Holt Street."""
    names = set(_NAMED.findall(asked))
    kinds = {kind for _, kind in names}
    others = {(name, kind) for name, kind in _NAMED.findall(other_said) if kind in kinds}
    return bool(others - names - set(_NAMED.findall(said)))
