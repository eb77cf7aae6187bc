"""News pages of any site: what the page says about itself, then its article text."""

import re
from dataclasses import replace

import trafilatura

from corpus.errors import NotAStory
from corpus.sources.afpims_page import is_afpims_page, read_afpims_page
from corpus.sources.attachments import drop_attachments
from corpus.sources.bylines import names_and_unit
from corpus.sources.dateline import dateline_of
from corpus.sources.drupal_page import drupal_fields
from corpus.sources.dvids_page import is_dvids_page, read_dvids_page
from corpus.sources.html_limits import Element
from corpus.sources.html_text import caption_of, parse_html, text_of
from corpus.sources.page_facts import PageFacts, facts_of
from corpus.sources.xml_root import root_name
from corpus.story import Story, story_id_of

_SITES = ((is_afpims_page, read_afpims_page), (is_dvids_page, read_dvids_page))
"""Kinds of pages that are read in their own way."""

_HTML = frozenset("html head body div article main section p h1 h2 table center span".split())
_BODY_CLASS = re.compile(
    r"field--name-(?:field-)?(?:[a-z]+-)*body|(?:entry|article|story|post)-?_?(?:content|body|text)"
)
_LEAST_WORDS = 30


def is_html(text: str) -> bool:
    """Say whether *text* is an HTML page or a piece of one."""
    name = root_name(text)
    return name is not None and name.lower() in _HTML


def read_html_page(text: str, source: str) -> list[Story]:
    """Return the article of the page.

    A home page or a list of links is refused with `NotAStory`: a page is an article if it says
    that it is one or when it was published, and holds at least 30 words of running text.
    """
    root = parse_html(text)
    for looks_like, read in _SITES:
        if looks_like(root):
            return read(root, source)
    facts = facts_of(root)
    if not facts.is_article:
        raise NotAStory(
            "the page names no date of publication and doesn't call itself an article; "
            "add the story's own page, not a home page or a list"
        )
    body = _body(root, text) or facts.body
    if not facts.title or len(body.split()) < _LEAST_WORDS:
        raise NotAStory(
            "the page has no title" if not facts.title else "the page has no article text"
        )
    story = _story(facts, body, caption_of(root), source)
    return [replace(story, **drupal_fields(root))]


def _story(facts: PageFacts, body: str, caption: str | None, source: str) -> Story:
    byline, unit = names_and_unit(facts.byline or "")
    return Story(
        story_id=story_id_of(facts.url or f"{facts.title}\n{body}"),
        source=source,
        url=facts.url,
        title=facts.title,
        body=body,
        byline=byline,
        unit=unit,
        publisher=facts.publisher,
        section=facts.section,
        dateline=facts.dateline or dateline_of(body),
        location=facts.location,
        published_at=facts.published_at,
        caption=caption or facts.caption,
        tags=facts.tags,
    )


def _body(root: Element, text: str) -> str:
    """Return the text of the element that the page marks as its article, else the likeliest."""
    for element in root.iter("div", "section", "article", "main"):
        marked = element.get("itemprop") == "articleBody" or any(
            _BODY_CLASS.fullmatch(name) for name in element.get("class", "").split()
        )
        if marked and len(text_of(element).split()) >= _LEAST_WORDS:
            drop_attachments(element)
            return text_of(element)
    found = trafilatura.extract(text, include_comments=False, include_tables=True, fast=True)
    return "\n\n".join(line.strip() for line in (found or "").splitlines() if line.strip())
