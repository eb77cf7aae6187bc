"""Questions answered in the words of stories: reading, evidence, confidence, evaluation."""
