"""What can go wrong while searching.

* SearchError
  x ModelNotFound
  x ModelDamaged
  x IndexMismatch
  x IndexDamaged
  x IndexUnwritable
  + IndexUnavailable
    x IndexUnreachable
    x IndexRefused
  x MissingExtra
  x ClusterUnreachable
  x ClusterFailed
  x EncodersDiffer
"""

from pathlib import Path


class SearchError(Exception):
    """Base of every error that the embeddings package raises."""


class ModelNotFound(SearchError):
    """The encoder's files are not where the settings say."""


class ModelDamaged(SearchError):
    """A model file's checksum is not the recorded one."""


class IndexMismatch(SearchError):
    """The index was built with another encoder than the one that asks."""


class IndexDamaged(SearchError):
    """An index file is missing, truncated or altered."""


class IndexUnwritable(SearchError):
    """The index's files can't be written, as where the disk is full; no story is lost by it."""

    def __init__(self, folder: Path, error: Exception) -> None:
        super().__init__(
            f"the index in {folder} can't be written ({error}); the stories are stored, and are "
            "indexed by the next command once it can be"
        )


class IndexUnavailable(SearchError):
    """The server that holds the index doesn't do what it is asked."""


class IndexUnreachable(IndexUnavailable):
    """The server that holds the index can't be reached, or isn't ready; it may be soon."""

    def __init__(self, uri: str, told: str) -> None:
        super().__init__(
            f"the index at {uri} can't be reached ({told}); no story is lost: questions are "
            "answered, and what is stored is indexed, once the server is back"
        )


class IndexRefused(IndexUnavailable):
    """The server that holds the index refuses what it is asked; somebody has to act."""

    def __init__(self, uri: str, told: str) -> None:
        super().__init__(
            f"the index at {uri} refuses ({told}); look at the server and at milvus_uri, "
            "milvus_token and milvus_collection; where a collection is missing, "
            "`dateline rebuild` makes it"
        )


class MissingExtra(SearchError):
    """An optional engine was asked for but is not installed."""

    def __init__(self, engine: str, extra: str) -> None:
        super().__init__(f"{engine} needs the extra '{extra}': pip install 'dateline[{extra}]'")


class ClusterUnreachable(SearchError):
    """No Ray cluster can be spoken to at the address that was given."""

    def __init__(self, address: str, reason: str) -> None:
        super().__init__(
            f"no Ray cluster can be reached at {address}: {reason}; the machine that adds stories "
            "must itself be one of the cluster's (ray start --address=HEAD:6379)"
        )


class ClusterFailed(SearchError):
    """The machines of a Ray cluster could not encode; what was stored before is kept."""

    def __init__(self, reason: str) -> None:
        super().__init__(
            f"the Ray cluster could not encode: {reason}; every machine needs the same version of "
            "Dateline and Python. What was encoded is stored: the same command goes on from there"
        )


class EncodersDiffer(SearchError):
    """A machine of a cluster makes other vectors than the machine with the store."""

    def __init__(self, *, machine: str, other: str, name: str) -> None:
        super().__init__(
            f"{machine} encodes with {other}, but this machine with {name}; install the same "
            "version of Dateline on both. None of its vectors was stored"
        )
