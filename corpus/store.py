"""StoryStore: the one SQLite file that is the truth."""

import sqlite3
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from corpus import reprints, revisions
from corpus.changes import Change, change_of, identity_of, name_encoder
from corpus.connection import Connections
from corpus.errors import RevisionNotFound, StoryNotFound
from corpus.listing import EVERY_STORY, Listing, condition
from corpus.overview import Overview, overview
from corpus.revisions import Lineage
from corpus.rows import SELECT_STORY, Vectors, passage_of, story_of, vector_of
from corpus.story import Passage, Story
from corpus.writes import Outcome, forget, put, read_pending, read_story, write_vectors


class StoryStore:
    """Stories, their passages and vectors, and the log of changes that indexes follow.

    A story is searchable once all its passages have vectors: the vectors and the change number
    that makes indexes take them in are written in one transaction. Safe to use from several
    threads and several processes.
    """

    def __init__(self, path: Path) -> None:
        """Open the store at *path*, made if missing; raise `StoreDamaged` if it is no store."""
        self.path = path
        self._connections = Connections(path)

    def close(self) -> None:
        """Close this thread's connection."""
        self._connections.close()

    # Stories

    def add(self, stories: Sequence[Story]) -> list[Outcome]:
        """Store stories, cut into passages, in one transaction; say what became of each.

        One that is stored already costs a hash; of one that has changed, the earlier version is
        kept as a revision.
        """
        with self._connections.writing() as connection:
            return [put(connection, story) for story in stories]

    def put(self, batch: Sequence[tuple[Story, Sequence[Passage]]]) -> list[Outcome]:
        """Store stories that are cut into passages already; else as `add`."""
        with self._connections.writing() as connection:
            return [put(connection, story, passages) for story, passages in batch]

    def remove(self, story_id: str) -> None:
        """Forget a story and its revisions; raise `StoryNotFound` if there is none."""
        with self._connections.writing() as connection:
            if not forget(connection, story_id):
                raise StoryNotFound(story_id)

    def story(self, story_id: str) -> Story:
        """Return a story; raise `StoryNotFound` if there is none."""
        stories = self.stories([story_id])
        if story_id not in stories:
            raise StoryNotFound(story_id)
        return stories[story_id]

    def stories(self, story_ids: Sequence[str]) -> dict[str, Story]:
        """Return those of *story_ids* that the store has."""
        rows = self._select(f"{SELECT_STORY} WHERE story_id IN", story_ids)
        return {row["story_id"]: story_of(row) for row in rows}

    def revision(self, story_id: str, sha256: str) -> Story:
        """Return a story as it was, or is, when its body had this SHA-256.

        Raises `StoryNotFound` or `RevisionNotFound`.
        """
        with self._connections.reading() as connection:
            if (story := revisions.read(connection, story_id, sha256)) is not None:
                return story
        self.story(story_id)
        raise RevisionNotFound(story_id, sha256)

    def lineage(self, story_id: str) -> Lineage:
        """Return the versions and reprints of a story; raise `StoryNotFound` if there is none."""
        with self._connections.reading() as connection:
            versions = revisions.listed(connection, story_id)
            if not versions:
                raise StoryNotFound(story_id)
            others = reprints.others(connection, story_id)
            story_by_id = self.stories(others)
            return Lineage(
                versions=tuple(versions), reprints=tuple(story_by_id[other] for other in others)
            )

    def same_as(self, story_ids: Sequence[str]) -> dict[str, str]:
        """Return for each story the earliest published one that has its words, maybe itself."""
        rows = self._select("SELECT story_id, original FROM reprints WHERE story_id IN", story_ids)
        same = {story_id: story_id for story_id in story_ids}
        return same | {row["story_id"]: row["original"] for row in rows}

    def reprints(self, story_id: str) -> list[str]:
        """Return the other stories that have the words of a story, by date of publication."""
        with self._connections.reading() as connection:
            return reprints.others(connection, story_id)

    def stories_page(
        self, limit: int, offset: int = 0, listing: Listing = EVERY_STORY
    ) -> list[Story]:
        """Return stories of *listing* by date of publication, newest first, undated last."""
        where, values = condition(listing)
        rows = self._rows(
            f"{SELECT_STORY} {where} ORDER BY published_at DESC, story_id LIMIT ? OFFSET ?",
            [*values, limit, offset],
        )
        return [story_of(row) for row in rows]

    def stories_after(self, story_id: str, limit: int) -> list[Story]:
        """Return the first stories whose ids sort after *story_id*, by their ids."""
        where = f"{SELECT_STORY} WHERE story_id > ? ORDER BY story_id LIMIT ?"
        return [story_of(row) for row in self._rows(where, [story_id, limit])]

    def passages(self, passage_ids: Sequence[int]) -> dict[int, Passage]:
        """Return those of *passage_ids* that the store has."""
        rows = self._select(
            "SELECT p.*, body FROM passages p JOIN stories USING (story_id) WHERE passage_id IN",
            passage_ids,
        )
        return {row["passage_id"]: passage_of(row, row["body"]) for row in rows}

    # What there is

    def count(self, listing: Listing = EVERY_STORY) -> int:
        """Return the number of stories, or of those of *listing*."""
        where, values = condition(listing)
        return self._number(f"SELECT count(*) FROM stories {where}", values)  # noqa: S608 - no outside text

    def passage_count(self) -> int:
        """Return the number of passages."""
        return self._number("SELECT count(*) FROM passages")

    def pending_count(self) -> int:
        """Return the number of passages that have no vector yet."""
        return self._number(
            "SELECT count(*) FROM passages JOIN stories USING (story_id)"
            " WHERE embedded = 0 AND vector IS NULL"
        )

    def publishers(self) -> list[str]:
        """Return the publishers' names in alphabetical order."""
        rows = self._rows(
            "SELECT DISTINCT publisher FROM stories WHERE publisher IS NOT NULL ORDER BY publisher"
        )
        return [row["publisher"] for row in rows]

    def date_range(self) -> tuple[date | None, date | None]:
        """Return the first and the last day of publication."""
        [row] = self._rows("SELECT min(published_at), max(published_at) FROM stories")
        first, last = (date.fromisoformat(moment[:10]) if moment else None for moment in row)
        return first, last

    def overview(self) -> Overview:
        """Count what there is."""
        with self._connections.reading() as connection:
            return overview(connection)

    # Vectors and changes

    @property
    def change(self) -> int:
        """The number of the latest change; an index that has applied it is up to date."""
        # Deleted rows count too: the number never goes back.
        return self._number(
            "SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'changes'"
        )

    @property
    def identity(self) -> str:
        """What tells this store, and its copies, from all others."""
        return identity_of(self._connections)

    @property
    def encoder(self) -> str | None:
        """The name of the encoder that made the vectors."""
        rows = self._rows("SELECT value FROM meta WHERE key = 'encoder'")
        return rows[0]["value"] if rows else None

    def set_encoder(self, name: str) -> None:
        """Name the encoder of all vectors; another one than before makes every story pending."""
        if self.encoder == name:
            return
        with self._connections.writing() as connection:
            name_encoder(connection, name)

    def pending(self, limit: int) -> list[tuple[Story, list[Passage]]]:
        """Return up to *limit* stories that can't be found yet, with the passages to encode."""
        with self._connections.reading() as connection:
            return read_pending(connection, limit)

    def put_vectors(self, batch: Sequence[tuple[Story, Vectors]]) -> int:
        """Store vectors, a row for each passage that was pending; return the new change number.

        A story that was changed or removed since it was read as pending is left alone: it is
        pending again, or gone.
        """
        with self._connections.writing() as connection:
            for story, vectors in batch:
                if read_story(connection, story.story_id) == story:
                    write_vectors(connection, story, vectors)
        return self.change

    def changes_since(self, change: int, limit: int = 1000) -> list[Change]:
        """Return up to *limit* changes after *change*, in order."""
        rows = self._rows(
            "SELECT * FROM changes WHERE change > ? ORDER BY change LIMIT ?", (change, limit)
        )
        return [change_of(row) for row in rows]

    def entries(self, story_ids: Sequence[str]) -> list[tuple[Story, Passage, Vectors]]:
        """Return the passages and vectors of those of *story_ids* that are searchable."""
        story_by_id = self.stories(story_ids)
        rows = self._select(
            "SELECT * FROM passages WHERE vector IS NOT NULL AND story_id IN", story_ids
        )
        return [
            (
                story_by_id[row["story_id"]],
                passage_of(row, story_by_id[row["story_id"]].body),
                vector_of(row),
            )
            for row in rows
            if row["story_id"] in story_by_id
        ]

    def _rows(self, sql: str, values: Sequence[object] = ()) -> list[sqlite3.Row]:
        with self._connections.translated():
            return self._connections.current.execute(sql, values).fetchall()

    def _number(self, sql: str, values: Sequence[object] = ()) -> int:
        return int(self._rows(sql, values)[0][0])

    def _select(self, sql: str, keys: Sequence[object]) -> list[sqlite3.Row]:
        rows = []
        for at in range(0, len(keys), 500):
            batch = keys[at : at + 500]
            rows += self._rows(f"{sql} ({', '.join('?' * len(batch))})", batch)
        return rows
