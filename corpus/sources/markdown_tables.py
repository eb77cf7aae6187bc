"""Tables in Markdown whose rows are wider than their head."""

import re

_DELIMITER = re.compile(r"\s*\|(?:\s*:?-+:?\s*\|)+\s*")
_WIDEST = 100
"""Cells in a row that is looked at."""


def with_wide_heads(markup: str) -> str:
    """Return *markup* with the head of each table as wide as its widest row.

    Markdown drops the cells for which the head has no column: a table under a title that spans
    it would lose its figures.
    """
    if "|" not in markup:
        return markup
    lines = markup.split("\n")
    rows: list[int] = []
    for number, line in enumerate([*lines, ""]):
        if line.lstrip().startswith("|"):
            rows.append(number)
        else:
            _widen(lines, rows)
            rows = []
    return "\n".join(lines)


def _widen(lines: list[str], rows: list[int]) -> None:
    """Add empty columns to the head in the first of *rows* and to the delimiters below it."""
    if len(rows) < 3 or not _DELIMITER.fullmatch(lines[rows[1]]):
        return
    missing = min(max(lines[row].count("|") for row in rows), _WIDEST) - lines[rows[1]].count("|")
    if missing > 0:
        lines[rows[0]] = lines[rows[0]].rstrip() + " |" * missing
        lines[rows[1]] = lines[rows[1]].rstrip() + " --- |" * missing
