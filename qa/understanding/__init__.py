"""What a question asks for: its kind of answer, names, times and filters."""
