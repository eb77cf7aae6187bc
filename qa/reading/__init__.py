"""Readers of passages, and the windows that they share."""
