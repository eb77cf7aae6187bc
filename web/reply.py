"""An answer as Markdown that every chat client can show, and where its marks stand.

Stories are written by others: nothing that they hold may become a link, an image or HTML.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote as percent_encoded

from qa.answer import Abstention, Answer, Citation
from qa.composing.sources import newest_first
from qa.serialize import answer_json, citation_json, local_link
from web.show import day, marked, reading, web_link

_UNSEEN = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_SYNTAX = re.compile(
    r"[\\`*_\[\]~]|&(?=[#\w]+;)|:(?=//)|(?<=\bwww)\.|(?<=\w)@(?=\w)", re.IGNORECASE
)
_HTML = str.maketrans({"<": "&lt;", ">": "&gt;"})
_QUOTATION_MARKS = ("“", "‘", "«", '"', "'")
_URL_SAFE = "%/:?#&=~+!$,;'@"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A citation as a chat client shows it, under a title and a link that no other source has.

    *start* and *end* are the code points of its first mark, such as [1], in the content, half-open.
    """

    citation: Citation
    title: str
    url: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Reply:
    """Markdown, and the sources that its marks stand for."""

    content: str
    sources: tuple[Source, ...] = ()


def reply_to(answer: Answer, base_url: str) -> Reply:
    """Return *answer* as Markdown; *base_url* is where this Dateline serves its story pages."""
    if answer.status == "abstained":
        return Reply(_abstained(answer.abstention) + _respelt(answer))
    said = _disagreed(answer) if answer.status == "conflict" else _answered(answer)
    listed = [_listed(citation, base_url) for citation in answer.citations]
    content = "\n".join([*said, "", "Sources:", "", *listed]) + _respelt(answer)
    titles = _distinct_titles(answer.citations)
    return Reply(
        content,
        tuple(
            # No story can write a mark first: its brackets are escaped.
            Source(
                citation=citation,
                title=title,
                url=link_to(citation, base_url),
                start=(start := content.index(_mark(citation))),
                end=start + len(_mark(citation)),
            )
            for citation, title in zip(answer.citations, titles, strict=True)
        ),
    )


def link_to(citation: Citation, base_url: str) -> str:
    """Return the address of the cited words: at the publisher's, or of the story page here."""
    url = web_link(citation.deep_link) or web_link(citation.url)
    return percent_encoded(url, safe=_URL_SAFE) if url else _page_of(citation, base_url)


def as_text(words: str) -> str:
    """Return *words* on one line, with what Markdown or HTML would take for markup escaped."""
    line = re.sub(r"\s+", " ", _UNSEEN.sub("", words))
    return _SYNTAX.sub(lambda match: f"\\{match[0]}", line).translate(_HTML)


def _answered(answer: Answer) -> list[str]:
    marks = "".join(_mark(citation) for citation in answer.citations)
    lines = [f"**{as_text(answer.text or '').strip()}** {marks}"]
    if answer.speaker:
        lines += ["", f"Said by {as_text(answer.speaker).strip()}."]
    if answer.members:
        lines += ["", *(f"- {as_text(one.text).strip()} [{one.n}]" for one in answer.members)]
    if told := reading(answer_json(answer)):
        lines += ["", f"That is {as_text(told)}."]
    for citation in answer.citations:
        if citation.role == "primary":
            lines += ["", f"> {_quoted(citation)} {_mark(citation)}"]
    if answer.as_of:
        lines += ["", f"As of {day(answer.as_of)}."]
    if answer.agreement.independent > 1:
        lines += ["", f"{answer.agreement.independent} stories say so in words of their own."]
    return lines


def _disagreed(answer: Answer) -> list[str]:
    lines = ["The stories disagree. The newest comes first:", ""]
    for citation in newest_first(answer.citations):
        words, sentence = as_text(citation.quote).strip(), _quoted(citation)
        when = f" ({day(citation.published_at)})" if citation.published_at else ""
        lines.append(f"- **{words}** {_mark(citation)}{when}: {sentence}")
    return lines


def _abstained(abstention: Abstention | None) -> str:
    beyond = abstention is not None and abstention.reason == "out_of_reach"
    lines = ["This can’t be quoted from a story." if beyond else "The stories don’t say."]
    if abstention:
        lines += ["", as_text(abstention.message)]
    if abstention and abstention.missing:
        lines += ["", f"Missing: {', '.join(map(as_text, abstention.missing))}."]
    if abstention and beyond:
        lines += [line for one in abstention.nearest for line in ("", f"> {_near(one)}")]
    return "\n".join(lines)


def _near(citation: Citation) -> str:
    sentence = as_text(citation.sentence)
    return f"“{sentence}” ({as_text(citation.title).strip()})"


def _respelt(answer: Answer) -> str:
    return f"\n\nDid you mean: {as_text(answer.did_you_mean)}" if answer.did_you_mean else ""


def _quoted(citation: Citation) -> str:
    """Return the cited sentence in quotation marks, its answer in bold.

    The marks keep it off the line's start, where Markdown would look for headings and lists.
    """
    before, quote, after, _ = marked(citation_json(citation))
    sentence = f"{as_text(before)}**{as_text(quote)}**{as_text(after)}"
    return sentence if sentence.startswith(_QUOTATION_MARKS) else f"“{sentence}”"


def _listed(citation: Citation, base_url: str) -> str:
    link = link_to(citation, base_url)
    page = _page_of(citation, base_url)
    title = f"[{as_text(citation.title).strip()}]({link})"
    known = [title, as_text(citation.publisher or ""), day(citation.published_at)]
    kept = f" ([as it was read]({page}))" if page != link else ""
    return f"- {_mark(citation)} {', '.join(filter(None, known))}{kept}"


def _page_of(citation: Citation, base_url: str) -> str:
    return base_url.rstrip("/") + local_link(citation)


def _mark(citation: Citation) -> str:
    return f"[{citation.n}]"


def _distinct_titles(citations: Sequence[Citation]) -> list[str]:
    """Return a title for each citation; clients tell sources apart by title."""
    seen: set[str] = set()
    titles = []
    for citation in citations:
        title = " ".join(citation.title.split())
        titles.append(f"{title} [{citation.n}]" if title in seen else title)
        seen.add(title)
    return titles
