"""Conversations and feedback in a SQLite or PostgreSQL database."""
