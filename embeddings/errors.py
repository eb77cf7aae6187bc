"""What can go wrong while searching.

* SearchError
  x ModelNotFound
  x ModelDamaged
  x IndexMismatch
  x IndexDamaged
  x MissingExtra
"""


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


class MissingExtra(SearchError):
    """An optional engine was asked for but is not installed."""

    def __init__(self, engine: str, extra: str) -> None:
        super().__init__(f"{engine} needs the extra '{extra}': pip install 'dateline[{extra}]'")
