"""An assistant with one answer for every kind of card."""

from dataclasses import replace
from datetime import date

from embeddings.index import Filters
from qa.answer import Answer, Confidence
from tests.fakes import (
    MAYOR_QUESTION,
    MAYOR_SENTENCE,
    FakeAssistant,
    FakeStore,
    abstention_about,
    answer_with,
    cite,
    mayor_story,
)

STORY = mayor_story()
OTHER = mayor_story(
    story_id="2",
    title="Quinn wins in Springfield",
    url=None,
    publisher="Shelbyville Courier",
    published_at=date(2022, 1, 20),
    body=f"{MAYOR_SENTENCE} Bo Lind was second, with 4,200 votes.",
)

PLAIN = MAYOR_QUESTION
SEVERAL = "Which stories say who is mayor?"
UNDERSTOOD = "And who is it since 2021?"
ABSTENTION = "Who lost?"
CONFLICT = "Who was second?"


def gallery() -> FakeAssistant:
    """Return the assistant; what else it is asked, it doesn't know."""
    assistant = FakeAssistant(FakeStore([STORY, OTHER]))
    assistant.answers = {
        PLAIN: answer_with(PLAIN, [cite(STORY, "Ada Quinn", MAYOR_SENTENCE)]),
        SEVERAL: _several(),
        UNDERSTOOD: replace(
            _several(),
            question=UNDERSTOOD,
            standalone="Who is mayor of Springfield since 2021?",
            filters=Filters(from_date=date(2021, 1, 1), publisher="Springfield Gazette"),
            inferred=("from",),
        ),
        ABSTENTION: replace(
            abstention_about(
                ABSTENTION, [cite(STORY, MAYOR_SENTENCE, MAYOR_SENTENCE, role="nearest")]
            ),
            filters=Filters(to_date=date(2022, 1, 31)),
        ),
        CONFLICT: answer_with(
            CONFLICT,
            [
                cite(STORY, "Ada Quinn", MAYOR_SENTENCE),
                cite(OTHER, "Bo Lind", OTHER.body[44:], n=2, role="conflicts"),
            ],
            status="conflict",
        ),
    }
    return assistant


def _several() -> Answer:
    citations = [
        cite(STORY, "Ada Quinn", MAYOR_SENTENCE),
        cite(OTHER, "Ada Quinn", MAYOR_SENTENCE, n=2, role="supports"),
    ]
    answer = answer_with(SEVERAL, citations)
    read_too = cite(STORY, "January 2022", "She takes office in January 2022.", role="read")
    return replace(
        answer,
        confidence=Confidence(p=0.71, band="medium", threshold=0.47),
        agreement=replace(answer.agreement, independent=2),
        also_read=(read_too,),
    )
