"""Names of a question that the stories also write otherwise: short, or in full."""

import re
from collections.abc import Iterator

from embeddings.glossary import Expansion, Glossary
from qa.question import QUESTION_WORDS, Alias, Question

MAX_PHRASE_WORDS = 10
EXPANSIONS_SEARCHED = 2
OF_THE_MOST = 0.5
"""An expansion is meant, too, from this share of the stories of the most frequent one on."""

_SHORT = re.compile(r"(?<![\w.])(?=\S{0,11}[A-Z]\S{0,11}[A-Z])[A-Z][\w.&/-]{1,11}(?!\w)")
_LOWER_SHORT = re.compile(r"(?<!\w)[a-z][a-z0-9]{1,9}(?!\w)")
_TOKEN = re.compile(r"[^\W_]+(?:['’.&-][^\W_]+)*")


def aliases(question: Question, glossary: Glossary) -> tuple[Alias, ...]:
    """Return the abbreviations in *question* with their words, and phrases with theirs."""
    found = [
        Alias(name=short, means=meant, all_means=tuple(each.long for each in expansions))
        for short in _shorts(question)
        if (expansions := glossary.expansions(short))
        if (meant := _meant(expansions, question))
    ]
    phrases = list(_phrases(question))
    for phrase, shorts in (glossary.shorts_of(phrases) if phrases else {}).items():
        means = tuple(each.short for each in shorts[:EXPANSIONS_SEARCHED])
        found.append(Alias(name=phrase, means=means, all_means=means))
    return tuple(found)


def _shorts(question: Question) -> Iterator[str]:
    """Yield what is written like an abbreviation; in lower case only where a meaning is asked."""
    yield from dict.fromkeys(match.group().rstrip(".") for match in _SHORT.finditer(question.text))
    if question.answer_type == "definition":
        for match in _LOWER_SHORT.finditer(question.text):
            if match.group() not in QUESTION_WORDS:
                yield match.group()


def _meant(expansions: tuple[Expansion, ...], question: Question) -> tuple[str, ...]:
    """Return the expansions that share most words with *question*, or that most stories give."""
    asked = set(question.words)
    shared = [len(asked & set(each.long.casefold().split())) for each in expansions]
    if most := max(shared):
        expansions = tuple(each for each, n in zip(expansions, shared, strict=True) if n == most)
    least = OF_THE_MOST * max(each.stories for each in expansions)
    likely = [each.long for each in expansions if each.stories >= least]
    return tuple(likely[:EXPANSIONS_SEARCHED])


def _phrases(question: Question) -> Iterator[str]:
    """Yield runs of words that may be a name: from a capital on, or from any word in lower case."""
    tokens = list(_TOKEN.finditer(question.text))
    lower = question.text.islower()
    for first, token in enumerate(tokens):
        word = token.group()
        if word.casefold() in QUESTION_WORDS or not (lower or word[0].isupper()):
            continue
        for last in tokens[first + 1 : first + MAX_PHRASE_WORDS]:
            if last.group().casefold() not in QUESTION_WORDS:
                yield question.text[token.start() : last.end()]
