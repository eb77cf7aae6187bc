"""Questions that a story's own sentences answer, in words that the story uses.

A few sentence forms are turned around; whatever doesn't fit one is passed over. Whether a question
is answered, and by these words, is for `qa/suggesting/suggestions.py` to find out.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from corpus.acronyms import acronyms_in
from corpus.sentences import sentence_spans
from corpus.story import Story
from qa.suggesting.turned_words import (
    DATE,
    NUMBER,
    PERSON,
    PLACE,
    ROLE,
    SUBJECT,
    TOLD,
    base_of,
    is_of_one,
    is_person,
    is_subject,
    stands_alone,
)

MAX_SENTENCE_CHARS = 400
"""A longer sentence is passed over: it seldom keeps to a form, and every form stays quick."""

CHARS_READ = 20_000
"""Code points of a body that are looked through, from its beginning."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NextQuestion:
    """A question, and the words of the story that its answer must hold.

    Where *part_will_do*, it may also be the better part of them; where *alone*, it must hold
    nothing else.
    """

    text: str
    expected: str
    part_will_do: bool = False
    alone: bool = False


def next_questions(story: Story) -> Iterator[NextQuestion]:
    """Yield questions that *story* answers by its own words, each once, in the order of its text.

    Those for what abbreviations stand for come last. Each names something, so that it can be
    understood without the story.
    """
    seen = set()
    for question in _all_of(story.body[:CHARS_READ]):
        if question.text not in seen and stands_alone(question.text):
            seen.add(question.text)
            yield question


def _all_of(body: str) -> Iterator[NextQuestion]:
    for start, end in sentence_spans(body):
        sentence = " ".join(_DATELINE.sub("", body[start:end], count=1).split())
        if len(sentence) <= MAX_SENTENCE_CHARS:
            yield from _turned(sentence)
    # Last: many stories have nothing but abbreviations, and those that have more are asked more.
    for found in acronyms_in(body):
        if found.short.isupper():
            words = body[found.start : found.end]
            yield NextQuestion(
                text=f"What does {found.short} stand for?", expected=words, alone=True
            )


def _turned(sentence: str) -> Iterator[NextQuestion]:
    for form, ask in _FORMS:
        for match in form.finditer(sentence):
            told = {name: (words or "").rstrip(".") for name, words in match.groupdict().items()}
            sound = is_subject(told["subject"]) if "subject" in told else True
            if sound and is_person(told.get("name") or "Ada Quinn"):
                yield from ask(told)


Told = Mapping[str, str]


def _subject(told: Told) -> str:
    """Return the subject as it stands within a sentence."""
    return re.sub(r"^The ", "the ", told["subject"])


def _who_is(told: Told) -> Iterator[NextQuestion]:
    yield NextQuestion(text=f"Who is {told['name']}?", expected=told["role"], part_will_do=True)
    only_one = (told["article"] or "the ") == "the "
    if only_one and told["goes_on"] and is_of_one(told["role"]):
        yield NextQuestion(text=f"Who is the {told['role']}?", expected=told["name"].split()[-1])


def _when_passive(told: Told) -> Iterator[NextQuestion]:
    if told["rest"].endswith("ed"):
        return  # the date is that of the second verb: "charged in an indictment unsealed in March"
    text = f"When {told['be']} {_subject(told)} {told['verb']}{told['rest']}?"
    yield NextQuestion(text=text, expected=told["date"])


def _when_active(told: Told) -> Iterator[NextQuestion]:
    if re.match(r" by\b", told["rest"]) or re.search(r" to [a-z]", told["rest"]):
        return  # "included in an offer signed by …"; "welcomed the bid to host … in 2030"
    text = f"When did {_subject(told)} {base_of(told['verb'])}{told['rest']}?"
    yield NextQuestion(text=text, expected=told["date"])


def _where_passive(told: Told) -> Iterator[NextQuestion]:
    text = f"Where {told['be']} {_subject(told)} {told['verb']}?"
    yield NextQuestion(text=text, expected=told["place"])


def _where_active(told: Told) -> Iterator[NextQuestion]:
    yield NextQuestion(text=f"Where did {_subject(told)} take place?", expected=told["place"])


def _how_many(told: Told) -> Iterator[NextQuestion]:
    text = f"How many {told['counted']} {told['verb']}{told['rest']}?"
    yield NextQuestion(text=text, expected=told["number"])


def _who_did(told: Told) -> Iterator[NextQuestion]:
    if told["rank"] or told["aside"]:
        text = f"Who {told['verb']}{told['rest']}?"
        yield NextQuestion(text=text, expected=told["name"].split()[-1])


def _how_much(told: Told) -> Iterator[NextQuestion]:
    text = f"How much did {_subject(told)} agree to pay?"
    yield NextQuestion(text=text, expected=told["amount"])


def _pleaded(told: Told) -> Iterator[NextQuestion]:
    text = f"What did {told['name']} plead guilty to?"
    yield NextQuestion(text=text, expected=told["guilt"].strip(), part_will_do=True)


def _sentenced(told: Told) -> Iterator[NextQuestion]:
    yield NextQuestion(text=f"What was {told['name']} sentenced to?", expected=told["term"])


def _how_long(told: Told) -> Iterator[NextQuestion]:
    yield NextQuestion(text=f"How long did {_subject(told)} last?", expected=told["term"])


def _said_about(told: Told) -> Iterator[NextQuestion]:
    topic = _TOPIC.search(told["quote"])
    if topic:
        text = f"What did {told['name']} say about {topic['topic']}?"
        yield NextQuestion(text=text, expected=told["quote"], part_will_do=True)


_DATELINE = re.compile(r"^[A-Z][A-Z .,'-]{2,60}(?:\([A-Za-z ,.]{2,30}\) )?\s?(?:--|–|—|-) ")
_TOPIC = re.compile(
    r"(?<![\w'’])[a-z]+ (?P<topic>(?:the )?[A-Z][\w-]*\w(?: (?:of |and )?[A-Z][\w-]*\w){0,4})"
    r"(?![\w’']| [A-Z])"
)
_END = r"(?=[,;]|\.?$)"
_WORDS = r"(?: [^\s,;:“”\"()]+)"
_ASIDE = r"(?P<aside>, [^,;“”\"]{2,90},)?"
_TERM = rf"(?P<term>{NUMBER} (?:consecutive )?(?:years?|months?|weeks?|days?|hours?|minutes?))"
_ON = rf"(?:On|In) {DATE}, "
_FORMS: list[tuple[re.Pattern[str], Callable[[Told], Iterator[NextQuestion]]]] = [
    (re.compile(form), ask)
    for form, ask in (
        (
            rf"{PERSON}, (?P<article>the |an? )?(?P<role>{ROLE})"
            r"(?:(?P<goes_on>\.$|,? (?:said|told|added|explained|who)\b)|,|;)",
            _who_is,
        ),
        (
            rf"[”\"] said {PERSON}, (?P<article>the |an? )?(?P<role>{ROLE})(?P<goes_on>[.])",
            _who_is,
        ),
        (
            rf"^{SUBJECT} (?P<be>was|were) (?P<verb>[a-z]+ed|built|held|won|sold|born|made)"
            rf"(?P<rest>{_WORDS}{{0,9}}?) (?:in|on) {DATE}",
            _when_passive,
        ),
        (rf"^{SUBJECT} {TOLD}(?P<rest>{_WORDS}{{0,9}}?) (?:in|on) {DATE}{_END}", _when_active),
        (rf"^{_ON}{SUBJECT} {TOLD}(?P<rest>{_WORDS}{{1,10}}){_END}", _when_active),
        (
            rf"^{_ON}{SUBJECT} (?P<be>was|were) (?P<verb>[a-z]+ed)"
            rf"(?P<rest>{_WORDS}{{0,10}}){_END}",
            _when_passive,
        ),
        (
            rf"^{SUBJECT} (?P<be>was|were) (?P<verb>held|born|built|based|located|hosted|arrested|"
            rf"killed|buried|raised) (?:in|at) {PLACE}",
            _where_passive,
        ),
        (rf"^{SUBJECT} took place (?:in|at) {PLACE}", _where_active),
        (
            r"^(?:(?:About|More than|Nearly|Some|Approximately|Almost|Over|At least|A total of) )?"
            rf"(?P<number>{NUMBER}) (?P<counted>(?:[a-z-]+ ){{0,2}}(?:[a-z-]+s|people|personnel|"
            rf"men|women|children)) (?:from (?:[\w-]+ ){{1,3}})?{TOLD}"
            rf"(?P<rest>{_WORDS}{{1,12}})$",
            _how_many,
        ),
        (rf"^{PERSON}{_ASIDE} {TOLD}(?P<rest>{_WORDS}{{2,10}})$", _who_did),
        (
            rf"^{SUBJECT}{_ASIDE} (?:has |have )?agreed to pay(?: [a-z]+){{0,3}} "
            r"(?P<amount>\$[\d.,]*\d(?: (?:million|billion))?)",
            _how_much,
        ),
        (
            rf"\b{PERSON}(?:, [^,;“”\"]{{2,60}}){{0,3}},? pleaded guilty{_WORDS}{{0,8}}? to "
            r"(?P<guilt>(?:[^\s,;.]+ ?){2,14})",
            _pleaded,
        ),
        (
            rf"\b{PERSON}(?:, [^,;“”\"]{{2,60}}){{0,3}},? was sentenced{_WORDS}{{0,8}}? to {_TERM}",
            _sentenced,
        ),
        (rf"^{SUBJECT} lasted (?:for )?(?:about |nearly )?{_TERM}", _how_long),
        (
            rf"^[“\"](?P<quote>[^“”\"]{{40,300}})[,.][”\"] (?:said {PERSON}\b)",
            _said_about,
        ),
    )
]
