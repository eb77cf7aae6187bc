"""A server of the Model Context Protocol, over whatever carries its messages."""

import asyncio
import json
import logging
from collections.abc import Callable
from contextvars import copy_context
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any, TypeVar

import mcp_types as protocol
from mcp.server.lowlevel import Server
from mcp.shared.exceptions import MCPError
from pydantic import ValidationError

from corpus.errors import CorpusError, StoryNotFound
from corpus.story import Story
from embeddings.errors import SearchError
from qa.errors import QAError
from web.errors import SENTENCE, problem_of
from web.mcp_tools import TOOLS, Found, Library, Tool, uri_of

logger = logging.getLogger(__name__)

STORIES_A_PAGE = 50
INSTRUCTIONS = (
    "Answers from a collection of news stories. `ask` returns words copied out of a story, with "
    "citations whose quotes were checked, or says that the stories don't say; it never invents."
)
_HINTS = protocol.ToolAnnotations(
    read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False
)
_Context = Any  # what the SDK tells of a request; none of it is needed
_Result = TypeVar("_Result")


def story_server(library: Library) -> Server[Any]:
    """Return a server whose tools look in *library*, and whose resources are its stories."""
    desk = _Desk(library)
    return Server(
        "dateline",
        title="Dateline",
        version=version("dateline"),
        instructions=INSTRUCTIONS,
        on_list_tools=desk.list_tools,
        on_call_tool=desk.call_tool,
        on_list_resources=desk.list_resources,
        on_list_resource_templates=desk.list_templates,
        on_read_resource=desk.read_resource,
    )


@dataclass(frozen=True, slots=True)
class _Desk:
    """Answers the requests that the protocol knows."""

    library: Library

    async def list_tools(
        self, _: _Context, __: protocol.PaginatedRequestParams | None
    ) -> protocol.ListToolsResult:
        return protocol.ListToolsResult(tools=[_described(tool) for tool in TOOLS.values()])

    async def call_tool(
        self, _: _Context, params: protocol.CallToolRequestParams
    ) -> protocol.CallToolResult:
        tool = TOOLS.get(params.name)
        if tool is None:
            raise _refused(f"There is no tool {params.name!r}; there are {', '.join(TOOLS)}.")
        try:
            # From JSON, where a list may stand for a tuple and a string for a day.
            arguments = tool.model_validate_json(json.dumps(params.arguments or {}))
            found = await _aside(lambda: arguments.run(self.library))
        except ValidationError as error:
            return _failed(_sentence(error))
        except StoryNotFound:
            return _failed("There is no such story; `search` and `ask` give the ids of stories.")
        except (CorpusError, SearchError, QAError) as error:
            return _failed(str(problem_of(error)["detail"]))
        return _succeeded(found)

    async def list_resources(
        self, _: _Context, params: protocol.PaginatedRequestParams | None
    ) -> protocol.ListResourcesResult:
        cursor = (params.cursor if params else None) or "0"
        if not (cursor.isascii() and cursor.isdigit() and len(cursor) < 10):
            raise _refused("The cursor is not one that this server gave.")
        offset, store = int(cursor), self.library.assistant.store
        stories = await _aside(lambda: store.stories_page(STORIES_A_PAGE + 1, offset))
        listed = [protocol.Resource(**_resource(story)) for story in stories[:STORIES_A_PAGE]]
        more = len(stories) > STORIES_A_PAGE
        return protocol.ListResourcesResult(
            resources=listed, next_cursor=str(offset + STORIES_A_PAGE) if more else None
        )

    async def list_templates(
        self, _: _Context, __: protocol.PaginatedRequestParams | None
    ) -> protocol.ListResourceTemplatesResult:
        template = protocol.ResourceTemplate(
            name="story",
            title="A news story",
            uri_template=uri_of("{id}"),
            description="The text of a story, by its id.",
            mime_type="text/plain",
        )
        return protocol.ListResourceTemplatesResult(resource_templates=[template])

    async def read_resource(
        self, _: _Context, params: protocol.ReadResourceRequestParams
    ) -> protocol.ReadResourceResult:
        story_id = params.uri.removeprefix(uri_of(""))
        try:
            story = await _aside(lambda: self.library.assistant.store.story(story_id))
        except StoryNotFound as error:
            raise _refused("There is no such story.") from error
        text = protocol.TextResourceContents(
            uri=uri_of(story.story_id), mime_type="text/plain", text=story.body
        )
        return protocol.ReadResourceResult(contents=[text])


def _described(tool: type[Tool]) -> protocol.Tool:
    schema = tool.model_json_schema()
    schema.pop("description", None)
    return protocol.Tool(
        name=tool.name,
        title=tool.heading,
        description=" ".join((tool.__doc__ or "").split()),
        input_schema=schema,
        output_schema=tool.output,
        annotations=_HINTS,
    )


def _succeeded(found: Found) -> protocol.CallToolResult:
    """Return the values as JSON text too, for clients that read nothing else."""
    text = protocol.TextContent(type="text", text=json.dumps(found.values, ensure_ascii=False))
    links = [
        protocol.ResourceLink(name=story_id, uri=uri_of(story_id), mime_type="text/plain")
        for story_id in found.story_ids
    ]
    return protocol.CallToolResult(content=[text, *links], structured_content=found.values)


def _failed(sentence: str) -> protocol.CallToolResult:
    text = protocol.TextContent(type="text", text=sentence)
    return protocol.CallToolResult(content=[text], is_error=True)


def _resource(story: Story) -> dict[str, Any]:
    return {
        "name": story.story_id,
        "title": story.title,
        "uri": uri_of(story.story_id),
        "mime_type": "text/plain",
    }


def _sentence(error: ValidationError) -> str:
    faults = error.errors(include_url=False, include_context=False, include_input=False)
    return " ".join(
        f"{'.'.join(map(str, fault['loc'])) or 'arguments'}: {fault['msg'].rstrip('.')}."
        for fault in faults
    )


def _refused(sentence: str) -> MCPError:
    return MCPError(protocol.INVALID_PARAMS, sentence)


async def _aside(work: Callable[[], _Result]) -> _Result:
    """Do *work* in a thread, so that messages are read meanwhile.

    What fails unforeseen is logged: the SDK would send its words to the client.
    """
    working = asyncio.get_running_loop().run_in_executor(None, copy_context().run, work)
    await asyncio.wait([working])
    error = working.exception()
    if error and not isinstance(error, (CorpusError, SearchError, QAError)):
        logger.error("a request of the Model Context Protocol failed", exc_info=error)
        raise MCPError(protocol.INTERNAL_ERROR, SENTENCE[500])
    return working.result()
