"""Which status an error of Dateline has, which field it is about, and when to try again."""

from corpus.errors import (
    FetchError,
    NotAStory,
    RevisionNotFound,
    StoreBusy,
    StoreDamaged,
    StoryNotFound,
    UnknownFormat,
    UnreadableSource,
)
from embeddings.errors import IndexUnreachable, SearchError
from qa.errors import (
    AnswerChanged,
    AnswerNotFound,
    BackupError,
    CitationNotFound,
    ConversationFull,
    ConversationNotFound,
    ConversationsUnavailable,
    EmptyQuestion,
    FeedbackNotWritten,
    InvalidFeedback,
    InvalidGold,
    InvalidLimit,
    InvalidReceipt,
    InvalidRun,
    InvalidSettings,
    KeyNameTaken,
    KeyNotFound,
    KeysDamaged,
    NothingToCompare,
    NotNow,
    QuestionTooLong,
    ReaderDamaged,
    ReaderNotFound,
    ReaderUnsuitable,
    ReportNotWritten,
    TurnNotFound,
)

STATUS: dict[type[Exception], int] = {
    EmptyQuestion: 422,
    QuestionTooLong: 422,
    StoryNotFound: 404,
    RevisionNotFound: 404,
    NotAStory: 422,
    UnknownFormat: 415,
    UnreadableSource: 422,
    StoreBusy: 503,
    StoreDamaged: 503,
    FetchError: 502,
    SearchError: 503,
    ReaderNotFound: 503,
    ReaderDamaged: 503,
    ReaderUnsuitable: 503,
    InvalidSettings: 500,
    InvalidGold: 422,
    InvalidRun: 422,
    NothingToCompare: 422,
    InvalidLimit: 422,
    ReportNotWritten: 500,
    ConversationNotFound: 404,
    ConversationFull: 409,
    ConversationsUnavailable: 503,
    InvalidFeedback: 422,
    FeedbackNotWritten: 500,
    TurnNotFound: 404,
    CitationNotFound: 404,
    AnswerChanged: 409,
    AnswerNotFound: 404,
    InvalidReceipt: 422,
    KeyNameTaken: 409,
    KeyNotFound: 404,
    KeysDamaged: 503,
    NotNow: 503,
    BackupError: 500,
}
FIELD: dict[type[Exception], str] = {
    EmptyQuestion: "question",
    QuestionTooLong: "question",
    CitationNotFound: "citation",
}
RETRY_AFTER_S: dict[type[Exception], int] = {IndexUnreachable: 5}
"""Seconds after which what failed may be well again by itself."""

UNAVAILABLE: dict[type[Exception], str] = {
    ConversationsUnavailable: "Conversations and feedback can't be kept or read right now, and the "
    "server's log says why; questions that belong to no conversation are answered.",
}
"""What is told of an error that only the log may tell in its own words."""


def status_of(error: Exception) -> int:
    """Return the status of *error*, or of the nearest kind above it that has one."""
    return next((STATUS[kind] for kind in type(error).__mro__ if kind in STATUS), 500)


def retry_after_s(error: Exception) -> int | None:
    """Return the seconds after which *error* may have passed; None if it needs somebody to act."""
    if isinstance(error, NotNow):
        return error.retry_after_s
    return next(
        (RETRY_AFTER_S[kind] for kind in type(error).__mro__ if kind in RETRY_AFTER_S), None
    )
