"""The chat page and the JSON endpoint."""
