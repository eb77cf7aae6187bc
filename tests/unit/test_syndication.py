"""A news agency's copy is told from stories that only speak of one."""

from pathlib import Path

import pytest

from corpus.ingest import ingest
from corpus.store import StoryStore
from corpus.syndication import agency_of

BODY = "The bridge was closed on Tuesday.\n\nNobody was hurt."


@pytest.mark.parametrize(
    ("byline", "agency"),
    [
        ("The Associated Press", "Associated Press"),
        ("By JANE ROE, Associated Press", "Associated Press"),
        ("Jane Roe, Associated Press Writer", "Associated Press"),
        ("JANE ROE and LEE PARK AP", None),
        ("Jane Roe | AP", "Associated Press"),
        ("Jane Roe (Reuters)", "Reuters"),
        ("Jane Roe for Reuters", "Reuters"),
        ("REUTERS", "Reuters"),
        ("Agence France-Presse", "Agence France-Presse"),
        ("Jane Roe - AFP", "Agence France-Presse"),
        ("Jane Roe, Bloomberg News", "Bloomberg"),
        ("Michael Bloomberg", None),
        ("Staff Sgt. Ansa Roe, 1st Wing Public Affairs", None),
        (None, None),
    ],
)
def test_bylines(byline: str | None, agency: str | None) -> None:
    assert agency_of(BODY, byline=byline) == agency


@pytest.mark.parametrize(
    ("body", "dateline", "agency"),
    [
        (f"WASHINGTON (AP) — {BODY}", "WASHINGTON (AP)", "Associated Press"),
        (f"WASHINGTON (AP) — {BODY}", None, "Associated Press"),
        (f"PARIS (AFP) - {BODY}", None, "Agence France-Presse"),
        (f"(Reuters) – {BODY}", None, "Reuters"),
        (f"LANGLEY AIR FORCE BASE, Va. (AFNS) -- {BODY}", None, None),
        (f"An Associated Press (AP) reporter saw it. {BODY}", None, None),
        (f"{BODY}\n\n— Reuters", None, "Reuters"),
        (f"{BODY}\n\n© 2024 The Associated Press", None, "Associated Press"),
        (f"{BODY}\n\nCopyright 2024 by Bloomberg", None, "Bloomberg"),
        (f"{BODY}\n\nSource: Xinhua", None, "Xinhua"),
        (f"{BODY}\n\nThe news was first told by Reuters", None, None),
        (f"{BODY}\n\nHe spoke to the press — then to Reuters", None, None),
        (BODY, None, None),
        ("", None, None),
    ],
)
def test_marks_in_the_text(body: str, dateline: str | None, agency: str | None) -> None:
    assert agency_of(body, dateline=dateline) == agency


def test_every_source_gains_by_it(tmp_path: Path) -> None:
    page = f"---\ntitle: Bridge closed\ndate: 2024-06-18\n---\nFLORENCE (AP) — {BODY}\n"
    (tmp_path / "bridge.md").write_text(page, "utf-8")
    store = StoryStore(tmp_path / "stories.sqlite")

    ingest(store, [tmp_path / "bridge.md"])

    [story] = store.stories_page(1)
    assert story.syndicated_from == "Associated Press"
