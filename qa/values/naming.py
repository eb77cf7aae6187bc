"""Names compared: people with and without titles, organisations and acronyms, places and states."""

import re
from collections.abc import Collection, Sequence
from difflib import SequenceMatcher
from itertools import dropwhile

LONGEST = 120
"""Longer words are no name: code points."""

ALIKE = 0.84
"""From this share of letters in order on, two spellings may be of one name (Ratcliff/Obershelp)."""

_WORD = re.compile(r"[^\W\d_]\.(?:[^\W\d_]\.)+|[^\W_]+(?:['’&-][^\W_]+)*")
_LISTED = re.compile(r",? and |;|\bas well as\b|&(?! )", re.IGNORECASE)
_TITLES = frozenset(
    """
    mr mrs ms miss dr prof professor sir dame lord lady gen general lt lieutenant col colonel maj
    major capt captain sgt sergeant cmdr commander cmd sgt adm admiral radm vadm brig brigadier rear
    vice staff master chief petty officer tech technical airman spc specialist pfc pvt private cpl
    corporal sen senator rep representative congressman congresswoman gov governor president
    secretary minister prime ambassador mayor judge justice king queen pope director chairman
    chairwoman chair deputy assistant under undersecretary acting attorney former fire police
    foreign first second third 1st 2nd 3rd us u.s the
    honorable hon reverend rev father sheriff coach chancellor premier administrator executive
    counselor commissioner superintendent spokesman spokeswoman spokesperson
    """.split()
)
_AFTER = frozenset("jr sr ii iii iv md phd ph.d m.d ret usa usn usaf usmc esq".split())
"""What may follow a name."""

_SMALL = frozenset("the of and for in at on de la le a an".split())
_CARRIED = frozenset("de la del di da dos van von der den bin ibn al el ul st".split())
_CORPORATE = frozenset("inc corp corporation co company llc ltd plc us u.s united states".split())
_SHORT_FORMS = """
    alexander: alex; andrew: andy; anthony: tony; benjamin: ben; christopher: chris;
    daniel: dan; david: dave; deborah: debbie; donald: don; edward: ted ed; elizabeth: liz beth;
    gregory: greg; james: jim; jeffrey: jeff; jennifer: jenny jen; john: jack; jonathan: jon;
    joseph: joe; katherine: kate kathy; kenneth: ken; lawrence: larry; margaret: peggy maggie;
    matthew: matt; michael: mike; nicholas: nick; patrick: pat; richard: dick rick;
    robert: bob rob; ronald: ron; samuel: sam; steven: steve stephen; susan: sue; thomas: tom;
    timothy: tim; victoria: vicky; william: bill will
"""
_SHORT = {
    short: full.strip()
    for full, shorts in (form.split(":") for form in _SHORT_FORMS.split(";"))
    for short in shorts.split()
}
"""First names in full by their short forms."""

_PLACE_FORMS = """
    ala: alabama; ariz: arizona; ark: arkansas; calif: california; colo: colorado;
    conn: connecticut; del: delaware; fla: florida; ga: georgia; ill: illinois; ind: indiana;
    kan: kansas; ky: kentucky; la: louisiana; md: maryland; mass: massachusetts; mich: michigan;
    minn: minnesota; miss: mississippi; mo: missouri; mont: montana; neb: nebraska; nev: nevada;
    n.h: new hampshire; n.j: new jersey; n.m: new mexico; n.y: new york; n.c: north carolina;
    n.d: north dakota; okla: oklahoma; ore: oregon; pa: pennsylvania; r.i: rhode island;
    s.c: south carolina; s.d: south dakota; tenn: tennessee; tex: texas; vt: vermont;
    va: virginia; wash: washington; w.va: west virginia; wis: wisconsin; wyo: wyoming;
    d.c: district columbia; al: alabama; az: arizona; ca: california; co: colorado; fl: florida;
    ny: new york; nc: north carolina; nj: new jersey; tx: texas; dc: district columbia;
    u.s: united states; us: united states; u.k: united kingdom; uk: united kingdom;
    u.a.e: united arab emirates; uae: united arab emirates; ft: fort; mt: mount; st: saint
"""
_SPELT_OUT = {
    short.strip(): full.strip()
    for short, full in (form.split(":") for form in _PLACE_FORMS.split(";"))
}
"""Abbreviations of places, without their last full stop, written out."""


_STATES = frozenset(_SPELT_OUT.values()) - {"fort", "mount", "saint"}
_FACILITIES = frozenset(
    """
    hall center centre base fort camp hotel park school college university building house street
    avenue road airport airfield stadium church museum theater theatre field palace hospital library
    range laboratory headquarters pentagon embassy station court capitol garden gallery arena plaza
    """.split()
)
"""What may stand within a town."""


def same_person(one: str, other: str) -> bool:
    """Whether both words name one person in full, titles, initials and roles left out."""
    first, second = _person(one), _person(other)
    return bool(first) and first == second


def may_be_same_person(one: str, other: str) -> bool:
    """Whether both may be one person: a surname alone, a short form, another spelling, a role."""
    first, second = _person(one), _person(other)
    if not first or not second or _is_list(one) or _is_list(other):
        return True
    if set(first) <= set(second) or set(second) <= set(first) or _alike(first, second):
        return True
    if not _alike(first[-1:], second[-1:]):
        return False
    return len(first) == 1 or len(second) == 1 or _begin_alike(first[0], second[0])


def same_organisation(one: str, other: str) -> bool:
    """Whether both name one organisation: in other order, as an acronym, with or without Inc."""
    first, second = (_name_words(text, without=_CORPORATE) for text in (one, other))
    if not first or not second:
        return False
    return sorted(first) == sorted(second) or _abbreviates(one, other) or _abbreviates(other, one)


def may_be_same_organisation(one: str, other: str) -> bool:
    """Whether one name may be a part or a short form of the other, or one is no name at all."""
    first, second = (_name_words(text, without=_CORPORATE) for text in (one, other))
    return _holds_other(one, other, first, second) or same_organisation(one, other)


def same_place(one: str, other: str) -> bool:
    """Whether both name one place, with its state spelt out or not."""
    first, second = _place_words(one), _place_words(other)
    return bool(first) and first == second


def may_be_same_place(one: str, other: str) -> bool:
    """Whether one name may say the other's place less or more exactly, or one is no name."""
    first, second = _place_words(one), _place_words(other)
    if _FACILITIES.isdisjoint(first) != _FACILITIES.isdisjoint(second):
        return True
    states = [" ".join(words) in _STATES for words in (first, second)]
    return states[0] != states[1] or _holds_other(one, other, first, second)


def _holds_other(one: str, other: str, first: Sequence[str], second: Sequence[str]) -> bool:
    if not first or not second or _is_list(one) or _is_list(other):
        return True
    return set(first) <= set(second) or set(second) <= set(first) or _alike(first, second)


def _person(text: str) -> list[str]:
    """Return the parts of a person's name, folded; none where the words are no name."""
    if len(text) > LONGEST:
        return []
    named, _, _ = text.partition(",")
    words = _WORD.findall(named)
    while words and words[-1].casefold().rstrip(".") in _AFTER:
        words.pop()
    bare = list(dropwhile(_is_title, words))
    if any(word.islower() and word not in _CARRIED for word in bare):
        return []
    parts = [word.casefold() for word in bare if len(word.rstrip(".")) > 1]
    return [part for part in parts if part not in _CARRIED] or parts


def _is_title(word: str) -> bool:
    return word.casefold().rstrip(".") in _TITLES


def _name_words(text: str, *, without: Collection[str] = ()) -> list[str]:
    """Return the words of a name that tell it apart, folded; none where the words are no name."""
    if len(text) > LONGEST:
        return []
    words = [word.rstrip(".") for word in _WORD.findall(text)]
    named = [word.casefold() for word in words if not word.islower()]
    return [word for word in named if word not in _SMALL and word not in without]


def _place_words(text: str) -> list[str]:
    spelt = (_SPELT_OUT.get(word, word) for word in _name_words(text))
    return [part for words in spelt for part in words.split()]


def _abbreviates(short: str, long: str) -> bool:
    letters = [char for char in short if char.isalpha()]
    if " " in short.strip() or len(letters) < 2 or not all(char.isupper() for char in letters):
        return False
    words = [word for word in _WORD.findall(long) if word.casefold() not in _SMALL]
    initials = "".join(w.replace(".", "") if "." in w else w[0] for w in words).casefold()
    return "".join(letters).casefold() in (initials, initials.removeprefix("us"))


def _is_list(text: str) -> bool:
    return bool(_LISTED.search(text))


def _alike(first: Sequence[str], second: Sequence[str]) -> bool:
    one, other = sorted((" ".join(first), " ".join(second)))
    return SequenceMatcher(None, one, other, autojunk=False).ratio() >= ALIKE


def _begin_alike(one: str, other: str) -> bool:
    full, full_other = _SHORT.get(one, one), _SHORT.get(other, other)
    return full.startswith(full_other) or full_other.startswith(full)
