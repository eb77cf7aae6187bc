"""Passages found again: encoders, indexes and the retriever."""
