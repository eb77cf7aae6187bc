"""Clients of others over the bundled stories: OpenAI's over HTTP, MCP's over HTTP and stdio."""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from mcp import Client, StdioServerParameters
from mcp.client.stdio import stdio_client
from mcp_types import CallToolResult, TextResourceContents
from openai import OpenAI

from qa.assistant import Assistant
from qa.conversations.sql_conversations import SqlConversations
from qa.settings import Settings
from tests.serving import served
from web import create_app
from web.suggestions import fixed_questions

pytestmark = pytest.mark.models

QUESTION = "When did DTRA start training Panama?"


@pytest.fixture(scope="module")
def address(bundled_assistant: Assistant, shared_conversations: SqlConversations) -> Iterator[str]:
    with served(create_app(Settings(), bundled_assistant, shared_conversations)) as address:
        yield address


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("mcp") / "data"
    add = [sys.executable, "-m", "qa.cli", "add", "--bundled", "--data", str(folder)]
    subprocess.run(add, check=True, capture_output=True)
    return folder


def assert_cited(answer: dict[str, Any], body_of: dict[str, str]) -> None:
    assert answer["status"] == "answered"
    for citation in answer["citations"]:
        offsets = citation["offsets"]
        body = body_of[citation["story_id"]]
        assert body[offsets["start"] : offsets["end"]] == citation["quote"]


@pytest.mark.parametrize("question", fixed_questions())
def test_openai_client_shows_the_answer_and_its_sources(address: str, question: str) -> None:
    with OpenAI(base_url=f"{address}/v1", api_key="none", max_retries=0) as client:
        completion = client.chat.completions.create(
            model="dateline", messages=[{"role": "user", "content": question}]
        )

    message = completion.choices[0].message
    own = completion.model_extra or {}
    content = message.content or ""
    assert own["dateline"]["status"] == "answered"
    assert own["dateline"]["answer"]["text"] in content
    annotations = message.annotations or []
    assert len(annotations) == len(own["citations"]) > 0
    for n, annotation in enumerate(annotations, start=1):
        told = annotation.url_citation
        assert content[told.start_index : told.end_index] == f"[{n}]"
        assert f"]({told.url})" in content
    assert [source["source"]["url"] for source in own["sources"]] == [
        annotation.url_citation.url for annotation in annotations
    ]


async def asked_and_read(client: Client) -> tuple[CallToolResult, dict[str, str]]:
    """Ask, and return the answer with the texts of the stories that it links."""
    result = await client.call_tool("ask", {"question": QUESTION})
    body_of = {}
    for content in result.content:
        if content.type == "resource_link":
            [story] = (await client.read_resource(content.uri)).contents
            assert isinstance(story, TextResourceContents)
            body_of[content.name] = story.text
    return result, body_of


@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_mcp_client_over_http_asks_searches_and_fetches(address: str, mode: str) -> None:
    async def read() -> tuple[CallToolResult, dict[str, str], dict[str, Any], dict[str, Any]]:
        async with Client(f"{address}/mcp", mode=mode) as client:
            result, body_of = await asked_and_read(client)
            found = (await client.call_tool("search", {"query": QUESTION})).structured_content
            [first, *_] = found["results"]
            fetched = (await client.call_tool("fetch", {"id": first["id"]})).structured_content
            return result, body_of, found, fetched

    result, body_of, found, fetched = asyncio.run(read())

    assert_cited(result.structured_content, body_of)
    assert found["results"][0]["id"] in body_of
    assert fetched["text"] == body_of[fetched["id"]]


@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_mcp_client_over_stdio_asks_and_reads(data: Path, mode: str) -> None:
    async def read() -> tuple[CallToolResult, dict[str, str]]:
        command = StdioServerParameters(
            command=sys.executable,
            args=["-m", "qa.cli", "mcp", "--data", str(data)],
            env=dict(os.environ),
        )
        with (data.parent / f"{mode}.log").open("w") as log:
            async with Client(stdio_client(command, errlog=log), mode=mode) as client:
                return await asked_and_read(client)

    result, body_of = asyncio.run(read())

    assert_cited(result.structured_content, body_of)


def test_standard_output_carries_messages_only(data: Path) -> None:
    params = {
        "protocolVersion": "2025-11-25",
        "capabilities": {},
        "clientInfo": {"name": "test", "version": "0"},
    }
    messages = [
        {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": params},
        {"jsonrpc": "2.0", "method": "notifications/initialized"},
        {"jsonrpc": "2.0", "id": 2, "method": "tools/list"},
    ]
    with subprocess.Popen(
        [sys.executable, "-m", "qa.cli", "mcp", "--data", str(data)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as server:
        assert server.stdin is not None
        assert server.stdout is not None
        server.stdin.write("".join(f"{json.dumps(message)}\n" for message in messages))
        server.stdin.flush()
        # What is still being answered when the input ends is given up.
        told = [server.stdout.readline() for _ in range(2)]
        rest, faults = server.communicate(timeout=30)

    assert [json.loads(line)["id"] for line in told] == [1, 2]
    assert (rest, faults, server.returncode) == ("", "", 0)


def test_missing_reader_ends_the_server_with_one_sentence(data: Path) -> None:
    nowhere = {"DATELINE_DATA": str(data), "DATELINE_READER__MODEL": str(data / "none")}
    done = subprocess.run(
        [sys.executable, "-m", "web.mcp_stdio"],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | nowhere,
    )

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("Error: ")
    assert done.stderr.count("\n") == 1
