"""A Ray cluster of two machines on loopback."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
OTHER = "127.0.0.2"
ENVIRONMENT = {
    "PYTHONPATH": str(ROOT),
    "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0",  # elsewhere Ray leaves loopback for the network
    "RAY_USAGE_STATS_ENABLED": "0",
    "RAY_BACKEND_LOG_LEVEL": "fatal",
    "RAY_worker_niceness": "0",  # it would leave the cores to whatever else a machine does
}


@dataclass(frozen=True, slots=True)
class TwoMachines:
    """A cluster of this process's machine and another, a core each."""

    cluster: Any
    other: Any

    @property
    def address(self) -> str:
        """Where the cluster is to be found."""
        return str(self.cluster.address)

    def kill_the_other(self) -> None:
        """Have the other machine vanish, with all that it had in hand."""
        self.cluster.remove_node(self.other, allow_graceful=False)


@contextmanager
def two_machines() -> Iterator[TwoMachines]:
    """Start such a cluster, and stop it after the block."""
    before = dict(os.environ)
    os.environ.update(ENVIRONMENT)  # Ray reads it when it is imported
    from ray.cluster_utils import Cluster

    settings = {"num_cpus": 1, "include_dashboard": False}
    head = {**settings, "node_ip_address": "127.0.0.1"}
    cluster = Cluster(initialize_head=True, head_node_args=head)
    try:
        other = cluster.add_node(**settings, node_ip_address=OTHER)
        yield TwoMachines(cluster, other)
    finally:
        with suppress(AssertionError):
            cluster.shutdown()
        os.environ.clear()
        os.environ.update(before)
