"""Bytes in, stories out: the format is chosen by what the bytes hold."""

from corpus.sources.afpims_text import is_afpims_text, read_afpims_text
from corpus.sources.decode import decode
from corpus.sources.dvids_text import is_dvids_text, read_dvids_text
from corpus.sources.plain_text import read_plain_text
from corpus.story import Story

_FORMATS = (
    (is_dvids_text, read_dvids_text),
    (is_afpims_text, read_afpims_text),
)


def read_stories(content: bytes, source: str) -> list[Story]:
    """Return the stories in *content*, each with *source* as where it was read.

    The stories are never empty: title and body hold words. Raises `UnreadableSource` where the
    bytes can't be read as text, `UnknownFormat` where they are in no format that Dateline reads and
    `NotAStory` where they hold something else than news.
    """
    text = decode(content)
    for looks_like, read in _FORMATS:
        if looks_like(text):
            return read(text, source)
    return read_plain_text(text, source)
