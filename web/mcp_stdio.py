"""The Model Context Protocol over standard input and output: `python -m web.mcp_stdio`.

Standard output carries messages only; what is logged goes to standard error.
"""

import asyncio
import logging
import sys

from mcp.server.stdio import stdio_server

from corpus.errors import CorpusError
from embeddings.errors import SearchError
from qa.assemble import assemble
from qa.assistant import Assistant
from qa.errors import QAError
from qa.settings import load_settings
from web.mcp_server import story_server
from web.mcp_tools import Library


def main() -> None:
    """Serve until the input ends, or end with a sentence where a part is missing."""
    logging.basicConfig(
        level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )
    try:
        assistant = assemble(load_settings())
    except (CorpusError, SearchError, QAError) as error:
        sys.exit(f"Error: {error}")
    asyncio.run(serve(assistant))


async def serve(assistant: Assistant) -> None:
    """Answer the messages that come in from *assistant*'s stories."""
    server = story_server(Library(assistant))
    async with stdio_server() as (incoming, outgoing):
        await server.run(incoming, outgoing, server.create_initialization_options())


if __name__ == "__main__":
    main()
