"""What can go wrong with a question.

* QAError
  x EmptyQuestion
  x QuestionTooLong
  x ReaderNotFound
  x ReaderDamaged
  x ReaderUnsuitable
  x InvalidSettings
  x InvalidGold
  x InvalidRun
  x NothingToCompare
  x InvalidLimit
  x ReportNotWritten
  x ConversationNotFound
  x ConversationFull
  x ConversationsUnavailable
  x InvalidFeedback
  x FeedbackNotWritten
  x TurnNotFound
  x CitationNotFound
  x AnswerChanged
  x AnswerNotFound
  x InvalidReceipt
  x KeyNameTaken
  x KeyNotFound
  x KeysDamaged
  + NotNow
    x TooBusy
    x OutOfTime
    x AskerGone
  + BackupError
    x BackupNotWritten
    x BackupDamaged
    x RestoreRefused
    x ExportNotWritten
"""


class QAError(Exception):
    """Base of every error that the qa package raises."""


class EmptyQuestion(QAError):
    """The question holds no word."""

    def __init__(self) -> None:
        super().__init__("Ask a question: the text was empty.")


class QuestionTooLong(QAError):
    """The question is longer than a question is."""

    def __init__(self, length: int, limit: int) -> None:
        super().__init__(f"The question has {length:,} characters; ask it in at most {limit:,}.")


class ReaderNotFound(QAError):
    """The reader's files are not where the settings say."""


class ReaderDamaged(QAError):
    """A reader file's checksum is not the recorded one."""


class ReaderUnsuitable(QAError):
    """A model is there, but can't do what a reader does."""


class InvalidSettings(QAError):
    """A setting has a value that Dateline can't run with."""


class InvalidGold(QAError):
    """A gold file has a line that is no question with answers."""


class InvalidRun(QAError):
    """A file is not what `dateline evaluate --json` prints."""


class NothingToCompare(QAError):
    """Two runs have no question in common."""

    def __init__(self) -> None:
        super().__init__("The earlier run has none of these questions.")


class InvalidLimit(QAError):
    """A limit is not the name of a score and a value that the score can have."""


class ReportNotWritten(QAError):
    """The report's file can't be written."""


class ConversationNotFound(QAError):
    """No conversation has this id, or no longer.

    The message is without the id: who knows it may read the conversation, and messages are logged.
    """

    def __init__(self, conversation_id: str) -> None:
        super().__init__(
            "No conversation has this id; it was deleted, is older than is kept, or never was."
        )
        self.conversation_id = conversation_id


class ConversationFull(QAError):
    """The conversation has as many turns as one may have."""

    def __init__(self, limit: int) -> None:
        super().__init__(
            f"This conversation has {limit:,} questions, and no room for another; "
            "start a new conversation."
        )


class ConversationsUnavailable(QAError):
    """The database of conversations and feedback can't be reached or written."""


class InvalidFeedback(QAError):
    """Feedback that can't be kept, or read again."""


class FeedbackNotWritten(QAError):
    """The gold file of feedback can't be written."""


class TurnNotFound(QAError):
    """The conversation has no turn of this number."""

    def __init__(self, conversation_id: str, turn: int) -> None:
        super().__init__(f"conversation {conversation_id} has no turn {turn}")


class CitationNotFound(QAError):
    """The answer has no citation of this number."""

    def __init__(self, answer_id: str, citation: int) -> None:
        super().__init__(f"answer {answer_id} has no citation {citation}")


class AnswerChanged(QAError):
    """The question has another answer now."""

    def __init__(self, given: str, now: str) -> None:
        super().__init__(
            f"answer {given} can't be given again: the stories, models or settings have changed, "
            f"and the answer to the question is now {now}"
        )


class AnswerNotFound(QAError):
    """No answer of this id is kept, or no longer."""

    def __init__(self, answer_id: str) -> None:
        super().__init__(
            f"No conversation holds an answer {answer_id}; give the answer itself, or its receipt, "
            "as a file of JSON."
        )


class InvalidReceipt(QAError):
    """What is to be replayed is no receipt."""


class KeyNameTaken(QAError):
    """An API key has this name already."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"A key is named {name} already; `dateline keys remove {name}` takes it back."
        )


class KeyNotFound(QAError):
    """No API key has this name."""

    def __init__(self, name: str) -> None:
        super().__init__(f"No key is named {name}; `dateline keys list` lists them.")


class KeysDamaged(QAError):
    """The file of API keys can't be read or written, or is not what `dateline keys` writes."""


class NotNow(QAError):
    """Nothing is wrong: the same request may be answered *retry_after_s* seconds later.

    Its message is for whoever asked.
    """

    def __init__(self, message: str, retry_after_s: int) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s


class TooBusy(NotNow):
    """As many questions are being answered, or wait, as there is room for."""

    def __init__(self, retry_after_s: int) -> None:
        super().__init__(
            "Dateline is answering as many questions as it can; ask again in a few seconds.",
            retry_after_s,
        )


class OutOfTime(NotNow):
    """A request took longer than requests may."""

    def __init__(self, seconds: float) -> None:
        super().__init__(
            f"This took longer than {seconds:g} seconds, the most that Dateline works on one "
            "request; ask again in a few seconds, or ask for less at once.",
            5,
        )


class AskerGone(NotNow):
    """Whoever asked has closed the connection, so that nobody hears of this."""

    def __init__(self) -> None:
        super().__init__("Nobody waits for this answer any more.", 5)


class BackupError(QAError):
    """Base of what can go wrong with backups and exports."""


class BackupNotWritten(BackupError):
    """A backup can't be written, or what it would hold is damaged."""


class BackupDamaged(BackupError):
    """A file is no backup, or not as it was written."""


class ExportNotWritten(BackupError):
    """Stories can't be written to this folder."""


class RestoreRefused(BackupError):
    """A backup can't be restored to this folder."""
