"""Stories: read from pages and feeds, cut into passages, kept in one SQLite file."""
