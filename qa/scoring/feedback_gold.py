"""Feedback as gold: a line for each question voted on, for review where a vote leaves doubt."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from pydantic import ValidationError

from qa.conversation import Feedback
from qa.errors import InvalidFeedback
from qa.kept_answer import KeptAnswer, KeptQuestion, KeptSource
from qa.scoring.gold import first_fault
from qa.scoring.metrics import f1

GoldLine = dict[str, object]
"""A line of a gold file, as JSON values."""


@dataclass(frozen=True, slots=True)
class _Vote:
    """Feedback, and the answer that it is about."""

    feedback: Feedback
    answer: KeptAnswer

    @property
    def up(self) -> bool:
        return self.feedback.verdict == "up"

    @property
    def source(self) -> KeptSource | None:
        """What was judged of what is cited, or came nearest; None if it was the answer itself."""
        shown = self.answer.citations or self.answer.nearest
        return next((each for each in shown if each.n == self.feedback.citation), None)


@dataclass(frozen=True, slots=True)
class _Ballot:
    """Everything that was said of one question."""

    votes: list[_Vote] = field(default_factory=list)

    @property
    def on_answers(self) -> list[_Vote]:
        return [vote for vote in self.votes if vote.feedback.citation is None]

    @property
    def on_sources(self) -> list[_Vote]:
        return [vote for vote in self.votes if vote.feedback.citation is not None]

    @property
    def approved(self) -> list[KeptAnswer]:
        return [vote.answer for vote in self.on_answers if vote.up]

    @property
    def texts(self) -> list[str]:
        """The words that were approved, each once."""
        return [*dict.fromkeys(text for answer in self.approved for text in answer.texts)]

    @property
    def sources(self) -> list[KeptSource]:
        """The citations of what was approved, without those that were voted down."""
        wrong = {v.source.source for v in self.on_sources if v.source and not v.up}
        cited = (each for answer in self.approved for each in answer.citations)
        return [each for each in cited if each.source not in wrong]


def gold_lines(feedback: Sequence[Feedback]) -> list[GoldLine]:
    """Return a line for each question, in the order in which they were first voted on.

    One that nobody's vote leaves in doubt is ready; another has no answers and a `review`, which
    tells a person what was said. Raises `InvalidFeedback` for feedback on what is no answer.
    """
    ballots: dict[str, _Ballot] = {}
    for each in feedback:
        vote = _Vote(each, _read(each))
        ballots.setdefault(_key(vote.answer.question), _Ballot()).votes.append(vote)
    return [_line(key, ballot) for key, ballot in ballots.items()]


def _read(feedback: Feedback) -> KeptAnswer:
    try:
        return KeptAnswer.model_validate(feedback.answer)
    except ValidationError as error:
        raise InvalidFeedback(
            f"The feedback on {feedback.answer_id} is on no answer of Dateline's: "
            f"{first_fault(error)}."
        ) from error


def _key(question: KeptQuestion) -> str:
    words = " ".join(question.standalone.casefold().split())
    return json.dumps([words, question.chosen], sort_keys=True)


def _line(key: str, ballot: _Ballot) -> GoldLine:
    doubts = [*_doubts(ballot)]
    question = ballot.votes[0].answer.question
    sources = [] if doubts else ballot.sources
    digest = hashlib.blake2b(key.encode(), digest_size=8).hexdigest()
    line: GoldLine = {
        "id": f"feedback_{digest}",
        "question": question.standalone,
        "kind": "feedback",
        "answers": [] if doubts else [{"text": text} for text in ballot.texts],
        "files": [*dict.fromkeys(each.source for each in sources)],
        "evidence": sources[0].sentence.text if sources else None,
        "is_impossible": not doubts and not ballot.texts,
        "filters": question.chosen,
    }
    return line | {"review": _review(ballot, doubts)} if doubts else line


def _doubts(ballot: _Ballot) -> Iterator[str]:
    """Yield why a person has to decide what is right."""
    if not ballot.on_answers:
        yield "only sources were voted on"
    if not all(vote.up for vote in ballot.on_answers):
        yield "the answer was voted up and down" if ballot.approved else "the answer was voted down"
    if any(vote.up and vote.feedback.complaint for vote in ballot.votes):
        yield "a vote up came with a complaint"
    if ballot.texts and not all(answer.texts for answer in ballot.approved):
        yield "an answer was voted up, and that there is none"
    if any(not f1(text, ballot.texts[:1]) for text in _rivals(ballot)):
        yield "different answers were voted up"
    yield from _doubts_on_sources(ballot)


def _rivals(ballot: _Ballot) -> list[str]:
    # What a conflict says on its other side is no rival: it was approved with the first.
    return [answer.texts[0] for answer in ballot.approved if answer.texts]


def _doubts_on_sources(ballot: _Ballot) -> Iterator[str]:
    verdicts: dict[str, set[bool]] = {}
    for vote in ballot.on_sources:
        if not vote.answer.citations:
            yield "what came nearest was voted on"
        elif vote.source is None:
            yield "a source was voted on that the answer does not cite"
        else:
            verdicts.setdefault(vote.source.source, set()).add(vote.up)
            if vote.source.role == "primary" and not vote.up:
                yield "the source of the answer's words was voted down"
    if any(len(each) > 1 for each in verdicts.values()):
        yield "a source was voted up and down"
    if ballot.texts and not ballot.sources:
        yield "no source is left"


def _review(ballot: _Ballot, doubts: list[str]) -> dict[str, object]:
    """Return all that a person needs to decide; `done` says that it is decided."""
    candidates = (each for vote in ballot.votes for each in vote.answer.candidates)
    return {
        "done": False,
        "why": [*dict.fromkeys(doubts)],
        "votes": [_vote_json(vote) for vote in ballot.votes],
        "candidates": [
            {"file": file, "title": title, "sentence": sentence}
            for file, title, sentence in dict.fromkeys(
                (each.source, each.title, each.sentence.text) for each in candidates
            )
        ],
    }


def _vote_json(vote: _Vote) -> dict[str, object]:
    return {
        "verdict": vote.feedback.verdict,
        "complaint": vote.feedback.complaint,
        "comment": vote.feedback.comment,
        "citation": vote.feedback.citation,
        "file": vote.source.source if vote.source else None,
        "asked": vote.answer.question.raw,
        "answered": vote.answer.answer.text,
        "given_at": vote.feedback.given_at.isoformat(),
    }
