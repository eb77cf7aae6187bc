import socket
from importlib.util import find_spec

import pytest

from embeddings import ray_cluster
from embeddings.errors import ClusterUnreachable, MissingExtra
from embeddings.ray_cluster import check_address

has_ray = pytest.mark.skipif(find_spec("ray") is None, reason="the extra 'ray' is not installed")


def test_without_the_extra_the_error_says_how_to_install_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(ray_cluster, "find_spec", lambda name: None)
    with pytest.raises(MissingExtra, match=r"pip install 'dateline\[ray\]'"):
        check_address("auto")


@has_ray
@pytest.mark.parametrize("address", ["head", "head:", ":6379", "ray://head:10001/", "", "head:x"])
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(ClusterUnreachable, match="an address is HOST:PORT, auto or local"):
        check_address(address)


@has_ray
def test_a_head_that_is_not_there_is_told_at_once() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # and does not listen
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        with pytest.raises(ClusterUnreachable, match=f"{address}: .*refused; the machine that"):
            check_address(address)


@has_ray
@pytest.mark.parametrize("address", ["auto", "local"])
def test_clusters_of_this_machine_need_no_address(address: str) -> None:
    check_address(address)
