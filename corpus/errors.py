"""What can go wrong with stories.

* CorpusError
  x NotAStory
  x UnknownFormat
  x UnreadableSource
  x StoryNotFound
  x RevisionNotFound
  x StoreDamaged
  x StoreBusy
  x FetchError
    - FetchingOff
    - AddressRefused
    - RobotsForbid
    - PageGone
    - FetchPutOff
    - FetchFailed
"""


class CorpusError(Exception):
    """Base of every error that the corpus package raises."""


class NotAStory(CorpusError):
    """The bytes were read, but what they hold is not a news story."""


class UnknownFormat(CorpusError):
    """The bytes are in no format that Dateline reads."""


class UnreadableSource(CorpusError):
    """The file or folder can't be opened, or its bytes can't be decoded."""


class StoryNotFound(CorpusError):
    """No story in the store has this id."""

    def __init__(self, story_id: str) -> None:
        super().__init__(f"story {story_id} not found; `dateline status` lists stories")
        self.story_id = story_id


class RevisionNotFound(CorpusError):
    """The story is in the store, but never had a body with this hash."""

    def __init__(self, story_id: str, sha256: str) -> None:
        super().__init__(f"story {story_id} has no version with the SHA-256 {sha256}")


class StoreDamaged(CorpusError):
    """The SQLite file is not a Dateline store or is damaged."""


class StoreBusy(CorpusError):
    """Another process held the store's write lock for too long."""


class FetchError(CorpusError):
    """Base of what can go wrong when stories are fetched over a network."""


class FetchingOff(FetchError):
    """The settings don't allow anything to be fetched, or no host to fetch it from."""


class AddressRefused(FetchError):
    """The settings don't let Dateline go to this address, or no address may look like it."""


class RobotsForbid(FetchError):
    """The site's robots.txt asks programs such as Dateline to stay away from the page."""


class PageGone(FetchError):
    """The server says that there is nothing at the address (404) or no longer (410)."""


class FetchPutOff(FetchError):
    """The server asks to come back later than a run should wait."""

    def __init__(self, url: str, wait_s: float) -> None:
        super().__init__(f"{url}: the server asks to come back in {wait_s:,.0f} seconds")
        self.wait_s = wait_s


class FetchFailed(FetchError):
    """The page did not arrive: no answer, a wrong one, too much of it, or too late."""
