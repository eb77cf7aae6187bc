"""A trivial peer for the benchmark: it answers with the title that shares most words."""

import json
import sys
from collections.abc import Sequence

from benchmarks.peers.protocol import Options, Reply, StoryRecord, serve


class WordPeer:
    def __init__(self, options: Options) -> None:
        self.file = options.folder / "stories.json"
        self.stories: list[StoryRecord] = []

    def index(self, stories: Sequence[StoryRecord]) -> int:
        self.file.write_text(json.dumps(stories), "utf-8")
        return len(stories)

    def open(self) -> None:
        self.stories = json.loads(self.file.read_text("utf-8"))

    def ask(self, question: str) -> Reply:
        sys.stdout.write("libraries say things\n")
        if question == "die":
            sys.exit("the reader is gone")
        asked = set(question.lower().split())
        best = max(self.stories, key=lambda story: len(asked & set(story["body"].lower().split())))
        if not asked & set(best["body"].lower().split()):
            return Reply(text=None)
        return Reply(text=best["title"], source=best["source"], passage=best["body"])


if __name__ == "__main__":
    serve(WordPeer)
