"""cairn-assistant: words alone, whole passages for answers, nothing but the standard library."""

import json
from collections.abc import Sequence
from typing import Any

from cairn.config import Config
from cairn.engine import ask
from cairn.index import build_and_write, read_index

from benchmarks.peers.protocol import Options, Reply, StoryRecord, serve


class CairnPeer:
    """Its index over Markdown files, each passage a paragraph; the language is always told."""

    _index: Any
    _sources: dict[str, str]

    def __init__(self, options: Options) -> None:
        self._corpus = options.folder / "corpus"
        self._file = options.folder / "index.json"
        self._names = options.folder / "sources.json"
        self._config = Config(corpus_path=str(self._corpus), index_path=str(self._file))

    def index(self, stories: Sequence[StoryRecord]) -> int:
        """Write *stories* as its files, and index them."""
        self._corpus.mkdir(parents=True)
        sources = {}
        for number, story in enumerate(stories):
            name = f"s{number}"
            sources[name] = story["source"]
            title = " ".join(story["title"].split()) or name
            text = f"---\nid: {name}\ntitle: {title}\nlang: en\n---\n{story['body']}\n"
            (self._corpus / f"{name}.md").write_text(text, "utf-8")
        self._names.write_text(json.dumps(sources), "utf-8")
        passages: int = build_and_write(self._corpus, self._file).passage_count
        return passages

    def open(self) -> None:
        """Read the index, which is checked against the files."""
        self._index = read_index(self._file, self._corpus)
        self._sources = json.loads(self._names.read_text("utf-8"))

    def ask(self, question: str) -> Reply:
        """Answer with the passage that it quotes."""
        answer = ask(question, self._index, self._config, lang="en").answer
        if answer.kind == "refusal":
            return Reply(text=None)
        quoted = answer.sources[0]
        source = self._sources[quoted.source_id.partition("#")[0]]
        return Reply(text=answer.text, source=source, passage=quoted.text)


if __name__ == "__main__":
    serve(CairnPeer)
