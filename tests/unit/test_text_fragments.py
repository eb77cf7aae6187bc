"""Links into a publisher's page name as few words as single out the cited ones."""

import pytest

from corpus.story import Story
from qa.text_fragments import deep_link
from tests.fakes import mayor_story

PAGE = "https://news.example/mayor"


def link_to(sentence: str, story: Story, *, after: int = 0) -> str:
    start = story.body.index(sentence, after)
    return (deep_link(story, start, start + len(sentence)) or "").removeprefix(PAGE)


def test_words_that_stand_once_are_named_alone() -> None:
    assert link_to("She won.", mayor_story(body="They voted. She won.")) == "#:~:text=She%20won."


def test_second_of_two_equal_sentences_is_told_apart_by_what_precedes_it() -> None:
    story = mayor_story(body="She won. They voted again. She won.")

    assert link_to("She won.", story, after=9) == "#:~:text=again.-,She%20won."


def test_first_of_two_equal_sentences_is_told_apart_by_what_follows_it() -> None:
    story = mayor_story(body="She won. They left.\n\nShe won. Nobody left.")

    assert link_to("She won.", story) == "#:~:text=She%20won.,-They"


def test_case_accents_and_quotation_marks_tell_nothing_apart() -> None:
    story = mayor_story(body='“José won.”\n\nYes: "jose WON." He said so.')

    assert link_to('"jose WON."', story) == "#:~:text=Yes%3A-,%22jose%20WON.%22"


@pytest.mark.parametrize("field", ["title", "caption", "about", "photo_title", "byline"])
def test_the_rest_of_the_page_counts(field: str) -> None:
    story = mayor_story(body="Voters: Ada Quinn won.", **{field: "How Ada Quinn won."})

    assert link_to("Ada Quinn won.", story) == "#:~:text=Voters%3A-,Ada%20Quinn%20won."


def test_a_paragraph_that_is_printed_twice_gets_no_fragment() -> None:
    assert link_to("She won.", mayor_story(body="She won.\n\nShe won.")) == ""


def test_no_term_crosses_a_line() -> None:
    story = mayor_story(body="One two\nthree four")

    assert link_to("One two\nthree four", story) == "#:~:text=One%20two,three%20four"


def test_syntax_of_directives_is_escaped() -> None:
    story = mayor_story(body="A well-known, a&b-")

    assert link_to("A well-known, a&b-", story) == "#:~:text=A%20well%2Dknown%2C%20a%26b%2D"


def test_the_element_that_an_address_names_is_kept() -> None:
    story = mayor_story(body="She won.", url=f"{PAGE}#part:~:text=old")

    assert link_to("She won.", story) == "#part:~:text=She%20won."


@pytest.mark.parametrize("url", [None, "javascript:alert(1)", "data:text/html,x", "ftp://a/b"])
def test_only_web_addresses_become_links(url: str | None) -> None:
    assert deep_link(mayor_story(body="She won.", url=url), 0, 8) is None


@pytest.mark.parametrize("body", ["x" * 1000, "\ud800 broken", " \n\n "])
def test_words_that_no_address_can_hold_are_not_named(body: str) -> None:
    assert deep_link(mayor_story(body=body), 0, len(body)) == PAGE
