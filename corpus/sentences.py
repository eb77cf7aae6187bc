"""Sentence boundaries in linear time."""
