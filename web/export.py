"""A conversation as Markdown, to be read elsewhere."""

import re
from collections.abc import Iterator
from urllib.parse import quote

from qa.conversation import Conversation
from qa.kept_answer import completed
from web.cards import Json
from web.show import BAND, ROLE, day, reading, web_link

# What begins markup in CommonMark, or a link in GitHub's.
_MARKUP = re.compile(r"[\\`*_{}\[\]<>#!|&~@]|:(?=/)|(?<=www)\.", re.IGNORECASE)
_KEPT_IN_URL = "!#$%&'()*+,/:;=?@[]~"


def conversation_markdown(conversation: Conversation) -> str:
    """Return *conversation* as Markdown in which no word of a story or question is markup."""
    blocks = [f"# Dateline, {day(conversation.began_at)}"]
    for turn in conversation.turns:
        blocks += _turn(turn.n, completed(turn.answer))
    return "\n\n".join(blocks) + "\n"


def plain(text: str) -> str:
    """Return *text* as Markdown that shows it as it is, on one line."""
    return _MARKUP.sub(r"\\\g<0>", " ".join(text.split()))


def _turn(n: int, answer: Json) -> Iterator[str]:
    asked = answer["question"]
    yield f"## {n}\\. {plain(asked['raw'])}"
    if asked["standalone"] != asked["raw"]:
        yield f"Asked as: {plain(asked['standalone'])}"
    if filters := _filters(asked["filters"]):
        yield f"Only stories {filters}"
    if respelt := asked["did_you_mean"]:
        yield f"Did you mean: {plain(respelt)}"
    if answer["status"] == "abstained":
        beyond = answer["abstention"]["reason"] == "out_of_reach"
        yield f"**{'This can’t be quoted from a story' if beyond else 'The stories don’t say'}.**"
        yield plain(answer["abstention"]["message"])
        return
    if answer["status"] == "conflict":
        yield "**The stories disagree.**"
    else:
        yield from _words(answer)
    yield "\n".join(_source(citation) for citation in answer["citations"])


def _words(answer: Json) -> Iterator[str]:
    """Yield what an answer says, and how surely."""
    words = answer["answer"]
    yield f"**{plain(words['text'])}**"
    if members := words["members"]:
        yield "\n".join(f"- {plain(one['text'])} [{one['n']}]" for one in members)
    if speaker := words["speaker"]:
        yield f"Said by {plain(speaker)}"
    if told := reading(answer):
        yield f"That is {plain(told)}"
    if as_of := words["as_of"]:
        yield f"As of {day(as_of)}"
    yield f"{BAND[words['confidence']['band']]}, {words['confidence']['p']:.0%}"


def _filters(filters: Json) -> str:
    named = (("from", "from"), ("to", "until"), ("publisher", "by"))
    return ", ".join(f"{word} {plain(filters[name])}" for name, word in named if filters[name])


def _source(citation: Json) -> str:
    told = (citation["title"], citation["publisher"], day(citation["published"]) or "undated")
    source = ", ".join(plain(part) for part in told if part)
    url = web_link(citation["url"])
    link = f", <{quote(url, safe=_KEPT_IN_URL)}>" if url else ""
    role = "" if citation["role"] == "primary" else f" ({ROLE[citation['role']].lower()})"
    return f"{citation['n']}. “{plain(citation['sentence']['text'])}” {source}{link}{role}"
