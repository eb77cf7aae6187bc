"""Bytes in, stories out: the format is chosen by what the bytes hold."""

import re

from corpus.errors import UnknownFormat
from corpus.sources.afpims_text import is_afpims_text, read_afpims_text
from corpus.sources.decode import decode
from corpus.sources.dvids_text import is_dvids_text, read_dvids_text
from corpus.sources.feed import is_feed, read_feed
from corpus.sources.gum_xml import is_gum_xml, read_gum_xml
from corpus.sources.html_page import is_html, read_html_page
from corpus.sources.markdown import is_markdown, read_markdown
from corpus.sources.plain_text import read_plain_text
from corpus.sources.xml_root import root_name
from corpus.story import Story

_FORMATS = (
    (is_feed, read_feed),
    (is_gum_xml, read_gum_xml),
    (is_html, read_html_page),
    (is_markdown, read_markdown),
    (is_dvids_text, read_dvids_text),
    (is_afpims_text, read_afpims_text),
)
_JSON = re.compile(r'\s*(?:\{\s*"|\[\s*[{\["])')


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
    _refuse_other_formats(text)
    return read_plain_text(text, source)


def _refuse_other_formats(text: str) -> None:
    if text.lstrip().startswith(("<?", "<!")) or root_name(text):
        raise UnknownFormat(
            f"XML whose root is <{root_name(text)}> is neither a feed nor a news page"
        )
    if _JSON.match(text):
        raise UnknownFormat("the file holds JSON; add the story's page, its text or a feed")
    if text.startswith(("%PDF-", "{\\rtf")):
        raise UnknownFormat("PDF and RTF are not read; save the story as text or HTML")
