"""Press releases of Drupal sites such as justice.gov: what stands in their labelled fields."""

from typing import TypedDict

from corpus.sources.html_limits import Element
from corpus.sources.html_text import words_of

_OFFICES = ("component", "office", "bureau", "agency")
_TOPICS = ("topic", "topics", "tags", "subject")


class DrupalFields(TypedDict, total=False):
    """What a page's labelled fields say of its story."""

    unit: str
    tags: tuple[str, ...]


def drupal_fields(root: Element) -> DrupalFields:
    """Return the office that wrote the release, and its topics; nothing for other pages.

    Drupal names each field in its markup: `field--name-field-pr-component`. Body and date of such
    pages are found as on other pages.
    """
    fields = DrupalFields()
    for element in root.xpath("//div[contains(@class,'field--name-')]"):
        names = [name for name in element.get("class", "").split() if "field--name-" in name]
        last = names[0].rpartition("-")[2]
        values = tuple(dict.fromkeys(filter(None, map(words_of, _values(element)))))
        if last in _OFFICES and values:
            fields["unit"] = ", ".join(values)
        elif last in _TOPICS and values:
            fields["tags"] = values
    return fields


def _values(element: Element) -> list[Element]:
    found: list[Element] = element.xpath(".//div[contains(@class,'field__item ')] ")
    return found or element.xpath(".//div[@class='field__item']")
