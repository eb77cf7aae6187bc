"""Feedback, for operators: votes counted, written as a gold file, forgotten."""

import json
import os
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from qa.assemble import open_conversations
from qa.conversation import Feedback
from qa.errors import FeedbackNotWritten
from qa.scoring.feedback_gold import GoldLine, gold_lines
from qa.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedbackReport:
    """The votes there were, the gold *file* that they were written to, how many are forgotten.

    *lines* are the questions in the file, *to_review* of them for a person to decide.
    """

    feedback: Sequence[Feedback]
    file: Path | None = None
    lines: int = 0
    to_review: int = 0
    forgotten: int = 0


def run(
    settings: Settings, *, to: Path | None, clear: bool, confirmed: Callable[[str], bool]
) -> FeedbackReport:
    """Write all feedback to the file *to* and *clear* it, each if wanted.

    It is cleared once it is written, and if *confirmed* says yes to a question. Raises
    `FeedbackNotWritten`, and leaves everything as it was.
    """
    with closing(open_conversations(settings, forgets=False)) as conversations:
        feedback = conversations.feedback()
        lines = gold_lines(feedback) if to else []
        if to and lines:
            _write(lines, to)
        forgotten = 0
        if clear and feedback and confirmed(_question(len(feedback), to)):
            forgotten = conversations.clear_feedback(feedback)
    return FeedbackReport(
        feedback=feedback,
        file=to if lines else None,
        lines=len(lines),
        to_review=sum("review" in line for line in lines),
        forgotten=forgotten,
    )


def report_json(report: FeedbackReport) -> dict[str, object]:
    """Return *report* as it is printed for programs."""
    return {
        "votes": len(report.feedback),
        "answers": _verdicts(each for each in report.feedback if each.citation is None),
        "sources": _verdicts(each for each in report.feedback if each.citation is not None),
        "complaints": dict(
            Counter(each.complaint for each in report.feedback if each.complaint).most_common()
        ),
        "file": str(report.file) if report.file else None,
        "lines": report.lines,
        "to_review": report.to_review,
        "forgotten": report.forgotten,
    }


def _verdicts(feedback: Iterable[Feedback]) -> dict[str, int]:
    counts = Counter(each.verdict for each in feedback)
    return {"up": counts["up"], "down": counts["down"]}


def _question(votes: int, to: Path | None) -> str:
    unwritten = "" if to else ", which are written to no file"
    return f"Forget {counted(votes, 'vote')}{unwritten}?"


def counted(count: int, noun: str) -> str:
    """Return *count* of what *noun* names, as people write it."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def _write(lines: Sequence[GoldLine], file: Path) -> None:
    """Write *lines* to a new *file*; whoever reviewed an older one keeps it."""
    text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
    try:
        with file.open("x", encoding="utf-8", errors="backslashreplace") as written:
            written.write(text)
            written.flush()
            os.fsync(written.fileno())
    except FileExistsError as error:
        raise FeedbackNotWritten(f"{file} is there already; name another file.") from error
    except OSError as error:
        raise FeedbackNotWritten(f"{file} can't be written: {error.strerror}.") from error
