"""Questions made unanswerable by one edit: another year, number, name, country or opposite."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from random import Random

from qa.question import analyse
from qa.training.examples import Example

_YEAR = re.compile(r"\b(?:1[0-9]|20)\d\d\b")
_NAME = re.compile(r"(?<=\s)(?:[A-Z][\w'’-]+)(?:\s+[A-Z][\w'’-]+)*")
_NUMBER = re.compile(r"\b\d{1,3}\b")

COUNTRIES = tuple(
    """
    Afghanistan Argentina Australia Austria Belgium Brazil Bulgaria Canada Chile China Colombia
    Croatia Cuba Denmark Egypt England Estonia Ethiopia Finland France Germany Ghana Greece
    Honduras Hungary Iceland India Indonesia Iran Iraq Ireland Israel Italy Japan Jordan Kenya
    Kuwait Latvia Lebanon Libya Malaysia Mexico Morocco Nepal Nigeria Norway Pakistan Panama Peru
    Poland Portugal Qatar Romania Russia Scotland Serbia Singapore Somalia Spain Sudan Sweden
    Switzerland Syria Taiwan Thailand Tunisia Turkey Uganda Ukraine Vietnam Yemen Zimbabwe
    """.split()
)

OPPOSITES = {
    word: other
    for pair in """
    first:last largest:smallest highest:lowest most:least more:fewer before:after north:south
    east:west northern:southern eastern:western early:late earliest:latest increase:decrease
    increased:decreased win:lose won:lost begin:end began:ended start:finish started:finished
    oldest:youngest best:worst male:female men:women major:minor public:private buy:sell
    bought:sold arrive:leave arrived:left join:quit open:close opened:closed majority:minority
    maximum:minimum longest:shortest above:below inside:outside summer:winter
    """.split()
    for word, other in (pair.split(":"), reversed(pair.split(":")))
}


def edited(example: Example, names: Sequence[str], rng: Random) -> Example | None:
    """Return *example* with a question that its passage doesn't answer, or None if none is found.

    One term that the passage shares with the question gives way to another of its kind, which
    neither the passage nor its title holds. *names* are names to choose from, best of the same
    article.
    """
    text = f"{example.title}\n{example.passage}".casefold()
    edits = [
        (span, term)
        for span, term in _replacements(example.question, names, rng)
        if example.question[slice(*span)].casefold() in text and term.casefold() not in text
    ]
    edits += [
        (match.span(), OPPOSITES[match.group()])
        for match in re.finditer(r"[a-z]+", example.question)
        if match.group() in OPPOSITES and not re.search(rf"\b{OPPOSITES[match.group()]}\b", text)
    ]
    if not edits:
        return None
    (start, end), term = rng.choice(edits)
    question = example.question[:start] + term + example.question[end:]
    return replace(example, question=question, answer=None)


def names_in(question: str) -> list[str]:
    """Return the names of people, places and things that *question* asks about."""
    known = set(analyse(question).names)
    return [
        match.group()
        for match in _NAME.finditer(question)
        if all(word in known for word in match.group().split())
    ]


def _replacements(
    question: str, names: Sequence[str], rng: Random
) -> Iterator[tuple[tuple[int, int], str]]:
    """Yield the places of terms of *question*, each with another term of its kind."""
    for match in _YEAR.finditer(question):
        yield match.span(), str(int(match.group()) + rng.choice([-9, -4, -3, -2, -1, 1, 2, 3, 6]))
    for match in _NUMBER.finditer(question):
        yield match.span(), str(int(match.group()) + rng.randint(1, 9))
    for match in _NAME.finditer(question):
        if match.group() in COUNTRIES:
            yield match.span(), rng.choice(COUNTRIES)
        else:
            words = len(match.group().split())
            alike = [name for name in names if len(name.split()) == words]
            yield from ((match.span(), name) for name in rng.sample(alike, min(1, len(alike))))
