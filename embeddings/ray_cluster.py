"""A connection to a Ray cluster, and what can stand in its way."""

import logging
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from typing import Any

from embeddings.errors import ClusterUnreachable, MissingExtra

LOCAL = "local"
"""The address of a cluster that is started for the run, of this machine alone."""

RUNNING = "auto"
"""The address of whatever cluster runs on this machine."""

ANSWERS_WITHIN_S = 5
"""A head that takes no connection by then is not there; Ray itself would wait for a minute."""


def check_address(address: str) -> None:
    """Raise `MissingExtra` without Ray, and `ClusterUnreachable` if no cluster can be there."""
    if find_spec("ray") is None:
        raise MissingExtra("Ray", "ray")
    if address in (LOCAL, RUNNING):
        return
    host, _, port = address.rpartition(":")
    if not host or not port.isdecimal():
        raise ClusterUnreachable(address, f"an address is HOST:PORT, {RUNNING} or {LOCAL}")
    try:
        socket.create_connection((host.strip("[]"), int(port)), ANSWERS_WITHIN_S).close()
    except (OSError, OverflowError) as error:
        raise ClusterUnreachable(address, str(error)) from error


@contextmanager
def connected(address: str) -> Iterator[None]:
    """Be a driver of the cluster at *address* for the block; raise as `check_address`."""
    check_address(address)
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # it would tell Ray's makers
    os.environ.setdefault("RAY_BACKEND_LOG_LEVEL", "fatal")  # what fails is raised here, too
    where: dict[str, Any] = {"address": address}
    if address == LOCAL:
        where |= {"include_dashboard": False}
        # Whatever its name, it keeps Ray on loopback; without it Ray listens to the network.
        os.environ.setdefault("RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER", "0")
        os.environ.setdefault("RAY_worker_niceness", "0")  # by default all else goes first
    import ray
    import ray.data

    try:
        ray.init(**where, log_to_driver=False, logging_level=logging.ERROR)
    except (ConnectionError, RuntimeError, ValueError) as error:
        raise ClusterUnreachable(address, str(error)) from error
    try:
        ray.data.DataContext.get_current().enable_progress_bars = False
        logging.getLogger("ray.data").setLevel(logging.ERROR)
        yield
    finally:
        ray.shutdown()


def cores() -> int:
    """Return how many cores the cluster that this process is connected to has now, at least 1."""
    import ray

    return max(1, int(ray.cluster_resources().get("CPU", 1)))
