"""What people read on the terminal: answers, reports, the store's state, scores.

Colours appear on a terminal only; a pipe gets plain text on unbroken lines.
"""

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table
from rich.text import Text

from qa.answer import Abstention, Answer, Citation, Resolution
from qa.composing.sources import newest_first
from qa.times.date_wording import day_of, resolution_in_words

if TYPE_CHECKING:
    from corpus.ingest import IngestReport
    from qa.operations.status import Status
    from qa.scoring.evaluation import Evaluation
    from qa.scoring.metrics import Estimate
    from qa.scoring.scores import Scores

_CONTROLS = dict.fromkeys((*range(0x20), *range(0x7F, 0xA0)))
_ROLES = {
    "supports": "says the same",
    "reprint": "prints the same story",
    "conflicts": "says otherwise",
}
_COLUMN_OF = {
    "accuracy": "right",
    "exact_match": "EM",
    "f1": "F1",
    "recall_at_5": "R@5",
    "mrr": "MRR",
    "citation_accuracy": "cited",
    "abstention_recall": "refused",
}


def console(*, stderr: bool = False) -> Console:
    """Return a console that prints words as they are: no markup, emoji codes or highlighting."""
    out = Console(stderr=stderr, markup=False, emoji=False, highlight=False)
    out.soft_wrap = not out.is_terminal
    return out


def shown(text: str) -> str:
    """Return *text* on one line, without characters that would command the terminal."""
    return re.sub(r"\s+", " ", text).translate(_CONTROLS)


def show_answer(answer: Answer) -> None:
    """Print the answer with its sentences and sources, or why there is none."""
    out = console()
    _show_meant(out, answer)
    if answer.abstention:
        _show_abstention(out, answer.abstention)
        return
    disagreed = answer.status == "conflict"
    if not disagreed:
        _show_words(out, answer)
    out.print(Text(_standing(answer), style="dim"))
    out.print("\nThe stories disagree:" if disagreed else "\nSources:")
    for citation in newest_first(answer.citations) if disagreed else answer.citations:
        _show_citation(out, citation)
    if answer.suggestions:
        out.print("\nYou could ask:")
    for question in answer.suggestions:
        out.print(f"    {shown(question)}")


def _show_words(out: Console, answer: Answer) -> None:
    out.print(Text(shown(answer.text or ""), style="bold green"))
    for member in answer.members:
        out.print(Text(f"  - {shown(member.text)} [{member.n}]"))
    if answer.speaker:
        out.print(Text(f"said by {shown(answer.speaker)}", style="dim"))
    if answer.resolution:
        _show_resolution(out, answer, answer.resolution)


def _show_meant(out: Console, answer: Answer) -> None:
    if answer.standalone != answer.question:
        out.print(Text(f"Asked as: {shown(answer.standalone)}", style="dim"))
    if answer.did_you_mean:
        out.print(Text(f"Did you mean: {shown(answer.did_you_mean)}", style="dim"))


def _show_abstention(out: Console, abstention: Abstention) -> None:
    out.print(Text(shown(abstention.message), style="bold yellow"))
    if abstention.missing:
        out.print(f"Not found: {shown(', '.join(abstention.missing))}")
    if abstention.nearest:
        out.print("\nNearest in the stories:")
    for citation in abstention.nearest:
        _show_citation(out, citation)


def _show_resolution(out: Console, answer: Answer, resolution: Resolution) -> None:
    published = day_of(answer.citations[0].published_at)
    told = resolution_in_words(resolution, answer.text or "", published)
    if told:
        out.print(Text(f"that is {told}"))


def _standing(answer: Answer) -> str:
    agreement = answer.agreement
    notes = [f"confidence {answer.confidence.p:.0%} ({answer.confidence.band})"]
    if answer.as_of:
        notes.append(f"as of {_day(answer.as_of)}")
    if agreement.supporting_stories > 1:
        notes.append(f"{agreement.supporting_stories} stories say so")
    if agreement.conflicting:
        says = "says" if agreement.conflicting == 1 else "say"
        notes.append(f"{agreement.conflicting} {says} otherwise")
    return ", ".join(notes)


def _show_citation(out: Console, citation: Citation) -> None:
    facts = [citation.publisher, _day(citation.published_at), _ROLES.get(citation.role)]
    label = Text.assemble(
        f" {citation.n}. ",
        (shown(citation.title), "bold"),
        shown("".join(f", {fact}" for fact in facts if fact)),
    )
    out.print(label)
    out.print(Text.assemble("    ", _marked(out, citation)))
    out.print(Text(f"    {shown(citation.deep_link or citation.url or citation.source)}", "dim"))


def _marked(out: Console, citation: Citation) -> Text:
    start, end = citation.start - citation.sentence_start, citation.end - citation.sentence_start
    sentence = citation.sentence
    before, quote, after = sentence[:start], sentence[start:end], sentence[end:]
    if citation.role == "nearest" or not 0 <= start < end <= len(sentence):
        return Text(shown(sentence))
    if out.is_terminal and not out.is_dumb_terminal:
        return Text.assemble(shown(before), (shown(quote), "bold underline"), shown(after))
    return Text(f"{shown(before)}**{shown(quote)}**{shown(after)}")


def _day(moment: date | datetime | None) -> str | None:
    return moment.isoformat()[:10] if moment else None


def show_report(report: "IngestReport") -> None:
    """Print what became of the sources; the refused ones go to standard error."""
    complaints = console(stderr=True)
    for refusal in report.refused:
        complaints.print(f"{shown(refusal.source)}: {shown(refusal.reason)}")
    console().print(
        f"{report.added} added, {report.updated} updated, {report.unchanged} unchanged, "
        f"{len(report.refused)} refused"
    )


def show_status(status: "Status") -> None:
    """Print what the store holds and its latest stories with their ids."""
    out = console()
    days = f"{status.first_date} to {status.last_date}" if status.first_date else "none"
    right = (
        ""
        if status.held_out_right is None
        else (f"; {status.held_out_right:.0%} of them right on held-out questions")
    )
    rows = {
        "stories": f"{status.stories:,}",
        "passages": f"{status.passages:,}, of which {status.pending:,} wait to be indexed",
        "publishers": ", ".join(status.publishers) or "none",
        "published": days,
        "encoder": status.encoder or "none yet",
        "change": str(status.change),
        "index": f"{status.index.engine}: {status.index.detail}",
        "answers": f"from {status.answers_from:.0%} confidence on{right}",
    }
    for name, value in rows.items():
        out.print(Text.assemble((f"{name:<11}", "bold"), shown(value)))
    if status.latest:
        out.print("\nLatest stories:")
    for story in status.latest:
        facts = (story.story_id, _day(story.published_at) or "undated   ", shown(story.title))
        out.print("  ".join(facts))


def show_scores(scores: "Scores") -> None:
    """Print the scores with their 95 % intervals, and the main ones by kind and by source."""
    out = console()
    overall = Table("score", "value", "95 % interval", box=None, pad_edge=False)
    overall.add_row("questions", str(scores.n), "")
    for name, score in scores.estimates.items():
        overall.add_row(
            name, _value(score), f"{score.low:.3f} to {score.high:.3f}" if score else ""
        )
    for name, milliseconds in scores.latency_ms.items():
        overall.add_row(f"latency {name}", f"{milliseconds:.0f} ms", "")
    out.print(overall)
    for by, groups in (("kind", scores.by_kind), ("source", scores.by_source)):
        out.print("", _groups(by, groups))


def show_dialogue(evaluation: "Evaluation") -> None:
    """Print how turns of conversations fare against the same turns asked by themselves."""
    dialogue = evaluation.dialogue
    if not dialogue:
        return
    table = Table("turns", "n", "F1", "F1 asked alone", "share", box=None, pad_edge=False)
    for name, turns in (("all", dialogue.every), ("later", dialogue.later)):
        share = "-" if turns.share is None else f"{turns.share:.1%}"
        f1s = _value(turns.f1_in_dialogue), _value(turns.f1_standalone)
        table.add_row(name, str(turns.turns), *f1s, share)
    console().print("", table)


def show_comparison(evaluation: "Evaluation") -> None:
    """Print how the scores changed since an earlier run, if there is one."""
    comparison = evaluation.comparison
    if not comparison:
        return
    out = console()
    questions = "question" if comparison.n == 1 else "questions"
    out.print(f"\nAgainst {shown(evaluation.against or '')}, {comparison.n} {questions} in both:")
    table = Table("score", "then", "now", "change", "95 % interval", box=None, pad_edge=False)
    for name, change in comparison.changes.items():
        if change:
            difference = change.difference
            interval = f"{difference.low:+.3f} to {difference.high:+.3f}"
            values = f"{change.then:.3f}", f"{change.now:.3f}", f"{difference.value:+.3f}"
            table.add_row(name, *values, interval)
    out.print(table)
    counts = f"{len(comparison.gained)} gained, {len(comparison.lost)} lost"
    out.print(f"{counts}: p = {comparison.p_value:.3g} (McNemar, exact)")


def _groups(by: str, groups: Mapping[str, "Scores"]) -> Table:
    table = Table(by, "n", *_COLUMN_OF.values(), box=None, pad_edge=False)
    for name, scores in groups.items():
        values = (_value(scores.estimates[column]) for column in _COLUMN_OF)
        table.add_row(shown(name), str(scores.n), *values)
    return table


def _value(score: "Estimate | None") -> str:
    return f"{score.value:.3f}" if score else "-"
