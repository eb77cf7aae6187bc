"""What could be asked next: questions that stories were found to answer."""
