"""HTML to readable text: paragraphs parted by a blank line, as a reader would see them."""

import html
import re

from lxml import etree

from corpus.errors import UnreadableSource
from corpus.sources.html_limits import Element, check_elements, check_markup

_INVISIBLE = frozenset("script style noscript template iframe object embed svg head title".split())
_FURNITURE = _INVISIBLE | frozenset(
    """
    math button select option textarea input audio video canvas figcaption nav footer aside
    """.split()
)
CAPTION_CLASS = "wp-caption-text"
"""The class that WordPress gives to captions: what bears it is in no text."""

_CAPTION_CLASSES = frozenset({CAPTION_CLASS, "da_media_item", "da_extra_wrapper"})
_BLOCKS = frozenset(
    """
    p div section article main header h1 h2 h3 h4 h5 h6 ul ol dl dt dd blockquote pre figure table
    form fieldset address hr center details summary body html
    """.split()
)
_CELL_LIMIT = 500
"""Characters; a table cell with more words than this lays the page out and holds paragraphs."""

_ZERO_WIDTH = re.compile("[\u200b\u2060\ufeff\ufffc\u00ad]+")
_BLANK_LINE = re.compile(r"\n[ \t\r]*\n")
_END_MARK = re.compile(r"[-–—]\s?30\s?[-–—]")
_BULLET = "•"


def parse_html(text: str) -> Element:
    """Return the root element of a page or fragment; nesting is cut at libxml2's limit.

    Raises `UnreadableSource` where there is no element at all, and where there are far too many.
    """
    check_markup(text)
    parser = etree.HTMLParser(
        encoding="utf-8", no_network=True, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError as exc:
        raise UnreadableSource(f"the HTML can't be read: {exc}") from exc
    if root is None:
        raise UnreadableSource("the HTML page is empty")
    check_elements(root)
    return root


def text_of(root: Element, *, furniture: bool = False) -> str:
    """Return the readable text of *root*, without scripts, and without captions and furniture.

    White space is collapsed and entities are decoded. Paragraphs are parted by a blank line, list
    items and `<br>` by a line break, the cells of a table's row by " | ". With *furniture*
    all words are kept that a reader may see.
    """
    writer = _Writer()
    hidden: Element = None
    walk = etree.iterwalk(root, events=("start", "end"))
    for event, element in walk:
        if event == "start" and _is_hidden(element, furniture=furniture):
            hidden = element
            walk.skip_subtree()
        elif event == "start":
            writer.open(element)
            writer.write(element.text)
        else:
            if element is not hidden:
                writer.close(element)
            if element is not root:
                writer.write(element.tail)
    return writer.text()


def text_of_markup(markup: str) -> str:
    """Return the readable text of a piece of HTML that was kept inside another file."""
    page = piece_of_html(markup)
    return text_of(page) if page is not None else ""


def piece_of_html(markup: str) -> Element | None:
    """Return the root of a piece of HTML, or None where it is empty.

    Where no tags part paragraphs, blank lines do.
    """
    if "<p" not in markup and "<div" not in markup:
        unescaped = html.unescape(markup) if "&lt;" in markup else markup
        markup = _BLANK_LINE.sub("<br><br>", unescaped)
    return parse_html(markup) if markup.strip() else None


def caption_of(root: Element) -> str | None:
    """Return the words of the first figure's caption."""
    for caption in root.iter("figcaption", "p"):
        if caption.tag == "figcaption" or CAPTION_CLASS in caption.get("class", ""):
            words = words_of(caption)
            if words:
                return words
    return None


def words_of(element: Element) -> str:
    """Return all words inside *element* on one line."""
    return collapse("".join(element.itertext()))


def collapse(text: str) -> str:
    """Return *text* on one line, each run of white space as one space, without zero-width marks."""
    shown = text if text.isascii() else _ZERO_WIDTH.sub("", text)
    return " ".join(shown.split())


def _is_hidden(element: Element, *, furniture: bool) -> bool:
    if furniture:
        return element.tag in _INVISIBLE
    return element.tag in _FURNITURE or not _CAPTION_CLASSES.isdisjoint(
        element.get("class", "").split()
    )


class _Writer:
    """Collects words into lines and lines into paragraphs, as elements open and close."""

    def __init__(self) -> None:
        self._paragraphs: list[str] = []
        self._lines: list[str] = []
        self._words: list[str] = []
        self._marker = ""
        self._numbers: list[int | None] = []
        self._cells = 0

    def open(self, element: Element) -> None:
        """Begin *element*."""
        tag = element.tag
        if tag in ("td", "th") and (self._cells or _is_cell(element)):
            self._cells += 1
        if self._cells:
            self._words.append(" ")
        else:
            self._break_before(element)
        if tag in ("ul", "ol"):
            self._numbers.append(_first_number(element) if tag == "ol" else None)
        elif tag == "li":
            self._marker = self._next_marker()

    def close(self, element: Element) -> None:
        """End *element*."""
        tag = element.tag
        if tag in ("ul", "ol") and self._numbers:
            self._numbers.pop()
        if tag in ("td", "th") and self._cells:
            self._cells -= 1
            self._words.append(" | ")
        elif self._cells:
            self._words.append(" " if tag in _BLOCKS else "")
        elif _is_line(element):
            self._end_line()
        elif tag in _BLOCKS:
            self._end_paragraph()

    def write(self, words: str | None) -> None:
        """Add *words* to the line."""
        if words:
            self._words.append(words)

    def text(self) -> str:
        """Return all paragraphs."""
        self._end_paragraph()
        return "\n\n".join(self._paragraphs)

    def _break_before(self, element: Element) -> None:
        if element.tag == "br":
            if not self._end_line():
                self._end_paragraph()
        elif _is_line(element):
            self._end_line()
        elif element.tag in _BLOCKS:
            self._end_paragraph()

    def _next_marker(self) -> str:
        number = self._numbers[-1] if self._numbers else None
        if number is None:
            return _BULLET
        self._numbers[-1] = number + 1
        return f"{number}."

    def _end_line(self) -> bool:
        """End the line and say whether it held words."""
        written = "".join(self._words)
        self._words.clear()
        if not written or written.isspace():
            return False
        line = _worded(collapse(written).strip("| "))
        if line and self._marker:
            line, self._marker = f"{self._marker} {line}", ""
        if line:
            self._lines.append(line)
        return bool(line)

    def _end_paragraph(self) -> None:
        if self._words:
            self._end_line()
        if self._lines:
            self._paragraphs.append("\n".join(self._lines))
            self._lines.clear()


def _worded(line: str) -> str:
    """Return *line*, or nothing if it is a rule or an end mark such as "###" or "-30-"."""
    return line if any(map(str.isalnum, line)) and not _END_MARK.fullmatch(line) else ""


def _is_line(element: Element) -> bool:
    """Say whether *element* stands on a line of its own within a paragraph."""
    if element.tag == "p":
        parent = element.getparent()
        return parent is not None and parent.tag == "li"
    return element.tag in ("li", "tr")


def _is_cell(element: Element) -> bool:
    letters = 0
    for words in element.itertext():
        letters += len(words)
        if letters > _CELL_LIMIT:
            return False
    return True


def _first_number(element: Element) -> int:
    start = element.get("start", "")
    return int(start) if start.isdecimal() and len(start) < 6 else 1
