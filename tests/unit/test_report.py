"""The report: one page that shows everything, loads nothing, and lets no text become markup."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser, LexborNode

from qa.errors import ReportNotWritten
from qa.evaluate import Outcome
from qa.report import MEANINGS, report_html, write_report
from qa.scoring.compare import compare
from qa.scoring.evaluation import Evaluation
from qa.scoring.scores import SCORES
from tests.fakes import abstention_about, answer_with, cite, mayor_story
from tests.outcomes import (
    answered,
    evaluation_of,
    five_outcomes,
    gold,
    outcome,
    results_of,
    withheld,
)
from tests.payloads import PAYLOADS

MADE_AT = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def page_of(evaluation: Evaluation) -> LexborHTMLParser:
    return LexborHTMLParser(report_html(evaluation, MADE_AT))


def text_of(page: LexborHTMLParser, selector: str) -> str:
    return " ".join(map(words_of, page.css(selector)))


def words_of(found: LexborNode) -> str:
    return " ".join(found.text(separator=" ").split())


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Draw blank pictures, and few samples: what they show is looked at elsewhere."""
    blank = "data:image/svg+xml;base64,"
    monkeypatch.setattr("qa.scoring.report_plots._both", lambda draw: (blank, blank))
    monkeypatch.setattr("qa.scoring.metrics.RESAMPLES", 50)


@pytest.fixture
def page() -> LexborHTMLParser:
    return page_of(evaluation_of(*five_outcomes()))


def test_every_score_is_shown_with_its_interval_and_meaning(page: LexborHTMLParser) -> None:
    rows = list(map(words_of, page.css("table.scores tbody tr")))
    assert list(MEANINGS) == list(SCORES)
    assert len(rows) == len(SCORES) + 2
    assert rows[0].startswith("accuracy 0.600 0.200 to ")
    assert rows[0].endswith(" answered right, or rightly refused")
    assert rows[-2].startswith("latency p50 1 ms")


def test_a_score_that_no_question_defines_is_shown_as_such() -> None:
    page = page_of(evaluation_of(five_outcomes()[3]))
    assert "exact_match – not defined by these questions" in text_of(page, "table.scores tr")
    assert [plot.attributes["id"] for plot in page.css(".plots h2")] == ["latency"]


def test_scores_stand_by_kind_and_by_source_with_intervals(page: LexborHTMLParser) -> None:
    by_kind = text_of(page, "section[aria-labelledby=by-kind] tbody tr")
    by_source = text_of(page, "section[aria-labelledby=by-source] tbody tr")
    assert by_kind.startswith("person 3 0.67 0.0")
    assert "unanswerable 2 0.50 0.00–1.00 –" in by_kind
    assert by_source.startswith("no story 2")
    assert "stories 3" in by_source


def test_plots_are_pictures_with_words_and_numbers_beside_them(page: LexborHTMLParser) -> None:
    headings = [heading.text() for heading in page.css(".plots h2")]
    assert headings == ["Reliability", "Risk and coverage", "Latency"]
    pictures = page.css(".plots img")
    assert all(
        (picture.attributes["src"] or "").startswith("data:image/svg") for picture in pictures
    )
    assert "expected calibration error 0.300" in (pictures[0].attributes["alt"] or "")
    assert "60% of the questions are answered and 33% of" in (pictures[1].attributes["alt"] or "")
    assert "half at most 1 ms" in (pictures[2].attributes["alt"] or "")
    assert "Expected calibration error: 0.300." in text_of(page, "figcaption")
    assert "AURC 0.111, AUROC 1.000." in text_of(page, "figcaption")
    assert len(page.css("source[media='(prefers-color-scheme: dark)']")) == 3
    assert len(page.css(".plots details table")) == 3


def test_every_miss_is_shown_with_question_expected_given_and_passage() -> None:
    unsure = withheld(gold("Who won?", "Lee Park"), "Ada Quinn", 0.3)
    page = page_of(evaluation_of(*five_outcomes(), unsure))
    assert "3 of 6 questions were not answered right." in text_of(page, "#misses ~ p")
    rows = page.css(".misses tbody tr")
    cells = [list(map(words_of, row.css("th, td"))) for row in rows]
    assert [cell[0] for cell in cells] == [
        "refused refused refused",
        "Who won? Who won? refused",
        "made up made up made up",
    ]
    expected, given, passage = cells[1][1:]
    assert expected == "Lee Park stories/mayor.html: rank 1"
    assert given.startswith("refused : No story mentions everything")
    assert "withheld: “Ada Quinn” confidence 0.30" in given
    assert "Springfield elects a mayor, stories/mayor.html" in passage
    assert "She takes office in January 2022." in passage
    assert {mark.text() for mark in rows[1].css("mark")} == {"Ada Quinn"}
    assert cells[2][1] == "a refusal"
    assert cells[2][2] == "mayor confidence 0.60"
    assert cells[0][3] == "nothing was read"


def test_every_link_within_the_page_leads_somewhere(page: LexborHTMLParser) -> None:
    targets = {found.attributes["id"] for found in page.css("[id]")}
    links = [link.attributes["href"] or "" for link in page.css("a")]
    assert len(links) > 5
    assert {link.removeprefix("#") for link in links} <= targets
    labels = {found.attributes["aria-labelledby"] for found in page.css("[aria-labelledby]")}
    assert labels <= targets


def test_a_page_without_misses_says_so() -> None:
    page = page_of(evaluation_of(five_outcomes()[0]))
    assert "0 of 1 questions were not answered right." in text_of(page, "#misses ~ p")
    assert page.css(".misses, .filter") == []


def test_a_comparison_shows_each_change_and_what_was_gained_and_lost() -> None:
    [right, *others] = five_outcomes()
    then = [outcome(right.gold, abstention_about("right")), *others]
    changed = replace(
        evaluation_of(right, *others),
        against="old.json",
        comparison=compare(results_of(*then), results_of(right, *others)),
    )
    page = page_of(changed)
    told = text_of(page, "section[aria-labelledby=comparison]")
    assert told.startswith("Comparison with old.json 5 questions are in both runs.")
    assert "1 gained, 0 lost: McNemar’s exact test gives p = 1." in told
    assert "accuracy 0.400 0.600 +0.200 +0.000 to +0" in told
    assert "Gained: 1" in told
    assert "then refused , now “Ada Quinn”; expected “Ada Quinn”" in told


def test_a_page_without_comparison_has_no_such_part(page: LexborHTMLParser) -> None:
    assert page.css("#comparison") == []


def loaded_from(html: str) -> list[str]:
    """Return what a browser would load: every source, target and CSS reference."""
    page = LexborHTMLParser(html)
    named = [
        value
        for found in page.css("*")
        for name, value in found.attributes.items()
        if name in {"src", "srcset", "href", "data", "poster", "action"} and value
    ]
    return [*named, *re.findall(r"url\(|@import", html)]


def test_the_page_needs_nothing_beside_it() -> None:
    html = report_html(evaluation_of(*five_outcomes()), MADE_AT)
    assert [place for place in loaded_from(html) if not place.startswith(("data:", "#"))] == []
    assert LexborHTMLParser(html).css("link:not([href^='data:']), script[src], iframe") == []


def test_only_the_page_s_own_style_and_script_are_let_through(page: LexborHTMLParser) -> None:
    [meta] = page.css("meta[http-equiv=Content-Security-Policy]")
    policy = meta.attributes["content"] or ""
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert policy.count("sha256-") == 2
    assert len(page.css("style")) == len(page.css("script")) == 1
    assert page.css("[style], [onclick], [onload]") == []


def test_no_text_becomes_markup(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qa.scoring.metrics.RESAMPLES", 1)
    attacks = PAYLOADS[::7]  # every attack, and every way out
    hostile = everywhere(attacks)
    harmless = everywhere([f"word {n:03}" for n in range(len(attacks))])
    assert tags(report_html(hostile, MADE_AT)) == tags(report_html(harmless, MADE_AT))


def everywhere(texts: Sequence[str]) -> Evaluation:
    """Return an evaluation that has each of *texts* wherever a gold file or a story has words."""
    wrong = [_wrong(text) for text in texts]
    refused = [outcome(o.gold, abstention_about(o.gold.question)) for o in wrong]
    right = [outcome(o.gold, replace(o.answer, text="Ada Quinn")) for o in wrong]
    lost = compare(results_of(*right), results_of(*wrong))
    evaluation = evaluation_of(*wrong, *refused)
    scores = replace(evaluation.scores, by_source=evaluation.scores.by_kind)
    return replace(evaluation, scores=scores, gold=texts, against=texts[0], comparison=lost)


def _wrong(text: str) -> Outcome:
    story = mayor_story(title=text, source=text, body=f"{text} was elected.")
    answer = answer_with(text, [cite(story, text, story.body)])
    return outcome(gold(text, "Ada Quinn", f"{'zyx ' * 99}{text}", file=text, kind=text), answer)


def tags(html: str) -> list[str | None]:
    return [found.tag for found in LexborHTMLParser(html).css("*")]


def test_a_file_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    evaluation = evaluation_of(outcome(gold("who", "Ada Quinn"), answered("who", "Ada Quinn", 0.9)))
    with pytest.raises(ReportNotWritten, match=r"none/report\.html can't be written: No such"):
        write_report(evaluation, tmp_path / "none" / "report.html", MADE_AT)


def test_tables_have_heads_that_say_what_they_head(page: LexborHTMLParser) -> None:
    assert all(head.attributes.get("scope") in {"row", "col"} for head in page.css("th"))
    assert [heading.text() for heading in page.css("h1")] == ["Evaluation"]
    assert all(picture.attributes["alt"] for picture in page.css("img"))
