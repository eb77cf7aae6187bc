"""What `dateline serve` and `dateline mcp` do: check that they can, and become the server."""

import errno
import os
import socket
import sys
from contextlib import closing
from typing import NoReturn

import click

from qa.assemble import open_conversations, open_store
from qa.operations.traces import open_exporter
from qa.settings import Settings

ARENAS = "2"
"""Heaps of glibc (mallopt(3)), which by default gives a server of many threads eight a core: each
keeps what it once needed."""


def start_server(settings: Settings) -> NoReturn:
    """Become the server; raise `ClickException` if there is no story or no port for it.

    The server itself says in one sentence what is missing or damaged of all that it loads.
    """
    check_stories(settings)
    check_port(settings.web.host, settings.web.port)
    open_conversations(settings).close()
    open_exporter(settings.telemetry)
    os.environ.update(environment(settings))
    os.execv(sys.executable, command(settings))  # noqa: S606 - no shell is the point


def start_mcp(settings: Settings) -> NoReturn:
    """Become the server of the Model Context Protocol; raise `ClickException` without stories."""
    check_stories(settings)
    os.environ["DATELINE_DATA"] = str(settings.data.resolve())
    os.execv(  # noqa: S606 - no shell is the point
        sys.executable, [sys.executable, "-m", "web.mcp_stdio"]
    )


def check_stories(settings: Settings) -> None:
    """Raise `ClickException` if there are no stories to answer from."""
    with closing(open_store(settings)) as store:
        empty = store.count() == 0
    if empty:
        raise click.ClickException(
            f"{settings.data} holds no stories; add some with `dateline add PATH`, "
            "or the bundled ones with `dateline add --bundled`."
        )


def command(settings: Settings) -> list[str]:
    """Return the command line that serves."""
    host, port = settings.web.host, settings.web.port
    bind = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    return [sys.executable, "-m", "web.serving", "--bind", bind]


def environment(settings: Settings) -> dict[str, str]:
    """Return the variables that give the server what the command line gave."""
    return {
        "MALLOC_ARENA_MAX": os.environ.get("MALLOC_ARENA_MAX", ARENAS),
        "DATELINE_DATA": str(settings.data.resolve()),
        "DATELINE_WEB__HOST": settings.web.host,
        "DATELINE_WEB__PORT": str(settings.web.port),
    }


def check_port(host: str, port: int) -> None:
    """Raise `ClickException` if nothing can listen on *port* of *host*."""
    try:
        family, kind, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        taken = error.errno == errno.EADDRINUSE
        reason = "it is in use; choose another with --port" if taken else error.strerror
        raise click.ClickException(f"Can't listen on port {port} of {host}: {reason}.") from error
