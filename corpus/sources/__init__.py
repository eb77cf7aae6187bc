"""Bytes in, stories out: one module a format."""
