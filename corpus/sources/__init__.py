"""Readers: bytes of a page, feed or file in, stories out; one module a format."""

from corpus.sources.read import read_stories

__all__ = ["read_stories"]
