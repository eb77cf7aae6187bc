import logging
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from corpus.errors import CorpusError
from embeddings.errors import ModelDamaged, SearchError
from qa.errors import QAError
from tests.fakes import FakeAssistant
from web.statuses import STATUS


def _tree(base: type[Exception]) -> Iterator[type[Exception]]:
    for error in base.__subclasses__():
        yield error
        yield from _tree(error)


@pytest.mark.parametrize("base", [CorpusError, SearchError, QAError])
def test_every_error_has_a_status(base: type[Exception]) -> None:
    # Those with a name of their own module never leave it.
    errors = {error for error in _tree(base) if not error.__name__.startswith("_")}

    assert errors
    assert [error for error in errors if STATUS.keys().isdisjoint(error.__mro__)] == []


def test_fault_of_the_server_is_logged_and_its_words_are_kept_from_users(
    client: FlaskClient, assistant: FakeAssistant, caplog: pytest.LogCaptureFixture
) -> None:
    assistant.failure = ModelDamaged("/srv/dateline/model.onnx has another checksum")

    response = client.post("/v1/ask", json={"question": "Who?"})

    assert response.status_code == 503
    assert "/srv" not in response.text
    assert "/srv/dateline/model.onnx has another checksum" in caplog.text


def test_unforeseen_error_is_logged_and_answered(
    client: FlaskClient, assistant: FakeAssistant, caplog: pytest.LogCaptureFixture
) -> None:
    assistant.failure = ZeroDivisionError("secret")

    api = client.post("/v1/ask", json={"question": "Who?"})
    page = client.get("/?q=Who")

    assert (api.status_code, api.mimetype) == (500, "application/problem+json")
    assert (page.status_code, page.mimetype) == (500, "text/html")
    assert "secret" not in api.text + page.text
    assert [record.levelno for record in caplog.records] == [logging.ERROR] * 2


@pytest.mark.parametrize(
    "path", ["/nothing", "/story/nothing", "/stories?page=2", "/stories?page=0"]
)
def test_people_get_a_page_with_one_sentence(client: FlaskClient, path: str) -> None:
    response = client.get(path)

    assert response.status_code == 404
    assert response.mimetype == "text/html"
    assert "There is nothing at this address." in response.text


def test_address_is_not_repeated_on_the_page(client: FlaskClient) -> None:
    assert "marker" not in client.get("/story/marker").text


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("q=", "Ask a question: the text was empty."),
        ("q=" + "a" * 1001, "The question has 1,001 characters; ask it in at most 1,000."),
        ("q=Who&from=yesterday", "Write the day as YYYY-MM-DD."),
        ("q=Who&from=2021-02-03&to=2021-02-02", "&#39;from&#39; is later than &#39;to&#39;."),
    ],
)
def test_question_that_cannot_be_asked_is_explained_and_kept(
    client: FlaskClient, query: str, sentence: str
) -> None:
    response = client.get(f"/?{query}")

    assert response.status_code == 422
    assert sentence in response.text
    question = query.split("&")[0].removeprefix("q=")
    assert f">{question}</textarea>" in response.text
