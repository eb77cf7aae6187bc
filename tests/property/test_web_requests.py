from typing import cast

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from qa.assistant import Assistant
from qa.conversations.sql_conversations import SqlConversations
from qa.settings import Settings
from tests.fakes import FakeAssistant, FakeStore, mayor_story
from web import create_app

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=6,
)
NAMES = st.sampled_from(["question", "conversation_id", "filters", "from", "to", "story_ids"])
PATHS = st.sampled_from(["/", "/story/00aa11bb22cc33dd", "/stories", "/about", "/c/x", "/c/x/1"])
PARAMETERS = st.sampled_from(
    ["q", "from", "to", "publisher", "as_asked", "h", "page", "words", "c", "turn", "thanks"]
)
FIELDS = st.sampled_from(
    ["q", "from", "to", "publisher", "as_asked", "conversation", "turn", "verdict", "citation"]
)


@pytest.fixture(scope="module")
def client(shared_conversations: SqlConversations) -> FlaskClient:
    assistant = FakeAssistant(FakeStore([mayor_story()]))
    return create_app(Settings(), cast(Assistant, assistant), shared_conversations).test_client()


@given(body=st.binary(max_size=300))
def test_bytes_that_are_no_question_are_refused(client: FlaskClient, body: bytes) -> None:
    response = client.post("/v1/ask", data=body, content_type="application/json")

    assert response.status_code in (400, 422)
    assert response.mimetype == "application/problem+json"


@given(body=st.dictionaries(NAMES, VALUES))
def test_any_json_is_answered_or_refused(client: FlaskClient, body: dict[str, object]) -> None:
    response = client.post("/v1/ask", json=body)

    assert response.status_code in (200, 400, 422)


@given(path=PATHS, parameters=st.dictionaries(PARAMETERS, st.text()))
def test_any_address_is_a_page_or_refused(
    client: FlaskClient, path: str, parameters: dict[str, str]
) -> None:
    response = client.get(path, query_string=parameters)

    assert response.status_code in (200, 404, 422)
    assert response.mimetype == "text/html"


@given(path=st.sampled_from(["/ask", "/feedback"]), form=st.dictionaries(FIELDS, st.text()))
def test_any_form_is_taken_or_refused(client: FlaskClient, path: str, form: dict[str, str]) -> None:
    response = client.post(path, data=form)

    assert response.status_code in (303, 404, 422)
