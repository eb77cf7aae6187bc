"""The tools of the Model Context Protocol: each is its arguments, and what they ask for.

A tool's docstring is what models read of it.
"""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, ClassVar

from pydantic import BaseModel, ConfigDict, Field

from corpus.story import Story
from qa.assistant import Assistant
from qa.serialize import answer_json, story_json
from web import mcp_schemas as schemas
from web.ask import FiltersBody, Id
from web.show import web_link

RESULTS = 10
"""At most so many stories are found by one search."""


@dataclass(frozen=True, slots=True)
class Library:
    """The stories that tools look in; their pages are served under *base_url*, if anywhere."""

    assistant: Assistant
    base_url: str | None = None

    def address(self, story: Story) -> str:
        """Return where *story* can be read: at its publisher's, on its page here, or by its URI."""
        page = f"{self.base_url.rstrip('/')}/story/{story.story_id}" if self.base_url else None
        return web_link(story.url) or page or uri_of(story.story_id)


@dataclass(frozen=True, slots=True)
class Found:
    """What a tool returns, and the ids of the stories that it rests on."""

    values: dict[str, object]
    story_ids: Sequence[str] = ()


class Tool(BaseModel, ABC):
    """The arguments of a tool."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    name: ClassVar[str]
    heading: ClassVar[str]
    output: ClassVar[schemas.Schema]

    @abstractmethod
    def run(self, library: Library) -> Found:
        """Return what the arguments ask for; raise what the assistant and the store raise."""


class Ask(FiltersBody, Tool):
    """Answer a question in words copied out of a news story, with checked citations.

    When status is "abstained" the stories don't say: tell so, and don't answer from memory. When
    it is "conflict", show each side with its date. Quote `citations[].quote` and name the story.
    `answer.resolution` is the time that words like "last month" come to: give both. Name all of
    `answer.members` where several things answer, and `answer.speaker` beside a quotation.
    """

    name = "ask"
    heading = "Ask the news stories"
    output = schemas.ANSWER

    question: Annotated[str, Field(description="A question that stands by itself, in English.")]

    def run(self, library: Library) -> Found:
        """Ask the assistant."""
        answer = library.assistant.ask(self.question, filters=self.filters())
        cited = dict.fromkeys(citation.story_id for citation in answer.citations)
        return Found(answer_json(answer), [*cited])


class Search(Tool):
    """Find the news stories nearest to a query in meaning and in words, best first."""

    name = "search"
    heading = "Search the news stories"
    output = schemas.RESULTS

    query: Annotated[str, Field(description="A question, or a few words.")]

    def run(self, library: Library) -> Found:
        """Search for passages, and return the stories that they stand in."""
        assistant = library.assistant
        hits = assistant.search(self.query, k=assistant.passages_read)
        stories = {hit.story.story_id: hit.story for hit in hits}
        return Found(
            {
                "results": [
                    {"id": story.story_id, "title": story.title, "url": library.address(story)}
                    for story in [*stories.values()][:RESULTS]
                ]
            }
        )


class Fetch(Tool):
    """Return the full text of a news story that `search` found, by its id."""

    name = "fetch"
    heading = "Fetch a story's text"
    output = schemas.DOCUMENT

    id: Annotated[Id, Field(description="The id of a story.")]

    def run(self, library: Library) -> Found:
        """Read the story from the store."""
        story = library.assistant.store.story(self.id)
        published = story.published_at.isoformat() if story.published_at else None
        told = {"publisher": story.publisher, "published": published, "byline": story.byline}
        return Found(
            {
                "id": story.story_id,
                "title": story.title,
                "text": story.body,
                "url": library.address(story),
                "metadata": {name: words for name, words in told.items() if words},
            }
        )


class GetStory(Tool):
    """Return a news story with all that is known of it; offsets of citations count in `body`."""

    name = "get_story"
    heading = "Get a story"
    output = schemas.STORY

    story_id: Annotated[Id, Field(description="The story_id of a citation.")]

    def run(self, library: Library) -> Found:
        """Read the story from the store."""
        store = library.assistant.store
        story = store.story(self.story_id)
        return Found(story_json(story, store.lineage(self.story_id)), [self.story_id])


class ListSources(Tool):
    """Tell how many news stories there are, of which publishers, from when to when."""

    name = "list_sources"
    heading = "List the sources"
    output = schemas.SOURCES

    def run(self, library: Library) -> Found:
        """Count in the store."""
        store = library.assistant.store
        first, last = store.date_range()
        return Found(
            {
                "stories": store.count(),
                "publishers": store.publishers(),
                "first_published": first.isoformat() if first else None,
                "last_published": last.isoformat() if last else None,
            }
        )


TOOLS: dict[str, type[Tool]] = {
    tool.name: tool for tool in (Ask, Search, Fetch, GetStory, ListSources)
}


def uri_of(story_id: str) -> str:
    """Return the URI under which a story is a resource."""
    return f"story://{story_id}"
