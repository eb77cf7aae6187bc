"""Candidates to an answer: what speaks for each, who says so or otherwise, or why none is given."""
