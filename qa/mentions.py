"""What a turn of a conversation spoke of: people, places, things, and its topic."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from qa.conversation import AnswerJson
from qa.kept_answer import KeptAnswer
from qa.question import CALENDAR

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
_EMPTY = frozenset(
    """
    a an the of in on at by to for from since under with during about into over between as and or
    but is are was were be been being do does did has have had can could will would should may
    might not no so if than then there here this that these those it its he she him his her they
    them their who whom whose what which when where why how much many long often old far come
    came goes go get got give gave tell me us you your i we our some any more most other also
    else one ones
    """.split()
)
_WORD = re.compile(r"[^\W_]+(?:[’'-][^\W_]+)*")
_PLACE = re.compile(
    r"\b(?:in|at|to|from)\s+((?:the\s+)?[A-Z][\w’'-]+(?:,?\s+[A-Z][\w’'-]+)*|[a-z]{4,})"
)
_ASKED = re.compile(
    r"^(?:(?:and|so)\s+)?(?:(?:in|on|at|by|to|for|from|since|under|with)\s+)?"
    r"(?:who|whom|whose|what|which|when|where|why|how(?:\s+(?:much|many|long|old|far|often|big))?"
    r"|tell me(?: more)?(?: about)?|describe|explain)"
    r"(?:['’]s|\s+(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would|should))*\s+",
    re.IGNORECASE,
)
_GROUP = re.compile(
    r"^[A-Z]{2,}$|s$|\b(?:Department|Agency|Administration|Council|Committee|Ministry|Company|"
    r"University|Team|Union|Group|Force|Army|Navy|Corps|Commission|Organi[sz]ation|Government)\b"
)
_PERSON = re.compile(r"(?:[A-Z][\w.’'-]* ){1,5}[A-Z][^\W\d]+(?:[’'-][\w]+)*")
# "Which conference …?" is answered by a conference; "What is PANAMAX for?" is about PANAMAX.
_ASKS_WHICH = re.compile(
    r"^(?:which|what)\s+(?!(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would)\b)",
    re.IGNORECASE,
)
_LOOSE_END = re.compile(
    r"(?:\s+(?:\w{2,}ed|held|built|made|won|lost|sold|bought|said|found|given|taken|come|go|happen|"
    r"start|begin|end|work|cost|in|on|at|by|to|for|from|with))+\W*$"
)
MAX_NAME_WORDS = 9
MAX_TOPIC_WORDS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """A turn: its question as it stands alone, its answer's words and type, and where they stand.

    *story_ids* are the stories that the answer cited, or, where there was none, came near it.
    """

    question: str
    rewritten: bool
    answer: str | None
    type: str
    sentence: str | None
    story_ids: tuple[str, ...]

    def meant_by(self, kind: str, *, beside: str = "") -> str | None:
        """Return what a pronoun of *kind* (person, many, thing or place) stands for after this.

        It stands for nothing that is named in *beside*, the words it is used with.
        """
        named = self._named_answer()
        told = beside.casefold()
        names = [name for name in names_in_order(self.question) if name.casefold() not in told]
        if kind == "place":
            return self._place()
        if kind == "person":
            return named if named and self._is_person(named) else self._of_people(names)
        if kind == "group":
            return next((name for name in names if _GROUP.search(name)), None)
        if named and (kind == "many" or _ASKS_WHICH.match(self.question)):
            return named
        places = {match[1] for match in _PLACE.finditer(self.question)}
        if names := [name for name in names if name not in places] or names:
            return self._whole(names[0])
        return _LOOSE_END.sub("", topic_words(self.question)) or None

    def _whole(self, name: str) -> str:
        """Return *name* with the noun that it belongs to: "the Milgram experiment"."""
        whole = re.search(rf"\bthe {re.escape(name)}(?: [a-z]+(?=\W*$|[,;)]))?", self.question)
        return whole.group() if whole else name

    def _is_person(self, named: str) -> bool:
        """Whether the answer names a person: it was asked for one, or it looks like a name."""
        looks_like_one = self.type == "description" and _PERSON.fullmatch(named)
        return self.type == "person" or bool(looks_like_one)

    def _named_answer(self) -> str | None:
        """Return the answer, if it names something."""
        if self.answer is None or len(self.answer.split()) > MAX_NAME_WORDS:
            return None
        if self.type in ("date", "number", "money", "duration", "reason", "quote", "place"):
            return None
        named = self.answer.strip(" .,;")
        opens_like_a_name = named[0].isupper() or named.startswith("the ")
        return named if opens_like_a_name and names_in_order(f"x {named}") else None

    def _place(self) -> str | None:
        if self.answer and self.type == "place":
            return self.answer.strip(" .,;")
        found = [m[1] for m in _PLACE.finditer(self.question) if m[1].casefold() not in CALENDAR]
        return found[-1] if found else None

    def _of_people(self, names: list[str]) -> str | None:
        """Return the name among *names* that is most like a person's."""
        likely = [
            name
            for name in names
            if not name.isupper()
            and " of " not in name
            and not re.search(rf"\b(?:the|in|at|from)\s+{re.escape(name)}", self.question)
        ]
        full = [name for name in likely if 2 <= len(name.split()) <= 4]
        return next(iter(full or likely), None)


def spoken_of(answer: AnswerJson) -> Spoken:
    """Return what the turn with *answer* spoke of."""
    kept = KeptAnswer.model_validate(answer)
    question = kept.question
    return Spoken(
        question=question.standalone,
        rewritten=question.standalone != question.raw,
        answer=kept.answer.text,
        type=kept.answer.type,
        sentence=kept.citations[0].sentence.text if kept.citations else None,
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


def content_words(text: str) -> list[str]:
    """Return the words of *text* that carry meaning."""
    return [word for word in _WORD.findall(text) if word.casefold() not in _EMPTY]


def topic_of(turns: Sequence[Spoken]) -> str:
    """Return what *turns*, oldest first, are about: what the last question of its own asked of."""
    of_its_own = [turn for turn in turns if not turn.rewritten]
    return topic_words((of_its_own or turns)[-1].question)


def topic_words(question: str) -> str:
    """Return *question* without what it asks with: "the 2012 auction of Zions warrants"."""
    held = re.search(r"\(([^()]+)\)\W*$", question)
    if held:
        return held[1]
    left = _ASKED.sub("", question).strip(" ?.!")
    names = names_in_order(left)
    if names:
        start = left.find(names[0])
        before = re.search(r"(?:\bthe\s+)?(?:(?:[a-z0-9-]+\s+){1,2}of\s+)?$", left[:start])
        left = left[before.start() if before else start :].strip()
    return " ".join(left.split()[:MAX_TOPIC_WORDS])
