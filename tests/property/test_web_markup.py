from dataclasses import replace

from flask import Flask
from selectolax.lexbor import LexborHTMLParser

from embeddings.index import Filters
from tests.fakes import FakeAssistant, FakeStore, answer_with, cite, mayor_story
from tests.payloads import PAYLOADS


def test_markup_in_stories_and_questions_stays_text(app: Flask) -> None:
    assert len(PAYLOADS) >= 200
    harmless = _outline(app, "harmless")
    for payload in PAYLOADS:
        assert _outline(app, payload) == harmless, payload


def _assistant_full_of(text: str) -> FakeAssistant:
    story = mayor_story(
        title=text,
        url=f"https://news.example/{text}",
        byline=text,
        publisher=text,
        dateline=text,
        body=f"Then {text} spoke.\n\n{text}",
        caption=text,
        about=text,
    )
    citation = cite(story, text, f"Then {text} spoke.")
    answer = replace(
        answer_with(text, [citation]),
        standalone=f"{text} {text}",
        filters=Filters(publisher=text),
        also_read=(citation,),
    )
    return FakeAssistant(FakeStore([story]), {text.strip(): answer}, text)


def _outline(app: Flask, text: str) -> list[str]:
    """Return the elements and attributes of every page, where stories and question are *text*."""
    app.extensions["assistant"] = _assistant_full_of(text)
    client = app.test_client()
    kept = client.post("/ask", data={"q": text, "publisher": text}).headers["Location"]
    path = kept.split("#")[0]
    pages = [
        client.get("/", query_string={"q": text, "publisher": text}).text,
        client.get("/", query_string={"q": text, "from": text}).text,
        client.post("/ask", data={"q": text, "to": text}).text,
        client.get(path).text,
        client.get(f"{path}/1").text,
        client.get(f"{path}/delete").text,
        client.get("/story/00aa11bb22cc33dd", query_string={"h": "5-9", "q": text}).text,
        client.get("/story/00aa11bb22cc33dd", query_string={"c": text, "turn": text}).text,
        client.get("/stories").text,
        client.get("/stories", query_string={"words": text, "publisher": text}).text,
        client.get("/about").text,
    ]
    return [
        f"{node.tag} {sorted(node.attributes)}"
        for page in pages
        for node in LexborHTMLParser(page).css("*")
    ]
