"""What a turn of a conversation spoke of: people, places, things, and its topic."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from qa.conversation import AnswerJson
from qa.kept_answer import KeptAnswer
from qa.question import CALENDAR
from qa.understanding.phrases import Phrase, is_plural, phrases

_NAME = re.compile(
    r"(?:(?:Mr|Mrs|Ms|Dr|Gen|Lt|Col|Sgt|Capt|Sen|Rep|Gov|St)\.\s+)?"
    r"[A-Z][\w&.’'-]*[\w]"
    r"(?:\s+(?:(?:of|the|for|de|la|al|bin|van|von|and)\s+){0,2}[A-Z0-9][\w&.’'-]*\w)*"
)
_ASKING = frozenset(
    """
    who whom whose what which when where why how in on at by to for from since under with during
    is are was were do does did has have had can could will would should may might and but or
    tell describe name list give show explain compare the a an its it their his her they
    """.split()
)
_PLACE = re.compile(
    r"\b(?:in|at|to|from)\s+((?:the\s+)?[A-Z][\w’'-]+(?:,?\s+[A-Z][\w’'-]+)*|[a-z]{4,})"
)
_GROUP = re.compile(
    r"^[A-Z]{2,}$|s$|\b(?:Department|Agency|Administration|Council|Committee|Ministry|Company|"
    r"University|Team|Union|Group|Force|Army|Navy|Corps|Commission|Organi[sz]ation|Government)\b"
)
_NO_PERSON = re.compile(
    r"[&,]|\b(?:of|for|on|Department|Agency|Administration|Council|Committee|Ministry|Company|University|"
    r"Team|Union|Force|Army|Navy|Corps|Commission|Organi[sz]ation|Government|Foundation|Program|"
    r"Congress|Court|Bank|Act|Exercise|Operation|River|Bridge|Lake|Island|Hall|Fair|Center|War|"
    r"Scale|Model|City|State|States|House)\b",
)
_PERSON = re.compile(r"(?:[A-Z][\w.’'-]* ){1,5}[A-Z][^\W\d]+(?:[’'-][\w]+)*")
# "Which conference …?" is answered by a conference; "What is PANAMAX for?" is about PANAMAX.
_ASKS_WHICH = re.compile(
    r"^(?:which|what)\s+(?!(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would)\b)",
    re.IGNORECASE,
)
_ASKS_WHICH_THING = re.compile(
    r"^(?:in|on|at|by|to|for|from|under|with)\s+(?:which|what)\b|^(?:which|what)\s+(?:\w+\s+)?"
    r"(?:plane|ship|airline|company|agency|conference|congress|exercise|squadron|unit|program|"
    r"vehicle|award|prize|bill|law|treaty|city|country|state|river|school|book|film)s?\b",
    re.IGNORECASE,
)
# Who speaks of "it" twice speaks of the same thing (Grosz et al. 1995, centering).
_GOES_ON = {
    "thing": re.compile(r"\bits?\b", re.IGNORECASE),
    "group": re.compile(r"\b(?:they|them|theirs?)\b", re.IGNORECASE),
}
MAX_READ_CHARS = 2000
"""A question is shorter, and more of a sentence says no more of what was spoken of."""

MAX_NAME_WORDS = 9
MAX_TOPIC_WORDS = 12
MAX_TOPIC_PHRASES = 3
MAX_PLURAL_WORDS = 5
MAX_PERSON_WORDS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """A turn: its question as it was *asked* and as it stands alone, and its answer.

    *resolution* is what the answer's date comes to, and *members* are what it lists, if anything.
    *story_ids* are the stories that the answer cited, or, where there was none, came near it.
    """

    asked: str
    question: str
    answer: str | None
    type: str
    sentence: str | None
    story_ids: tuple[str, ...]
    resolution: str | None = None
    members: tuple[str, ...] = ()

    def meant_by(self, kind: str, *, beside: str = "") -> str | None:
        """Return what a pronoun of *kind* stands for after this: person, group, many, thing, place.

        It stands for nothing that is named in *beside*, the words it is used with.
        """
        told = beside.casefold()
        spoken = [each for each in phrases(self.question) if each.text.casefold() not in told]
        if kind == "place":
            return self._place()
        if kind == "person":
            named = self.named_answer
            return named if named and self.is_person(named) else _person_in(spoken)
        if kind in _GOES_ON and (meant := self.put_for(_GOES_ON[kind])):
            return meant if meant.casefold() not in told else None
        if kind == "group":
            return self._group(spoken)
        if kind == "many":
            return self.named_answer
        return self._thing(spoken)

    def is_person(self, named: str) -> bool:
        """Whether the answer names a person: it was asked for one, or it looks like a name."""
        if self.type != "description" or _ASKS_WHICH_THING.match(self.question):
            return self.type == "person"
        return bool(_PERSON.fullmatch(named))

    @property
    def named_answer(self) -> str | None:
        """The answer, if it names something."""
        if self.answer is None or len(self.answer.split()) > MAX_NAME_WORDS:
            return None
        if self.type in ("date", "number", "money", "duration", "reason", "quote", "place"):
            return None
        named = self.answer.strip(" .,;")
        opens_like_a_name = named[:1].isupper() or named.startswith("the ")
        return named if opens_like_a_name and names_in_order(f"x {named}") else None

    @property
    def rewritten(self) -> bool:
        """Whether the question could not stand alone."""
        return self.question != self.asked

    def put_for(self, pronoun: re.Pattern[str]) -> str | None:
        """Return what the question as it stands alone has in the place of *pronoun*."""
        found = pronoun.search(self.asked)
        if not (self.rewritten and found):
            return None
        before, after = self.asked[: found.start()], self.asked[found.end() :]
        same = self.question.casefold()
        if not (same.startswith(before.casefold()) and same.endswith(after.casefold())):
            return None
        return bare(self.question[len(before) : len(self.question) - len(after)]).strip() or None

    @property
    def topic(self) -> str:
        """What the question is about: the phrases that it is asked with, names above all."""
        if held := re.search(r"\(([^()]+)\)\W*$", self.question):
            return held[1]
        spoken = phrases(self.question)
        telling = [each for each in spoken if each.named or each.determined] or spoken
        words = ", ".join(each.core for each in telling[:MAX_TOPIC_PHRASES]).split()
        return " ".join(words[:MAX_TOPIC_WORDS]).rstrip(",")

    def _thing(self, spoken: Sequence[Phrase]) -> str | None:
        """Return what "it" is: no person, and a place or what a place is given for at last."""
        named = self.named_answer
        if named and (self.type == "definition" or _ASKS_WHICH.match(self.question)):
            return named
        things = [each for each in spoken if not (each.plural or _looks_like_a_person(each))]
        placed = [each for each in things if each.placed and not each.determined]
        first = next((each for each in things if each not in placed), None)
        if first is None and named and not self.is_person(named):
            return named
        meant = first or next(iter(placed), None)
        return bare(meant.core) if meant else None

    def _group(self, spoken: Sequence[Phrase]) -> str | None:
        """Return what "they" are, if something that is many was spoken of."""
        if self.answer and is_plural(self.answer) and len(self.answer.split()) <= MAX_PLURAL_WORDS:
            return self.answer.lstrip("0123456789,. ")
        many = (
            each.core
            for each in spoken
            if is_plural(each.core) or each.plural or _GROUP.search(bare(each.text))
        )
        return next(map(bare, many), None)

    def _place(self) -> str | None:
        if self.answer and self.type == "place":
            return self.answer.strip(" .,;")
        found = [m for m in _PLACE.finditer(self.question) if m[1].casefold() not in CALENDAR]
        if not found:
            return None
        whole = {each.start: each.text for each in phrases(self.question)}
        return whole.get(found[-1].start(1), found[-1][1])


def bare(phrase: str) -> str:
    """Return *phrase* without the mark of what owns."""
    return re.sub(r"(?:[’']s|(?<=s)[’'])$", "", phrase)


def _looks_like_a_person(phrase: Phrase) -> bool:
    words = phrase.words
    large = all(word[0].isupper() and not word.isupper() for word in words)
    whole = large and not phrase.determined and 2 <= len(words) <= MAX_PERSON_WORDS
    return whole and not phrase.placed and not _NO_PERSON.search(phrase.text)


def _person_in(spoken: Sequence[Phrase]) -> str | None:
    """Return the name that is most like a person's."""
    likely = [each for each in spoken if each.named and not (each.determined or each.placed)]
    likely = [each for each in likely if not (each.text.isupper() or " of " in each.text)]
    full = [each for each in likely if _looks_like_a_person(each)]
    named = next(iter(full or likely), None)
    return bare(named.core) if named else None


def spoken_of(answer: AnswerJson) -> Spoken:
    """Return what the turn with *answer* spoke of."""
    kept = KeptAnswer.model_validate(answer)
    question = kept.question
    return Spoken(
        asked=question.raw[:MAX_READ_CHARS],
        question=question.standalone[:MAX_READ_CHARS],
        answer=kept.answer.text and kept.answer.text[:MAX_READ_CHARS],
        type=kept.answer.type,
        sentence=kept.citations[0].sentence.text[:MAX_READ_CHARS] if kept.citations else None,
        resolution=kept.answer.resolution.value if kept.answer.resolution else None,
        members=tuple(member.text for member in kept.answer.members),
        story_ids=tuple(dict.fromkeys(each.story_id for each in kept.citations or kept.nearest)),
    )


def names_in_order(text: str) -> list[str]:
    """Return what *text* writes like a name, but for months, days and the word it opens with."""
    names = []
    for match in _NAME.finditer(text):
        name = match.group()
        while _bare(name.split()[0]) in _ASKING:
            _, _, name = name.partition(" ")
            if not name:
                break
        if name and not all(word.casefold() in CALENDAR or word.isdigit() for word in name.split()):
            names.append(name.removesuffix("’s").removesuffix("'s"))
    return names


def _bare(word: str) -> str:
    return word.casefold().removesuffix("’s").removesuffix("'s")


def topic_of(turns: Sequence[Spoken]) -> str:
    """Return what *turns*, oldest first, are about: what the last question of its own asked of."""
    of_its_own = [turn for turn in turns if not turn.rewritten and turn.topic]
    return (of_its_own or turns)[-1].topic
