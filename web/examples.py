"""One example of everything on the wire, about one story; the answers are made as real ones are."""

from datetime import UTC, date, datetime

from corpus.passages import split_story
from corpus.revisions import Lineage, Revision
from corpus.story import Story
from embeddings.index import EVERY_STORY, Filters
from embeddings.retriever import Hit
from qa.answer import Agreement, Answer, Citation, Confidence, Receipt
from qa.conversation import Conversation, Turn
from qa.serialize import (
    answer_json,
    conversation_json,
    filters_json,
    hit_json,
    story_head_json,
    story_json,
)

_SENTENCE = "The bridge over the Arno was closed to lorries on 18 June 2024."
_QUOTE = "18 June 2024"
_ASKED = "When was the bridge over the Arno closed to lorries?"
_CONVERSATION = "5f0c2a9be7d14c60a1b83f5d9e72c604"
_STORY = Story(
    story_id="3a61f0c5d2e9b847",
    source="https://news.example/2024/arno-bridge",
    url="https://news.example/2024/arno-bridge",
    title="Lorries banned from the Arno bridge",
    body=f"{_SENTENCE} Engineers had found cracks in two of its piers.",
    byline="Lee Park",
    publisher="Tuscany Post",
    dateline="FLORENCE",
    published_at=date(2024, 6, 19),
    tags=("bridges", "traffic"),
)
_LINEAGE = Lineage(
    versions=(
        Revision(
            sha256=_STORY.sha256,
            title=_STORY.title,
            ingested_at=datetime(2024, 6, 20, 4, 30, tzinfo=UTC),
        ),
    )
)
_CITATION = Citation(
    n=1,
    story_id=_STORY.story_id,
    title=_STORY.title,
    source=_STORY.source,
    publisher=_STORY.publisher,
    published_at=_STORY.published_at,
    url=_STORY.url,
    deep_link=f"{_STORY.url}#:~:text=The%20bridge,18%20June%202024.",
    quote=_QUOTE,
    start=_STORY.body.index(_QUOTE),
    end=_STORY.body.index(_QUOTE) + len(_QUOTE),
    sentence=_SENTENCE,
    sentence_start=0,
    sentence_end=len(_SENTENCE),
    snapshot_sha256=_STORY.sha256,
    role="primary",
    verified=True,
)
_ANSWER = Answer(
    answer_id="ans_0c9d4b7e21f6a358",
    status="answered",
    question=_ASKED,
    standalone=_ASKED,
    filters=Filters(from_date=date(2024, 1, 1)),
    text=_QUOTE,
    type="date",
    normalized="2024-06-18",
    confidence=Confidence(p=0.93, band="high", threshold=0.41),
    receipt=Receipt(
        change=1204,
        encoder="all-MiniLM-L6-v2",
        reader="minilm-reader",
        confidence="logistic@5e20c7a1",
        settings="8d31c0f2b96e7a54",
        version="0.1.0",
    ),
    citations=(_CITATION,),
    agreement=Agreement(supporting_stories=1, independent=1),
    timings_ms={"retrieve": 9.1, "read": 44.7, "compose": 2.3, "total": 56.1},
)
_NOW = datetime(2024, 6, 20, 8, 15, tzinfo=UTC)
_PROBLEM = {
    "type": "about:blank",
    "title": "Unprocessable Entity",
    "status": 422,
    "detail": "#/filters/from Write the day as YYYY-MM-DD.",
    "instance": "/v1/ask",
    "errors": [{"pointer": "#/filters/from", "detail": "Write the day as YYYY-MM-DD."}],
}
_OPINION = {"verdict": "down", "complaint": "wrong_source", "comment": "That is another bridge."}


def _hit() -> dict[str, object]:
    [passage] = split_story(_STORY)
    return hit_json(Hit(passage=passage, story=_STORY, score=0.0325, dense_rank=1, word_rank=2))


def _unplaced(problem: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in problem.items() if name != "instance"}


EXAMPLES: dict[str, object] = {
    "AskBody": {"question": _ASKED, "filters": {"from": "2024-01-01"}},
    "BatchBody": {"questions": [{"question": _ASKED}, {"question": "Who found the cracks?"}]},
    "SearchBody": {"question": "cracks in bridge piers", "k": 5},
    "VerifyBody": {
        "story_id": _STORY.story_id,
        "start": _CITATION.start,
        "end": _CITATION.end,
        "quote": _QUOTE,
        "snapshot_sha256": _STORY.sha256,
    },
    "FeedbackBody": {"conversation_id": _CONVERSATION, "turn": 1, "citation": 1, **_OPINION},
    "TurnFeedback": {"conversation_id": _CONVERSATION, "turn": 1, "citation": 1, **_OPINION},
    "AnswerFeedback": {"question": _ASKED, "answer_id": _ANSWER.answer_id, "verdict": "up"},
    "Answer": answer_json(_ANSWER),
    "Answers": {"answers": [answer_json(_ANSWER), _unplaced(_PROBLEM)]},
    "Hits": {
        "question": "cracks in bridge piers",
        "filters": filters_json(EVERY_STORY),
        "hits": [_hit()],
    },
    "Stories": {
        "stories": [story_head_json(_STORY)],
        "total": 1,
        "limit": 50,
        "offset": 0,
        "next_offset": None,
    },
    "Story": story_json(_STORY, _LINEAGE),
    "Conversation": conversation_json(
        Conversation(
            conversation_id=_CONVERSATION,
            began_at=_NOW,
            turns=[Turn(n=1, asked_at=_NOW, answer=answer_json(_ANSWER))],
        )
    ),
    "Verification": {
        "verified": False,
        "reason": "words_differ",
        "found": _QUOTE,
        "superseded": False,
    },
    "Problem": _PROBLEM,
    "Health": {"status": "alive"},
}
"""Examples by the name of the model that they are examples of."""

PARAMETERS: dict[str, object] = {
    "q": _ASKED,
    "story_id": _STORY.story_id,
    "conversation_id": _CONVERSATION,
}
"""Examples of parameters that an operation can't do without."""

EVENTS = """\
event: status
data: {"step": "search", "message": "Searching the stories"}

event: citation
data: {"n": 1, "role": "primary", …}

event: answer
data: {"id": "ans_0c9d4b7e21f6a358", …}

event: done
data: {"conversation": null}
"""
