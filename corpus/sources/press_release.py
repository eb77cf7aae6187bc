"""What stands above and below the text of a press release: its number, its office, its end mark."""

import re

_LONGEST = 300
"""Characters; a longer paragraph is text."""

_HEAD = re.compile(
    r"(?:[A-Z][a-z]{2,8} \d{1,2}, \d{4}\s?)?[A-Za-z]{2,3}-\d{2,5}"
    r"|\d{4}(?:-\d{1,2}){5}-\d{1,6}"
    r"|(?:FROM THE OFFICE OF PUBLIC AFFAIRS|FOR IMMEDIATE RELEASE)"
    r"|(?:We recommend printing this release using the PDF file below\. )?"
    r"To view or print the PDF content on this page, download the free Adobe.{0,24}\."
    r"(?:\s?[A-Z]{2}-\d{2,5})?"
    r"|All media queries should be directed to\s?The Press Office at \(\d{3}\) \d{3}-\d{4}\.\s?"
    r"Only call this number if you are a member of the media\."
)
_END_MARK = re.compile(r"\s+#(?: ?#){2,5}$")


def without_release_marks(body: str) -> str:
    """Return *body* without release number, office and printing hints above, and "# # #" below."""
    paragraphs = body.split("\n\n")
    opening = 0
    while opening < len(paragraphs) and _is_head(paragraphs[opening]):
        opening += 1
    text = "\n\n".join(paragraphs[opening:])
    mark = _END_MARK.search(text, max(len(text) - 20, 0))
    return text[: mark.start()] if mark else text


def _is_head(paragraph: str) -> bool:
    return len(paragraph) <= _LONGEST and _HEAD.fullmatch(paragraph) is not None
