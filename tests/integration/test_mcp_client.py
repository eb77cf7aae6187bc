"""The SDK's own client against a served Dateline, with and without the handshake."""

import asyncio
import json
import logging
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterator
from datetime import date
from typing import Any, TypeVar

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator
from mcp import Client
from mcp.shared.exceptions import MCPError
from mcp_types import CallToolResult, ResourceLink, TextContent, TextResourceContents, Tool

from corpus.story import Story
from embeddings.errors import ModelDamaged
from embeddings.index import Filters
from qa.serialize import answer_json, story_json
from tests.fakes import (
    MAYOR_QUESTION,
    MAYOR_SENTENCE,
    FakeAssistant,
    FakeStore,
    abstention_about,
    cite,
    lineage_of,
    mayor_story,
)
from tests.serving import served
from web.mcp_schemas import ANSWER, STORY

NAMES = ["ask", "search", "fetch", "get_story", "list_sources"]
NO_STORY = "There is no such story; `search` and `ask` give the ids of stories."
HEADERS = {"Accept": "application/json, text/event-stream"}
PING = {"jsonrpc": "2.0", "id": 1, "method": "ping"}
_Read = TypeVar("_Read")


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    with served(app) as address:
        yield f"{address}/mcp"


def using(address: str, read: Callable[[Client], Awaitable[_Read]], mode: str = "auto") -> _Read:
    """Return what *read* reads over a connection of its own."""

    async def connected() -> _Read | MCPError:
        async with Client(address, mode=mode) as client:
            try:
                return await read(client)
            except MCPError as error:
                return error  # raised in here, it would come out in groups

    done = asyncio.run(connected())
    if isinstance(done, MCPError):
        raise done
    return done


def call(address: str, name: str, mode: str = "auto", **arguments: object) -> CallToolResult:
    return using(address, lambda client: client.call_tool(name, arguments), mode)


def values(result: CallToolResult) -> dict[str, Any]:
    """Return what a tool returned, which its only text tells as JSON too."""
    assert not result.is_error
    [text] = (content for content in result.content if isinstance(content, TextContent))
    assert json.loads(text.text) == result.structured_content
    assert isinstance(result.structured_content, dict)
    return result.structured_content


def failure(result: CallToolResult) -> str:
    assert result.is_error
    [text] = result.content
    assert isinstance(text, TextContent)
    return text.text


@pytest.mark.parametrize(
    ("mode", "version"), [("auto", "2026-07-28"), ("legacy", "2025-11-25"), ("2026-07-28",) * 2]
)
def test_client_of_each_age_is_understood(address: str, mode: str, version: str) -> None:
    async def read(client: Client) -> tuple[str, list[str], CallToolResult]:
        tools = await client.list_tools()
        result = await client.call_tool("ask", {"question": MAYOR_QUESTION})
        return client.protocol_version, [tool.name for tool in tools.tools], result

    spoken, names, result = using(address, read, mode)

    assert (spoken, names) == (version, NAMES)
    assert values(result)["answer"]["text"] == "Ada Quinn"


def test_server_introduces_itself(address: str) -> None:
    async def read(client: Client) -> tuple[Any, Any]:
        return client.server_info, client.instructions

    info, instructions = using(address, read, "legacy")

    assert (info.name, info.title) == ("dateline", "Dateline")
    assert "citations" in instructions


def test_tools_only_read_and_describe_what_they_take_and_return(address: str) -> None:
    async def read(client: Client) -> list[Tool]:
        return (await client.list_tools()).tools

    for tool in using(address, read):
        assert tool.description
        assert tool.title
        assert tool.annotations is not None
        hints = tool.annotations
        assert (hints.read_only_hint, hints.idempotent_hint, hints.open_world_hint) == (
            True,
            True,
            False,
        )
        for schema in (tool.input_schema, tool.output_schema):
            assert schema is not None
            Draft202012Validator.check_schema(schema)
            assert schema["type"] == "object"
            assert "$ref" not in json.dumps(schema)


def test_answer_links_the_stories_that_it_cites(address: str, assistant: FakeAssistant) -> None:
    result = call(address, "ask", question=MAYOR_QUESTION)

    assert values(result) == answer_json(assistant.answers[MAYOR_QUESTION])
    links = [content.uri for content in result.content if isinstance(content, ResourceLink)]
    assert links == ["story://00aa11bb22cc33dd"]


def test_abstention_is_a_result_and_no_error(address: str) -> None:
    result = call(address, "ask", question="Who won?")

    assert values(result)["status"] == "abstained"
    assert len(result.content) == 1


def test_filters_are_passed_on(address: str, assistant: FakeAssistant) -> None:
    filters: dict[str, Any] = {
        "from": "2021-01-01",
        "publisher": "Gazette",
        "story_ids": ["a", "b"],
    }
    call(address, "ask", question=MAYOR_QUESTION, **filters)

    [(_, asked)] = assistant.asked
    assert asked == Filters(from_date=date(2021, 1, 1), publisher="Gazette", story_ids=("a", "b"))


def test_search_and_fetch_are_what_connectors_require(address: str, story: Story) -> None:
    found = call(address, "search", query="Ada Quinn mayor")
    [result] = values(found)["results"]
    fetched = call(address, "fetch", id=result["id"])

    assert (len(found.content), len(fetched.content)) == (1, 1)
    assert result == {"id": story.story_id, "title": story.title, "url": story.url}
    assert values(fetched) == {
        "id": story.story_id,
        "title": story.title,
        "text": story.body,
        "url": story.url,
        "metadata": {
            "publisher": "Springfield Gazette",
            "published": "2021-11-03",
            "byline": "Lee Park",
        },
    }


def test_story_without_a_web_address_is_found_at_its_page(
    address: str, assistant: FakeAssistant
) -> None:
    assistant.store = FakeStore([mayor_story(url="javascript:alert(1)")])
    [result] = values(call(address, "search", query="mayor"))["results"]

    assert result["url"] == f"{address.removesuffix('/mcp')}/story/00aa11bb22cc33dd"


def test_story_is_told_whole_and_sources_are_counted(address: str, story: Story) -> None:
    told = call(address, "get_story", story_id=story.story_id)
    sources = call(address, "list_sources")

    assert values(told) == story_json(story, lineage_of(story))
    assert values(sources) == {
        "stories": 1,
        "publishers": ["Springfield Gazette"],
        "first_published": "2021-11-03",
        "last_published": "2021-11-03",
    }


@pytest.mark.parametrize("mode", ["auto", "legacy"])
@pytest.mark.parametrize(
    ("name", "arguments", "sentence"),
    [
        ("ask", {}, "question: Field required."),
        ("ask", {"question": " "}, "Ask a question: the text was empty."),
        ("ask", {"question": "Who?", "from": "1 May"}, "from: Write the day as YYYY-MM-DD."),
        (
            "ask",
            {"question": "Who?", "from": "2022-01-01", "to": "2021-01-01"},
            "arguments: 'from' is later than 'to'.",
        ),
        ("ask", {"question": "Who?", "k": 3}, "k: Extra inputs are not permitted."),
        ("search", {"query": "?"}, "Ask a question: the text was empty."),
        ("fetch", {"id": "nothing"}, NO_STORY),
        ("get_story", {"story_id": "nothing"}, NO_STORY),
    ],
)
def test_what_cannot_be_done_is_an_error_of_the_tool_in_a_sentence(
    address: str, name: str, arguments: dict[str, object], sentence: str, mode: str
) -> None:
    assert failure(call(address, name, mode, **arguments)) == sentence


@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_fault_of_the_server_keeps_its_words(
    address: str, assistant: FakeAssistant, mode: str, caplog: pytest.LogCaptureFixture
) -> None:
    assistant.failure = ModelDamaged("/srv/model.onnx is damaged")
    foreseen = failure(call(address, "ask", mode, question="Who?"))
    assistant.failure = ZeroDivisionError("secret")
    with pytest.raises(MCPError) as unforeseen:
        call(address, "ask", mode, question="Who?")

    assert "/srv" not in foreseen
    assert "secret" not in str(unforeseen.value)
    assert "secret" in caplog.text


def test_unknown_tool_is_refused(address: str) -> None:
    with pytest.raises(MCPError, match="There is no tool 'write'"):
        call(address, "write")


def test_stories_are_resources(address: str, assistant: FakeAssistant) -> None:
    stories = [mayor_story(story_id=f"{n:016x}") for n in range(60)]
    assistant.store = FakeStore(stories)

    async def read(client: Client) -> tuple[list[str], list[str], str, str]:
        first = await client.list_resources()
        rest = await client.list_resources(cursor=first.next_cursor)
        assert rest.next_cursor is None
        uris = [resource.uri for resource in (*first.resources, *rest.resources)]
        [contents] = (await client.read_resource(uris[0])).contents
        [template] = (await client.list_resource_templates()).resource_templates
        assert isinstance(contents, TextResourceContents)
        return uris, [contents.uri], contents.text, template.uri_template

    uris, [uri], text, template = using(address, read)

    assert uris == [f"story://{story.story_id}" for story in stories]
    assert (uri, text) == (uris[0], stories[0].body)
    assert template == "story://{id}"


def test_resource_or_cursor_that_is_none_is_refused(address: str) -> None:
    with pytest.raises(MCPError, match="There is no such story"):
        using(address, lambda client: client.read_resource("story://nothing"))
    with pytest.raises(MCPError, match="cursor"):
        using(address, lambda client: client.list_resources(cursor="x"))


def test_no_stream_is_offered_and_no_session_kept(client: FlaskClient) -> None:
    answered = client.post("/mcp", json=PING, headers=HEADERS)

    assert (answered.status_code, answered.mimetype) == (200, "application/json")
    assert answered.json == {"jsonrpc": "2.0", "id": 1, "result": {}}
    assert "Mcp-Session-Id" not in answered.headers
    assert client.get("/mcp", headers=HEADERS).status_code == 405
    assert client.delete("/mcp").status_code == 405


@pytest.mark.parametrize("protocol", [None, "2026-07-28"])
def test_page_of_another_origin_is_refused(client: FlaskClient, protocol: str | None) -> None:
    def status(origin: str) -> int:
        version = {"MCP-Protocol-Version": protocol} if protocol else {}
        headers = HEADERS | version | {"Origin": origin}
        return client.post("/mcp", json=PING, headers=headers).status_code

    assert status("https://elsewhere.example") == 403
    assert status("http://localhost.elsewhere.example") == 403
    assert status("http://localhost") != 403


def test_body_that_is_no_message_is_refused(client: FlaskClient) -> None:
    def post(body: str, kind: str = "application/json") -> int:
        return client.post("/mcp", data=body, content_type=kind, headers=HEADERS).status_code

    assert post("{") == 400
    assert post("[]") == 400
    assert post("x", "text/plain") in (400, 415)
    assert post("[" * 20000) == 400
    assert post(" " * 100_000) == 413


@pytest.mark.parametrize(
    ("schema", "told"),
    [
        (
            ANSWER,
            answer_json(abstention_about("Who?", [cite(mayor_story(), "Ada", MAYOR_SENTENCE)])),
        ),
        (STORY, story_json(mayor_story(), lineage_of(mayor_story()))),
    ],
    ids=["answer", "story"],
)
def test_schema_names_every_field(schema: dict[str, Any], told: dict[str, Any]) -> None:
    def unnamed(schema: dict[str, Any], told: object, at: str = "") -> list[str]:
        for choice in schema.get("anyOf", ()):
            if choice["type"] != "null":
                schema = choice
        if isinstance(told, list):
            return [field for one in told for field in unnamed(schema["items"], one, at)]
        if not isinstance(told, dict) or "properties" not in schema:
            return []
        named = schema["properties"]
        missing = [f"{at}.{field}" for field in told.keys() - named.keys()]
        return missing + [
            field
            for name in told.keys() & named.keys()
            for field in unnamed(named[name], told[name], f"{at}.{name}")
        ]

    Draft202012Validator(schema).validate(told)
    assert unnamed(schema, told) == []


def test_serving_the_chat_does_not_import_the_sdk() -> None:
    code = "import sys, web.wsgi; assert not {'mcp', 'mcp_types', 'starlette'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_manager_of_each_request_is_not_logged_above_information(
    client: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        client.post("/mcp", json=PING, headers=HEADERS)

    assert caplog.records == []
