"""Story to passages, each an exact slice of the story."""
