"""Relative dates in questions about real stories, which are not in the project."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from corpus.sources import read_stories
from qa.dates import resolve, story_day
from qa.evidence import sentence_at

SHARED = Path(__file__).resolve().parents[2] / ".." / "shared"

pytestmark = pytest.mark.skipif(not SHARED.is_dir(), reason="../shared is not here")


def gold() -> Iterator[dict[str, Any]]:
    """Yield the questions whose answers a person has resolved, later turns among them."""
    for path in sorted((SHARED / "gold" / "visible").glob("*.jsonl")):
        for line in path.read_text("utf-8").splitlines():
            row = json.loads(line)
            yield from (one for one in row.get("turns", [row]) if one.get("resolved"))


def resolved(row: dict[str, Any]) -> set[str]:
    """Return what the gold answers come to where they stand in the stories, at their first day."""
    found = set()
    for file in row["files"]:
        for story in read_stories((SHARED / "stories" / file).read_bytes(), file):
            for answer in row["answers"]:
                words = answer["text"]
                around = " ".join(row["evidence"].split())[:60]
                opened = max(story.body.find(around), 0)
                start = story.body.find(words, opened)
                if start >= 0:
                    first, last = sentence_at(story.body, start, start + len(words))
                    sentence = story.body[first:last]
                    time = resolve(words, sentence, story_day(story), at=start - first)
                    found.add(time.value.split("/")[0] if time else "nothing")
    return found


@pytest.mark.parametrize("kind", ["relative_date", "date"])
def test_dates_of_real_stories_are_resolved(kind: str, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [row for row in gold() if row["kind"] == kind]
    right = [row for row in rows if resolved(row) == {row["resolved"]}]
    with capsys.disabled():
        wrong = [(row["question"], resolved(row)) for row in rows if row not in right]
        sys.stdout.write(f"\n{kind}: {len(right)} of {len(rows)} resolved right {wrong}\n")

    assert len(right) >= 0.8 * len(rows)
