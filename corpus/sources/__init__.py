"""Readers: bytes of a page, feed, file or archive in, stories out; one module a format."""

from corpus.sources.read import Outcome, read_each, read_stories

__all__ = ["Outcome", "read_each", "read_stories"]
