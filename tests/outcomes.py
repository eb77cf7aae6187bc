"""Outcomes of gold questions about the mayor, made without asking."""

from dataclasses import replace

from corpus.story import Passage
from qa.answer import Answer, Confidence
from qa.evaluate import Outcome
from qa.scoring.evaluation import Evaluation
from qa.scoring.gold import GoldQuestion
from qa.scoring.results import Result, result_of
from qa.scoring.scores import scores_of
from tests.fakes import MAYOR_SENTENCE, abstention_about, answer_with, cite, mayor_story

STORY = mayor_story()


def gold(
    question: str, *answers: str, file: str = STORY.source, kind: str = "person"
) -> GoldQuestion:
    return GoldQuestion.model_validate(
        {
            "id": question,
            "question": question,
            "kind": kind,
            "answers": [{"text": text} for text in answers],
            "files": [file] if answers else [],
            "is_impossible": not answers,
        }
    )


def answered(question: str, quote: str, p: float) -> Answer:
    answer = answer_with(question, [cite(STORY, quote, MAYOR_SENTENCE)])
    return replace(answer, confidence=Confidence(p=p, band="high"))


def outcome(of: GoldQuestion, answer: Answer, *sources: str, milliseconds: float = 1.0) -> Outcome:
    return Outcome(gold=of, answer=answer, sources=sources, milliseconds=milliseconds)


def five_outcomes() -> list[Outcome]:
    """A right answer, a partly right one, one refused, one rightly refused, one made up."""
    here, elsewhere = STORY.source, "stories/count.html"
    return [
        outcome(gold("right", "Ada Quinn"), answered("right", "Ada Quinn", 0.9), here),
        outcome(
            gold("part", "Quinn elected mayor", file=elsewhere),
            answered("part", "Ada Quinn was elected", 0.8),
            *(here, elsewhere),
            milliseconds=3.0,
        ),
        outcome(gold("refused", "Ada"), abstention_about("refused"), *["other.html"] * 5, here),
        outcome(gold("unknown", kind="unanswerable"), abstention_about("unknown")),
        outcome(gold("made up", kind="unanswerable"), answered("made up", "mayor", 0.6)),
    ]


def withheld(of: GoldQuestion, quote: str, p: float) -> Outcome:
    """Return the outcome of a question that was refused though *quote* was read."""
    start = STORY.body.index(MAYOR_SENTENCE)
    passage = Passage(
        passage_id=1,
        story_id=STORY.story_id,
        ordinal=0,
        start=start,
        end=start + 80,
        text=STORY.body[start : start + 80],
    )
    refused = outcome(of, abstention_about(of.question), STORY.source)
    return replace(refused, withheld=answered(of.question, quote, p), passage=passage)


def evaluation_of(*outcomes: Outcome) -> Evaluation:
    """Return the evaluation of *outcomes*, compared with no other."""
    return Evaluation(gold=["gold.jsonl"], outcomes=outcomes, scores=scores_of(outcomes))


def results_of(*outcomes: Outcome) -> list[Result]:
    """Return *outcomes* as they are printed."""
    return [result_of(outcome) for outcome in outcomes]
