"""The phrases of a question that name things, found by its small words alone.

No tagger is loaded: articles, prepositions, auxiliaries and the order of words in questions tell
where such a phrase begins and ends.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from qa.question import CALENDAR

_TOKEN = re.compile(
    r"(?:Mr|Mrs|Ms|Dr|Gen|Lt|Col|Sgt|Maj|Capt|Sen|Rep|Gov|St)\.|(?:[A-Z]\.)+"
    r"|[^\W_]+(?:[’'&./-][^\W_]+)*(?:(?<=s)[’'](?=\s))?|[^\w\s]"
)
_DO = frozenset("do does did will would can could should may might shall must".split())
_BE = frozenset("is are was were be been being am has have had having".split())
_ASKING = frozenset("who whom whose what which when where why how".split())
_DETERMINERS = frozenset(
    "the a an this these those its his her their our my your some any each every".split()
)
_JOINING = frozenset("of for".split())
_PLACING = frozenset("in at on from to with against between about under over into by".split())
_OTHER = frozenset(
    """
    i you he she it we they me him us them and or but nor so if than then as because while not no
    since during before after until through without within there here now still also too very much
    many more most else ever often long ago away up out off that together all both none
    someone somebody something anyone anybody anything everyone everybody everything nobody nothing
    """.split()
)
_VERBS = frozenset(
    """
    tell describe explain list name give show compare call called said says say told tells win won
    lose lost meet met go goes went gone give gave given take took taken buy bought sell sold pay
    paid lead led run ran make made build built hold held find found begin began begun come came
    get got put set cut leave left sit stand stood sign keep kept send sent spend spent become
    became know known think thought see saw seen hear heard fly flew flown drive drove speak spoke
    write wrote written rise rose fall fell break broke broken grow grew grown happen happens mean
    means happened stand stands cost costs work works use used live lives died die
    """.split()
)
_CONTRACTED = re.compile(r"(?:n[’']t|[’'](?:m|ll|re|ve|d))$", re.IGNORECASE)
_OWNER = re.compile(r"(\S.*?\w)(?:[’']s|(?<=s)[’'])\s(?=[a-z])")
_ENDS_LIKE_A_VERB = re.compile(r"\w{2,}(?:ed|ing)")
_SAYS_HOW = frozenset(
    """
    able afraid available bad best better big biggest certain close closest common dangerous
    different due easy effective famous first free good great guilty hard harder harmful important
    known large largest last like likely long longest necessary new next old oldest popular
    possible ready responsible safe same second serious similar small true useful worse worst worth
    worthy young youngest
    """.split()
)
_RELATIONS = frozenset(
    """
    advantages aim benefits causes characteristics cost costs differences effects evidence examples
    features goal history impact importance kinds meaning name number origin origins purpose reason
    reasons relationship results role significance sort sources symptoms term types uses
    architect author chairman chief commander deputy director engineer founder governor head leader
    manager mayor minister observer officer owner president secretary spokesman spokeswoman
    """.split()
)
_QUANTITY = frozenset("many much".split())
MAX_PHRASE_WORDS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrase:
    """Words of a question that name something, and whether they are *placed* by a preposition."""

    text: str
    start: int
    placed: bool = False

    @property
    def words(self) -> list[str]:
        """The words, without the article."""
        words = self.text.split()
        return words[1:] if words[0].casefold() in _DETERMINERS else words

    @property
    def determined(self) -> bool:
        """Whether the phrase begins with an article or another determiner."""
        return self.text.split()[0].casefold() in _DETERMINERS

    @property
    def core(self) -> str:
        """The phrase, or, of "the history of toilets" or "toilets’ history", what that is of."""
        if owner := _OWNER.match(self.text):
            return owner[1]
        head, of, rest = self.text.partition(" of ")
        return rest if of and head.split()[-1].casefold() in _RELATIONS else self.text

    @property
    def named(self) -> bool:
        """Whether a word of the phrase is written like a name."""
        return any(word[0].isupper() and word.casefold() not in CALENDAR for word in self.words)

    @property
    def plural(self) -> bool:
        """Whether the phrase seems to be of more than one."""
        return is_plural(re.split(r"\s(?:of|for|in|at|on)\s", self.core)[0])


def is_plural(text: str) -> bool:
    """Whether the last word of *text* is a common noun that seems to be of more than one."""
    word = text.split()[-1] if text.split() else ""
    regular = word.endswith("s") and not word.endswith(("ss", "us", "is", "’s", "'s"))
    return not word[:1].isupper() and (regular or word in ("people", "children", "men", "women"))


def phrases(question: str) -> list[Phrase]:
    """Return what *question* names, in its order; what it asks for ("which unit") is left out."""
    tokens = [(m.group(), m.start(), m.end()) for m in _TOKEN.finditer(question)]
    found = []
    at, before, helped = 0, "", False
    while at < len(tokens):
        word = tokens[at][0].casefold()
        if word in _ASKING or word in _QUANTITY:
            at = _past_what_is_asked(tokens, at + 1)
            before = word
            continue
        end = _end(tokens, at, helped=before in _DO and not helped)
        if end == at:
            helped = helped or before in _DO
            before = word
            at += 1
            continue
        text = question[tokens[at][1] : tokens[end - 1][2]]
        found.append(Phrase(text=text, start=tokens[at][1], placed=before in _PLACING))
        if before in _DO and not helped and end < len(tokens):
            # "did the Treasury estimate": a helping verb, what it is about, the verb itself.
            end += tokens[end][0].casefold() not in _PLACING | _JOINING
            helped = True
        at, before = end, ""
    return [phrase for phrase in found if _names_something(phrase)]


_Tokens = list[tuple[str, int, int]]


def _past_what_is_asked(tokens: _Tokens, at: int) -> int:
    """Return where what is asked for ends: "which conference | did", "how many people | had"."""
    first = at
    while at < len(tokens) and at - first < 3 and _is_noun(tokens[at][0]):
        if tokens[at][0][0].isupper():
            break
        at += 1
    ends = at == len(tokens) or tokens[at][0].casefold() in _DO | _BE | _VERBS
    return at if ends or at - first <= 1 else first + 1


def _end(tokens: _Tokens, at: int, *, helped: bool) -> int:
    """Return where the phrase that begins at *at* ends; *at* itself if none begins there."""
    start = at
    if tokens[at][0].casefold() in _DETERMINERS:
        at += 1
    first = at
    while at < len(tokens) and at - start < MAX_PHRASE_WORDS:
        if not (_is_noun(tokens[at][0]) or (at > start and _belongs(tokens, at))):
            break
        named_before = at > first and tokens[at - 1][0][0].isupper()
        lower = tokens[at][0][0].islower() and not tokens[at - 1][0].endswith(("’s", "'s"))
        if helped and named_before and first == start and lower and not is_plural(tokens[at][0]):
            break
        at += 1
    while at > first and tokens[at - 1][0] in _SAYS_HOW:
        at -= 1
    if at == first:
        return start
    followed = tokens[at][0].casefold() if at < len(tokens) else ""
    verb_follows = followed in _VERBS | _BE or bool(_ENDS_LIKE_A_VERB.fullmatch(followed))
    if helped and at - first > 1 and tokens[at - 1][0][0].islower() and not verb_follows:
        # "did the airline charge": a question that opens with a helping verb has its verb after.
        return at - 1
    determined = first > start
    return _with_what_belongs(tokens, at, determined=determined)


def _with_what_belongs(tokens: _Tokens, at: int, *, determined: bool) -> int:
    """Return where the phrase ends with its "of …", and, if *determined*, its place."""
    if at + 1 >= len(tokens):
        return at
    joint, common = tokens[at][0].casefold(), tokens[at - 1][0][0].islower()
    follows = tokens[at + 1][0].casefold()
    joins = joint in _JOINING and (determined or common)
    large = tokens[at + 1][0][0].isupper()
    joins = joins or (joint in ("of", "on", "and", "&") and large and not common)
    places = joint in _PLACING and determined and common
    if not (joins or places) or follows in _JOINING | _PLACING:
        return at
    end = _end(tokens, at + 1, helped=False)
    return end if end > at + 1 else at


def _is_noun(word: str) -> bool:
    folded = word.casefold()
    if not word[0].isalnum() or _CONTRACTED.search(word):
        return False
    if folded in _ASKING | _DO | _BE | _DETERMINERS | _JOINING | _PLACING | _OTHER:
        return word.isupper() and len(word) > 1
    if word[0].isupper() or word[0].isdigit():
        return folded not in _VERBS or word.isupper()
    return folded not in _VERBS and not _ENDS_LIKE_A_VERB.fullmatch(word)


def _belongs(tokens: _Tokens, at: int) -> bool:
    """Whether a word like a verb is part of a phrase: "the striped mussel", "binge drinking"."""
    word, before = tokens[at][0], tokens[at - 1][0].casefold()
    after = tokens[at + 1][0] if at + 1 < len(tokens) else "."
    if not _ENDS_LIKE_A_VERB.fullmatch(word):
        return False
    if before in _DETERMINERS:
        return _is_noun(after) and after not in _SAYS_HOW
    return word.endswith("ing") and before == tokens[at - 1][0] and not is_plural(before)


def _names_something(phrase: Phrase) -> bool:
    words = phrase.words
    return words[0] not in ("part", "place") and any(
        word.casefold() not in CALENDAR and not word.replace(",", "").isdigit() for word in words
    )


def heads(phrase: str) -> Iterator[str]:
    """Yield the words that what *phrase* names can be called by later, in lower case.

    Its last noun, and a common noun before a name: "exercise" of "exercise Steady Levee".
    """
    words = re.split(r"\s(?:of|for|in|at|on|from|to|with|by)\s", phrase)[0].split()
    for word, after in zip(words, [*words[1:], ""], strict=True):
        if not after or (word.islower() and after[0].isupper()):
            yield word.casefold().rstrip("s’'")
