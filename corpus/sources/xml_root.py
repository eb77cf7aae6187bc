"""The first tag of a file: what kind of markup it is."""

import re

_TAG = re.compile(r"<([A-Za-z_][\w:.-]{0,80})")


def root_name(text: str) -> str | None:
    """Return the name of the first element of *text*, or None where it isn't markup.

    White space, comments, processing instructions and a DOCTYPE before it are passed over.
    """
    at = _skip_space(text, 0)
    while text.startswith(("<?", "<!"), at):
        at = _skip_space(text, _end_of_prolog_part(text, at))
    tag = _TAG.match(text, at)
    return tag[1] if tag else None


def has_doctype(text: str) -> bool:
    """Say whether a document type is declared before the first element."""
    tag = _TAG.search(text)
    return "<!doctype" in text[: tag.start() if tag else len(text)].lower()


def _end_of_prolog_part(text: str, at: int) -> int:
    closing = "?>" if text.startswith("<?", at) else "-->" if text.startswith("<!--", at) else ">"
    end = text.find(closing, at)
    if closing == ">" and "[" in text[at:end]:
        # A DOCTYPE with declarations of its own goes on to "]>".
        closing = "]>"
        end = text.find(closing, at)
    return len(text) if end < 0 else end + len(closing)


def _skip_space(text: str, at: int) -> int:
    while at < len(text) and text[at].isspace():
        at += 1
    return at
