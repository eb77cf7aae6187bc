"""The text of a passage that is embedded and indexed."""

from corpus.story import Passage, Story


def passage_text(story: Story, passage: Passage) -> str:
    """Return what a passage is found by: its story's title and its own words."""
    return f"{story.title}\n{passage.text}"


def encodable(text: str) -> str:
    """Return *text* with a question mark for each lone surrogate, which UTF-8 can't hold."""
    return text.encode("utf-8", "replace").decode()
