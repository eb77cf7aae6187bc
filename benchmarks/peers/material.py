"""What is asked, and of which stories: the same for every peer."""

import json
import random
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from corpus.ingest import ingest
from corpus.passages import split_story
from corpus.rows import row_of
from corpus.store import StoryStore
from corpus.story import Story
from qa.scoring.gold import GoldQuestion, read_gold
from qa.scoring.metrics import comes_from

SEED = "dateline-peers-2026"


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """Stories, and questions about them that stand alone."""

    stories: tuple[Story, ...]
    questions: tuple[GoldQuestion, ...]

    @property
    def passage_count(self) -> int:
        """How many passages Dateline cuts the stories into."""
        return sum(len(split_story(story)) for story in self.stories)

    def write(self, file: Path) -> Path:
        """Write the stories to *file*, one JSON object a line, and return it."""
        file.write_text(
            "".join(json.dumps(row_of(story)) + "\n" for story in self.stories), "utf-8"
        )
        return file


def collect(places: Sequence[Path], gold: Sequence[Path], passages: int | None) -> Material:
    """Read the stories of *places* and the questions of the files *gold*, in a fixed random order.

    Of more than *passages* passages, those stories are kept that the questions need, and others by
    chance. Turns of conversations are left out, since the peers know no dialogue, and questions
    that narrow the stories down, since not all of them can.
    """
    questions = [
        question
        for question in read_gold(gold)
        if not question.conversation and not question.filters.model_fields_set
    ]
    with TemporaryDirectory() as folder, closing(StoryStore(Path(folder) / "s.sqlite")) as store:
        ingest(store, places)
        stories = store.stories_page(store.count())
    drawn = random.Random(SEED)  # noqa: S311 - a sample, no secret
    drawn.shuffle(questions)
    stories.sort(key=lambda story: story.story_id)
    drawn.shuffle(stories)
    kept = stories if passages is None else sampled(stories, questions, passages)
    return Material(stories=tuple(kept), questions=tuple(questions))


def sampled(
    stories: Sequence[Story], questions: Sequence[GoldQuestion], passages: int
) -> list[Story]:
    """Return the stories that *questions* need, and of the others the first up to *passages*."""
    files = sorted({file for question in questions for file in question.files})
    needed = {story.story_id for story in stories if comes_from(story.source, files)}
    kept, count = [], 0
    for story in sorted(stories, key=lambda story: story.story_id not in needed):
        if story.story_id not in needed and count >= passages:
            break
        kept.append(story)
        count += len(split_story(story))
    return kept
