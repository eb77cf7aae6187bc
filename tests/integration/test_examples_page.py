"""Every example of docs/examples.md runs over the bundled stories and prints what is shown."""

import asyncio
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TextIO

import pytest
from mcp import Client, StdioServerParameters
from mcp.client import Transport
from mcp.client.stdio import stdio_client

from qa.assistant import Assistant
from qa.conversations.sql_conversations import SqlConversations
from qa.settings import Settings
from tests.chromium import chromium
from tests.serving import served
from web import create_app

pytestmark = pytest.mark.models

PAGE = (Path(__file__).parents[2] / "docs" / "examples.md").read_text("utf-8")
SERVER = "http://127.0.0.1:8000"
DATA = "/srv/dateline"
_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```\n(?:\n```text\n(.*?)^```\n)?", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Example:
    """A block of the page, and what the page says that it prints, if it says so."""

    language: str
    code: str
    shown: str | None

    def assert_shown(self, printed: str, address: str) -> None:
        """Compare what was *printed*; … stands for any words."""
        if self.shown is not None:
            shown = self.shown.strip().replace(SERVER, address)
            pattern = re.escape(shown).replace("…", ".*")
            assert re.fullmatch(pattern, printed.strip(), re.DOTALL), f"{printed}\nbut:\n{shown}"


EXAMPLES = [Example(*block.groups()) for block in _BLOCK.finditer(PAGE)]


def each(*languages: str) -> pytest.MarkDecorator:
    examples = [example for example in EXAMPLES if example.language in languages]
    return pytest.mark.parametrize(
        "example", examples, ids=[f"{example.language}{n}" for n, example in enumerate(examples, 1)]
    )


@pytest.fixture(scope="module")
def address(bundled_assistant: Assistant, shared_conversations: SqlConversations) -> Iterator[str]:
    # The page shows a question that is asked for the first time in each of its examples.
    assistant = replace(bundled_assistant, cache=None)
    with served(create_app(Settings(), assistant, shared_conversations)) as address:
        yield address


def test_every_block_of_the_page_is_run_here() -> None:
    fences = [line for line in PAGE.splitlines() if line.lstrip().startswith(("```", "~~~"))]
    outputs = [example for example in EXAMPLES if example.shown is not None]

    assert len(fences) == 2 * (len(EXAMPLES) + len(outputs))
    assert {example.language for example in EXAMPLES} == {"sh", "python", "javascript", "json"}
    assert all(SERVER in example.code or DATA in example.code for example in EXAMPLES)


def command_of(language: str) -> list[str]:
    """Return what runs code that is handed to it as last argument."""
    if language == "python":
        return [sys.executable, "-W", "error", "-c"]
    if language == "javascript":
        return ["node", "--input-type=module", "--eval"]
    return ["bash", "-euo", "pipefail", "-c"]


def lacking(language: str) -> str | None:
    """Say what this machine lacks to run examples in *language*."""
    needed = {"sh": ("bash", "curl", "jq"), "javascript": ("node",)}.get(language, ())
    for tool in needed:
        if shutil.which(tool) is None:
            return f"no {tool} on this machine"
    if "curl" in needed:
        options = subprocess.run(["curl", "--help", "all"], capture_output=True, check=False).stdout
        if b"--json" not in options:
            return "curl is older than 7.82"
    return None


@each("sh", "python", "javascript")
def test_example_prints_what_the_page_shows(address: str, example: Example, tmp_path: Path) -> None:
    if reason := lacking(example.language):
        pytest.skip(reason)
    done = subprocess.run(
        [*command_of(example.language), example.code.replace(SERVER, address)],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
        timeout=60,
    )

    assert (done.returncode, done.stderr) == (0, "")
    example.assert_shown(done.stdout, address)


@pytest.mark.browser
@each("javascript")
def test_javascript_runs_in_a_page_of_the_same_origin(address: str, example: Example) -> None:
    printed: list[str] = []
    with chromium() as browser, browser.new_page(base_url=address) as page:
        page.on("console", lambda message: printed.append(message.text))
        page.goto("/docs")
        page.evaluate(f"async () => {{ {example.code.replace(SERVER, '')} }}")

    example.assert_shown("\n".join(printed), address)


@each("json")
def test_mcp_client_asks_as_it_is_configured(
    address: str, example: Example, bundled_assistant: Assistant, tmp_path: Path
) -> None:
    data = str(bundled_assistant.store.path.parent)
    configured = json.loads(example.code.replace(SERVER, address).replace(DATA, data))
    [server] = configured["mcpServers"].values()

    answer = asyncio.run(asked(server, tmp_path / "log"))

    assert answer["status"] == "answered"
    assert answer["answer"]["text"] == "2017"


async def asked(server: dict[str, Any], log: Path) -> dict[str, Any]:
    """Return the answer from the server that a configuration describes."""
    with log.open("w") as errors:
        async with Client(connection_to(server, errors)) as client:
            question = {"question": "When did DTRA start training Panama?"}
            result = await client.call_tool("ask", question)
            return dict(result.structured_content)


def connection_to(server: dict[str, Any], errors: TextIO) -> str | Transport:
    if "command" not in server:
        assert server["type"] == "http"
        return str(server["url"])
    path = os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"]))
    command = StdioServerParameters(**server, env=os.environ | {"PATH": path})
    return stdio_client(command, errlog=errors)
