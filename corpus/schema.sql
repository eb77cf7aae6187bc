-- The one file that is the truth; every index is a cache of it.
CREATE TABLE meta (
    key TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE stories (
    story_id TEXT PRIMARY KEY,
    source TEXT NOT NULL,
    title TEXT NOT NULL,
    body TEXT NOT NULL,
    url TEXT,
    byline TEXT,
    syndicated_from TEXT,
    unit TEXT,
    publisher TEXT,
    section TEXT,
    dateline TEXT,
    location TEXT,
    published_at TEXT,
    taken_at TEXT,
    photo_title TEXT,
    photo_credit TEXT,
    caption TEXT,
    caption_truncated INTEGER NOT NULL,
    about TEXT,
    tags TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    fingerprint TEXT NOT NULL DEFAULT '',
    ingested_at TEXT NOT NULL,
    embedded INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE INDEX stories_published ON stories (published_at DESC, story_id);
CREATE INDEX stories_publisher ON stories (publisher);
CREATE INDEX stories_pending ON stories (story_id) WHERE embedded = 0;

-- A passage's words are not stored: they are the slice start..end of its story's body.
CREATE TABLE passages (
    passage_id INTEGER PRIMARY KEY,
    story_id TEXT NOT NULL REFERENCES stories ON DELETE CASCADE,
    ordinal INTEGER NOT NULL,
    start INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    vector BLOB,
    UNIQUE (story_id, ordinal)
) STRICT;

-- What an index has to do to catch up, in order. A story has at most one row that adds it.
CREATE TABLE changes (
    change INTEGER PRIMARY KEY AUTOINCREMENT,
    story_id TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('add', 'remove')),
    passage_count INTEGER NOT NULL
) STRICT;

CREATE INDEX changes_of_story ON changes (story_id);

-- Earlier versions of stories: what citations that were made of them are checked against.
CREATE TABLE revisions (
    story_id TEXT NOT NULL REFERENCES stories ON DELETE CASCADE,
    fingerprint TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    ingested_at TEXT NOT NULL,
    replaced_at TEXT NOT NULL,
    fields TEXT NOT NULL,
    PRIMARY KEY (story_id, fingerprint)
) STRICT, WITHOUT ROWID;

-- Stories with the same words: all that name the same original, the earliest of them, are alike.
CREATE TABLE reprints (
    story_id TEXT PRIMARY KEY REFERENCES stories ON DELETE CASCADE,
    original TEXT NOT NULL,
    bands BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX reprints_of_original ON reprints (original);

-- The bands of every story's MinHash signature: stories that share some may be alike.
CREATE TABLE bands (
    band INTEGER NOT NULL,
    story_id TEXT NOT NULL,
    PRIMARY KEY (band, story_id)
) STRICT, WITHOUT ROWID;
