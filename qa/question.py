"""What is asked: the answer's type, and the names and years that the answer must be about."""

import re
from dataclasses import dataclass

from qa.errors import EmptyQuestion, QuestionTooLong
from qa.understanding.answer_types import AnswerType
from qa.understanding.asked_type import asked_type
from qa.values.ordinals import ordinals

_YEAR = re.compile(r"(?<![\w.,$])(?:1[89]|20)\d\d(?![\w%]|[.,]\d)")
_WORD = re.compile(r"[^\W_]+(?:['’&-][^\W_]+)*")
QUESTION_WORDS = frozenset(
    """
    a about according all also an and any are as at be been being by can come could did do does
    doing dr during for from get give had has have he her him his how i in into is it its latest
    like long made make many me mean more most mr mrs ms much my named of on one or our out over
    said say she should since so some stand stands stories story tell than that the their them
    then there these they this those to under up upon us was we were what when where which while
    who whom whose why will with would year you your
    """.split()
)

CALENDAR = frozenset(
    """
    january february march april may june july august september october november december
    jan feb mar apr jun jul aug sep sept oct nov dec
    monday tuesday wednesday thursday friday saturday sunday
    """.split()
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Alias:
    """A *name* in a question and what the stories also write for it.

    *means* are the readings that are likely here, *all_means* all that there are.
    """

    name: str
    means: tuple[str, ...]
    all_means: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question as it was asked, and what its answer must be like.

    *words* are the words that carry meaning, folded to lower case; *names* are those written like
    names, but for months and days, which a story may leave to its own date; *years* are of four
    digits; *ordinals* are counted places (`qa/values/ordinals.py`); *aliases* are what the
    stories also write for its names (`qa/understanding/also_known.py`).
    """

    text: str
    answer_type: AnswerType
    words: tuple[str, ...]
    names: tuple[str, ...]
    years: tuple[str, ...]
    ordinals: frozenset[int] = frozenset()
    aliases: tuple[Alias, ...] = ()

    @property
    def also(self) -> str:
        """What the stories also write for the question's names, to be searched for with them."""
        return " ".join(phrase for alias in self.aliases for phrase in alias.means)


def asked_text(question: str, max_chars: int) -> str:
    """Return *question* with single spaces; raise `EmptyQuestion` or `QuestionTooLong`."""
    text = " ".join(question.split())
    if not any(character.isalnum() for character in text):
        raise EmptyQuestion
    if len(text) > max_chars:
        raise QuestionTooLong(len(text), max_chars)
    return text


def analyse(text: str) -> Question:
    """Return what can be told of a question from its words alone."""
    found = [match.group() for match in _WORD.finditer(text)]
    meaningful = [word for word in found if word.casefold() not in QUESTION_WORDS]
    years = tuple(_YEAR.findall(text))
    names = (word for word in meaningful if _is_name(word) and not _opens(word, found))
    return Question(
        text=text,
        answer_type=asked_type(text),
        words=tuple(dict.fromkeys(word.casefold() for word in meaningful)),
        names=tuple(dict.fromkeys(name for name in names if name not in years)),
        years=years,
        ordinals=ordinals(text),
    )


def _is_name(word: str) -> bool:
    return word[0].isupper() and word.casefold() not in CALENDAR


def _opens(word: str, found: list[str]) -> bool:
    # A first word is written large whatever it is; only capitals throughout make it a name.
    return word == found[0] and not word.isupper()
