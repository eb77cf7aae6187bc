"""Questions and the paragraphs that answer them, from rows of a reading-comprehension set."""

from pathlib import Path

import numpy as np

from qa.training.rows import read_rows


def read_paragraphs(path: Path, sample: int) -> tuple[list[tuple[str, str]], list[str], list[int]]:
    """Return all paragraphs with their titles, *sample* questions, and each one's paragraph.

    The same rows and sample give the same questions every time.
    """
    rows = read_rows(path)
    titled = list(
        dict.fromkeys((str(row["title"]).replace("_", " "), str(row["context"])) for row in rows)
    )
    place_of = {context: place for place, (_, context) in enumerate(titled)}
    picked = np.random.default_rng(7).choice(len(rows), sample, replace=False)
    questions = [str(rows[row]["question"]) for row in picked]
    return titled, questions, [place_of[str(rows[row]["context"])] for row in picked]
