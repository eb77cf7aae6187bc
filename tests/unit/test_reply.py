"""What chat clients show of an answer: Markdown in which stories can place nothing of their own."""

from dataclasses import replace
from datetime import date

from markdown_it import MarkdownIt

from qa.answer import Answer, Citation, Resolution
from tests.fakes import MAYOR_QUESTION, MAYOR_SENTENCE, abstention_about, answer_with, cite
from tests.fakes import mayor_story as a_story
from web.reply import Reply, as_text, reply_to

HERE = "http://127.0.0.1:8000/"


def answer(*citations: Citation, status: str = "answered") -> Answer:
    given = answer_with(MAYOR_QUESTION, citations)
    return replace(given, status=status)  # type: ignore[arg-type]


def links(markdown: str) -> set[object]:
    inlines = [token.children or () for token in MarkdownIt("commonmark").parse(markdown)]
    return {
        token.attrs["href"] for inline in inlines for token in inline if token.type == "link_open"
    }


def test_answer_comes_first_then_its_sentence_and_sources() -> None:
    reply = reply_to(answer(cite(a_story(), "Ada Quinn", MAYOR_SENTENCE)), HERE)

    assert reply.content.splitlines() == [
        "**Ada Quinn** [1]",
        "",
        "> “**Ada Quinn** was elected mayor of Springfield.” [1]",
        "",
        "Sources:",
        "",
        "- [1] [Springfield elects a mayor](https://news.example/mayor#:~:text=x), "
        "Springfield Gazette, 3 November 2021 "
        "([as it was read](http://127.0.0.1:8000/story/00aa11bb22cc33dd?h=38-47#h))",
    ]


def test_time_that_the_words_come_to_stands_below_them() -> None:
    dated = replace(
        answer(cite(a_story(), "January", "She takes office in January 2022.")),
        resolution=Resolution(value="2022-01", words="January", relative_to=date(2021, 11, 3)),
    )

    assert reply_to(dated, HERE).content.splitlines()[:3] == [
        "**January** [1]",
        "",
        "That is January 2022, counted from the story’s date of publication, 3 November 2021.",
    ]


def test_marks_of_the_sources_stand_where_they_say() -> None:
    story = a_story()
    support = cite(story, "January 2022", "She takes office in January 2022.", n=2, role="supports")
    reply = reply_to(answer(cite(story, "Ada Quinn", MAYOR_SENTENCE), support), HERE)

    assert [reply.content[source.start : source.end] for source in reply.sources] == ["[1]", "[2]"]
    assert reply.content.startswith("**Ada Quinn** [1][2]\n")


def test_story_without_a_web_address_is_linked_to_its_page_here() -> None:
    story = a_story(url="javascript:alert(1)")
    citation = replace(cite(story, "Ada Quinn", MAYOR_SENTENCE), deep_link=story.url)
    reply = reply_to(answer(citation), HERE)

    [source] = reply.sources
    assert source.url.startswith("http://127.0.0.1:8000/story/")
    assert links(reply.content) == {source.url}


def test_sources_of_one_title_are_told_apart() -> None:
    story = a_story()
    citations = [cite(story, "Ada Quinn", MAYOR_SENTENCE, n=n) for n in (1, 2, 3)]
    reply = reply_to(answer(*citations), HERE)

    assert len({source.title for source in reply.sources}) == 3


def test_stories_that_disagree_are_shown_side_by_side_newest_first() -> None:
    old = a_story()
    new = a_story(
        story_id="1" * 16,
        body="Mayor Ben Okri of Springfield spoke.",
        published_at=date(2025, 1, 2),
    )
    one = cite(old, "Ada Quinn", MAYOR_SENTENCE)
    other = cite(new, "Ben Okri", new.body, n=2, role="conflicts")
    reply = reply_to(answer(one, other, status="conflict"), HERE)

    said = reply.content.partition("Sources:")[0].splitlines()
    assert said == [
        "The stories disagree. The newest comes first:",
        "",
        "- **Ben Okri** [2] (2 January 2025): “Mayor **Ben Okri** of Springfield spoke.”",
        "- **Ada Quinn** [1] (3 November 2021): “**Ada Quinn** was elected mayor of Springfield.”",
        "",
    ]
    assert [reply.content[source.start : source.end] for source in reply.sources] == ["[1]", "[2]"]


def test_sentence_that_is_quoted_already_is_not_quoted_again() -> None:
    story = a_story(body="“Ada Quinn won,” he said.")
    reply = reply_to(answer(cite(story, "Ada Quinn", story.body)), HERE)

    assert "\n> “**Ada Quinn** won,” he said. [1]\n" in reply.content


def test_abstention_says_why_and_cites_nothing() -> None:
    nearest = [cite(a_story(), "Ada Quinn", MAYOR_SENTENCE, role="nearest")]
    reply = reply_to(abstention_about("Who was mayor in 2019?", nearest), HERE)

    assert reply == Reply(
        "The stories don’t say.\n\n"
        "No story mentions everything that the question asks about.\n\n"
        "Missing: year 2019."
    )


def test_addresses_in_a_story_are_not_made_links() -> None:
    shown = as_text("See https://elsewhere.example, www.elsewhere.example or a@elsewhere.example.")

    assert shown == (
        r"See https\://elsewhere.example, www\.elsewhere.example or a\@elsewhere.example."
    )


def test_ordinary_words_stay_as_they_are() -> None:
    words = "At 5:30 p.m., AT&T paid $5 million (up 3%) – #1 of the 12-year plan!"
    assert as_text(words) == words


def test_bidirectional_overrides_are_left_out() -> None:
    assert as_text("a\u202eb\x00c") == "abc"


def test_day_and_spelling_are_told() -> None:
    given = answer(cite(a_story(), "Ada Quinn", MAYOR_SENTENCE))
    reply = reply_to(replace(given, as_of=date(2021, 9, 22), did_you_mean="Who is *mayor*?"), HERE)
    assert "\nAs of 22 September 2021.\n" in reply.content
    assert reply.content.endswith("\n\nDid you mean: Who is \\*mayor\\*?")

    abstained = replace(abstention_about("Who is mayr?"), did_you_mean="Who is mayor?")
    assert reply_to(abstained, HERE).content.endswith("\n\nDid you mean: Who is mayor?")
