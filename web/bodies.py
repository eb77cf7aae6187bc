"""What else may be sent: several questions, a search, a claim, feedback, pages of a list."""

from typing import Annotated

from pydantic import Field, RootModel, StringConstraints, ValidationError, WrapValidator
from pydantic import ValidatorFunctionWrapHandler as Handler

from corpus.listing import Listing
from qa.conversation import Complaint, Verdict
from qa.verify import Claim
from web.ask import (
    AloneBody,
    Digits,
    FilterParameters,
    Id,
    QuestionBody,
    QuestionParameters,
    Whole,
)
from web.schema import Body, Parameters

BATCH = 32
"""Questions that are answered in one request."""
HITS = 50
"""Passages that one search returns at most."""
STORIES_A_PAGE = 100

Offset = Annotated[int, Field(ge=0, le=1_000_000_000), Whole]
Sha256 = Annotated[str, StringConstraints(pattern="^[0-9a-f]{64}$")]


def _or_fault(value: object, handler: Handler) -> object:
    """Return the question, or what is wrong with it: it must not fail the others."""
    try:
        return handler(value)
    except ValidationError as fault:
        return fault


class BatchBody(Body):
    """Questions that are answered side by side; none knows of the others."""

    questions: Annotated[
        list[Annotated[AloneBody, WrapValidator(_or_fault)]],
        Field(min_length=1, max_length=BATCH),
    ]
    """The questions, each with its filters."""


class SearchBody(QuestionBody):
    """What to search for, and in which stories."""

    k: Annotated[int, Field(ge=1, le=HITS), Whole] = 10
    """How many passages are returned at most."""


class SearchParameters(QuestionParameters):
    """What to search for, as parameters of an address."""

    k: Annotated[int, Field(ge=1, le=HITS), Digits] = 10
    """How many passages are returned at most."""


class StoriesParameters(FilterParameters):
    """Which stories are listed, and which page of the list."""

    q: Annotated[str, Field(min_length=1, max_length=200)] | None = None
    """Words that all stand in the title or the text, in any case."""
    limit: Annotated[int, Field(ge=1, le=STORIES_A_PAGE), Digits] = 50
    """How many stories are listed at most."""
    offset: Annotated[int, Field(ge=0, le=999_999_999), Digits] = 0
    """How many stories are passed over first."""

    def listing(self) -> Listing:
        """Return these as the store takes them."""
        return Listing(
            words=self.q or "",
            from_date=self.from_date,
            to_date=self.to_date,
            publisher=self.publisher,
        )


class RevisionParameters(Parameters):
    """Which version of a story is meant."""

    revision: Sha256 | None = None
    """The SHA-256 of its `body`, as of `snapshot_sha256`; if absent, the present version."""


class VerifyBody(Body):
    """A quote, and where in a story it is said to stand."""

    story_id: Id
    """The story."""
    start: Offset
    """Where the quote starts: code points in the story's `body`."""
    end: Offset
    """Where it ends, exclusive."""
    quote: Annotated[str, Field(min_length=1)]
    """The words."""
    snapshot_sha256: Sha256 | None = None
    """The `snapshot_sha256` of the citation: tells a story that changed from a wrong quote."""

    def claim(self) -> Claim:
        """Return this as it is checked."""
        return Claim(**self.model_dump())


class _Opinion(Body):
    verdict: Verdict
    """Whether the answer is good."""
    complaint: Complaint | None = None
    """What is wrong with it."""
    comment: Annotated[str, Field(max_length=2000)] | None = None
    """Anything else, in the reader's own words."""
    citation: Annotated[int, Field(ge=1, le=1000), Whole] | None = None
    """The number `n` of the citation that this is about; none for the whole answer."""


class TurnFeedback(_Opinion):
    """What someone thinks of an answer in a conversation."""

    conversation_id: Id
    """The conversation."""
    turn: Annotated[int, Field(ge=1, le=1_000_000_000), Whole]
    """The number of its turn."""


class AnswerFeedback(_Opinion, AloneBody):
    """What someone thinks of an answer that stood in no conversation."""

    answer_id: Annotated[str, StringConstraints(pattern="^ans_[0-9a-f]{16}$")]
    """The answer's `id`; if the question has another answer by now, the feedback is refused."""


def _by_subject(value: object, _handler: Handler) -> TurnFeedback | AnswerFeedback:
    # Chosen by hand, so that faults are told of the one form that was meant.
    if isinstance(value, dict) and "conversation_id" in value:
        return TurnFeedback.model_validate(value)
    return AnswerFeedback.model_validate(value)


class FeedbackBody(RootModel[Annotated[TurnFeedback | AnswerFeedback, WrapValidator(_by_subject)]]):
    """Feedback on a turn of a conversation, or on an answer that stood in none."""
