"""OpenAI's own client, unchanged, against a served Dateline."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import openai
import pytest
from flask import Flask
from flask.testing import FlaskClient
from openai import OpenAI
from openai.types.chat import ChatCompletion, ChatCompletionChunk, ChatCompletionMessageParam

from corpus.story import Story
from embeddings.errors import ModelDamaged
from embeddings.index import Filters
from qa.serialize import answer_json, citation_json
from tests.fakes import MAYOR_QUESTION, MAYOR_SENTENCE, FakeAssistant, answer_with, cite
from tests.serving import served
from web.completion_body import CompletionBody, Exchange

ASKED: list[ChatCompletionMessageParam] = [{"role": "user", "content": MAYOR_QUESTION}]


@pytest.fixture
def openai_client(app: Flask) -> Iterator[OpenAI]:
    with (
        served(app) as address,
        OpenAI(base_url=f"{address}/v1", api_key="none", max_retries=0) as client,
    ):
        yield client


def complete(client: OpenAI, *messages: ChatCompletionMessageParam) -> ChatCompletion:
    return client.chat.completions.create(model="dateline", messages=messages or ASKED)


def stream(client: OpenAI, question: str = MAYOR_QUESTION) -> list[ChatCompletionChunk]:
    messages: list[ChatCompletionMessageParam] = [{"role": "user", "content": question}]
    return list(
        client.chat.completions.create(
            model="dateline",
            messages=messages,
            stream=True,
            stream_options={"include_usage": True},
        )
    )


def test_client_reads_the_answer(openai_client: OpenAI) -> None:
    completion = complete(openai_client)

    [choice] = completion.choices
    assert choice.finish_reason == "stop"
    assert (choice.message.content or "").startswith("**Ada Quinn** [1]\n")
    assert (completion.id, completion.model) == ("chatcmpl-ans_1", "dateline")
    assert completion.system_fingerprint == "fp_0000000000000000_7"


def test_annotations_point_at_the_marks_of_the_content(openai_client: OpenAI) -> None:
    message = complete(openai_client).choices[0].message

    [annotation] = message.annotations or []
    told = annotation.url_citation
    assert (message.content or "")[told.start_index : told.end_index] == "[1]"
    assert told.title == "Springfield elects a mayor"
    assert told.url == "https://news.example/mayor#:~:text=x"


def test_answer_and_citations_come_in_dateline_s_own_shape_too(
    openai_client: OpenAI, assistant: FakeAssistant
) -> None:
    own = complete(openai_client).model_extra or {}

    answer = assistant.answers[MAYOR_QUESTION]
    assert own["citations"] == [citation_json(citation) for citation in answer.citations]
    assert own["dateline"] == answer_json(answer)


def test_usage_counts_words(openai_client: OpenAI) -> None:
    completion = complete(openai_client)

    usage = completion.usage
    assert usage is not None
    told = len((completion.choices[0].message.content or "").split())
    asked = len(MAYOR_QUESTION.split())
    assert (usage.prompt_tokens, usage.completion_tokens) == (asked, told)
    assert usage.total_tokens == asked + told


def test_abstention_is_an_ordinary_message(openai_client: OpenAI) -> None:
    completion = complete(openai_client, {"role": "user", "content": "Who won?"})

    [choice] = completion.choices
    assert choice.finish_reason == "stop"
    assert (choice.message.content or "").startswith("The stories don’t say.")
    assert choice.message.annotations == []
    assert (completion.model_extra or {})["citations"] == []
    assert (completion.model_extra or {})["sources"] == []


def test_stream_begins_with_the_role_and_ends_with_reason_and_usage(openai_client: OpenAI) -> None:
    whole = complete(openai_client)
    first, *middle, last, usage = stream(openai_client)

    assert first.choices[0].delta.role == "assistant"
    assert [chunk.choices[0].finish_reason for chunk in (first, *middle)] == [None] * (
        1 + len(middle)
    )
    assert last.choices[0].finish_reason == "stop"
    assert (usage.choices, usage.usage) == ([], whole.usage)
    told = "".join(chunk.choices[0].delta.content or "" for chunk in (first, *middle, last))
    assert told == whole.choices[0].message.content
    assert {chunk.id for chunk in (first, *middle, last, usage)} == {whole.id}


def test_stream_ends_with_annotations_and_citations(openai_client: OpenAI) -> None:
    whole = complete(openai_client)
    last = stream(openai_client)[-2]

    annotations = [a.model_dump() for a in whole.choices[0].message.annotations or []]
    assert (last.choices[0].delta.model_extra or {})["annotations"] == annotations
    for field in ("citations", "sources", "dateline"):
        assert (last.model_extra or {})[field] == (whole.model_extra or {})[field]


def test_stream_without_options_tells_no_usage_and_is_closed(client: FlaskClient) -> None:
    body = {"model": "dateline", "messages": ASKED, "stream": True}
    response = client.post("/v1/chat/completions", json=body)

    assert response.mimetype == "text/event-stream"
    *events, end, rest = response.text.split("\n\n")
    assert (end, rest) == ("data: [DONE]", "")
    assert all("usage" not in json.loads(event.removeprefix("data: ")) for event in events)


def test_open_webui_is_told_each_source_once_before_the_content(
    openai_client: OpenAI, assistant: FakeAssistant, story: Story
) -> None:
    citations = [
        cite(story, "Ada Quinn", MAYOR_SENTENCE),
        cite(story, "Tuesday", "Voters went to the polls on Tuesday.", n=2, role="supports"),
    ]
    citations[1] = replace(citations[1], deep_link="https://news.example/mayor#:~:text=y")
    assistant.answers[MAYOR_QUESTION] = answer_with(MAYOR_QUESTION, citations)

    chunks = stream(openai_client)

    told = [bool((chunk.model_extra or {}).get("event")) for chunk in chunks]
    said = [bool(chunk.choices and chunk.choices[0].delta.content) for chunk in chunks]
    assert told[:4] == [False, True, True, False]
    assert said.index(True) == 3
    events = [(chunk.model_extra or {})["event"] for chunk in chunks[1:3]]
    assert [event["type"] for event in events] == ["source", "source"]
    for event, citation in zip(events, citations, strict=True):
        source = event["data"]
        assert source["source"].keys() == {"id", "name", "url"}
        assert source["document"] == [citation.sentence]
        [metadata] = source["metadata"]
        assert metadata["source"] == metadata["url"] == citation.deep_link
    # It lists sources by metadata.source, and finds that of a mark by its place among the names;
    # annotations become sources as well and must be the same ones.
    annotated = (chunks[-2].choices[0].delta.model_extra or {})["annotations"]
    for key, field in (("source", "url"), ("name", "title")):
        listed = [event["data"]["metadata"][0][key] for event in events]
        assert listed == [annotation["url_citation"][field] for annotation in annotated]
        assert len(set(listed)) == len(listed)
    assert (chunks[-2].model_extra or {})["sources"] == [event["data"] for event in events]


def test_question_is_the_last_user_message_whose_parts_are_text(
    openai_client: OpenAI, assistant: FakeAssistant
) -> None:
    complete(
        openai_client,
        {"role": "system", "content": "You are a pirate."},
        {"role": "user", "content": "Who ran?"},
        {"role": "assistant", "content": "**Ada Quinn** [1]"},
        {"role": "user", "content": [{"type": "text", "text": MAYOR_QUESTION}]},
        {"role": "assistant", "content": "I think"},
    )

    assert [question for question, _ in assistant.asked] == [MAYOR_QUESTION]


def test_earlier_questions_and_replies_are_the_past() -> None:
    body = CompletionBody.model_validate_json(
        json.dumps(
            {
                "model": "dateline",
                "messages": [
                    {"role": "system", "content": "Be kind."},
                    {"role": "user", "content": "Unanswered?"},
                    {"role": "user", "content": [{"type": "text", "text": "Who ran?"}]},
                    {"role": "assistant", "content": None, "tool_calls": []},
                    {"role": "assistant", "content": "**Ada Quinn** [1]"},
                    {"role": "user", "content": "When?"},
                ],
            }
        )
    )

    assert body.question == "When?"
    assert body.past == (Exchange("Who ran?", "**Ada Quinn** [1]"),)


def test_filters_are_taken_from_the_body(openai_client: OpenAI, assistant: FakeAssistant) -> None:
    openai_client.chat.completions.create(
        model="dateline",
        messages=ASKED,
        extra_body={"filters": {"from": "2021-01-01", "publisher": "Springfield Gazette"}},
    )

    [(_, filters)] = assistant.asked
    assert filters == Filters(from_date=date(2021, 1, 1), publisher="Springfield Gazette")


def test_what_cannot_matter_is_ignored(openai_client: OpenAI) -> None:
    completion = openai_client.chat.completions.create(
        model="dateline",
        messages=ASKED,
        temperature=0.2,
        max_tokens=10,
        n=1,
        seed=7,
        stop=["\n"],
        tools=[],
        tool_choice="auto",
        response_format={"type": "text"},
        logprobs=False,
        user="someone",
    )

    assert "Ada Quinn" in (completion.choices[0].message.content or "")


@pytest.mark.parametrize(
    ("changes", "param", "sentence"),
    [
        ({"n": 2}, "n", "n can only be 1"),
        ({"tool_choice": "required"}, "tool_choice", "calls no tools"),
        ({"tool_choice": {"type": "function"}}, "tool_choice", "calls no tools"),
        ({"response_format": {"type": "json_schema"}}, "response_format", "can only be of type"),
        ({"logprobs": True}, "logprobs", "no logprobs"),
        ({"modalities": ["text", "audio"]}, "modalities", "in text only"),
        ({"messages": []}, "messages", "no question"),
        ({"messages": [{"role": "system", "content": "x"}]}, "messages", "no question"),
        ({"messages": [{"role": "user", "content": " "}]}, "messages", "the text was empty"),
        (
            {
                "messages": [
                    {"role": "user", "content": [{"type": "image_url", "image_url": {"url": "x"}}]}
                ]
            },
            "messages",
            "'image_url'",
        ),
        (
            {"messages": [{"role": "user", "content": 7}]},
            "messages.0.content",
            "should be a valid array",
        ),
        ({"filters": {"from": "1 May"}}, "filters.from", "Write the day as YYYY-MM-DD."),
    ],
)
def test_what_cannot_be_honoured_is_a_bad_request_that_says_why(
    openai_client: OpenAI, changes: dict[str, object], param: str, sentence: str
) -> None:
    with pytest.raises(openai.BadRequestError) as refused:
        openai_client.chat.completions.create(model="dateline", messages=ASKED, extra_body=changes)

    assert sentence in refused.value.message
    assert (refused.value.type, refused.value.param) == ("invalid_request_error", param)


def test_body_that_is_no_json_is_a_bad_request(client: FlaskClient) -> None:
    response = client.post("/v1/chat/completions", data="{", content_type="application/json")

    assert (response.status_code, response.mimetype) == (400, "application/json")
    assert response.json is not None
    assert response.json["error"]["type"] == "invalid_request_error"


def test_other_models_are_not_found(openai_client: OpenAI) -> None:
    with pytest.raises(openai.NotFoundError) as refused:
        openai_client.chat.completions.create(model="gpt-4o", messages=ASKED)
    with pytest.raises(openai.NotFoundError):
        openai_client.models.retrieve("gpt-4o")

    assert refused.value.code == "model_not_found"
    assert "'dateline'" in refused.value.message


def test_the_model_is_listed_and_described(openai_client: OpenAI) -> None:
    [listed] = openai_client.models.list().data

    assert (listed.id, listed.object, listed.owned_by) == ("dateline", "model", "dateline")
    assert openai_client.models.retrieve("dateline") == listed


def test_fault_of_the_server_keeps_its_words(
    openai_client: OpenAI, assistant: FakeAssistant
) -> None:
    assistant.failure = ModelDamaged("/srv/model.onnx is damaged")

    with pytest.raises(openai.InternalServerError) as failed:
        complete(openai_client)

    assert (failed.value.status_code, failed.value.type) == (503, "server_error")
    assert "/srv" not in failed.value.message


def test_wrong_method_and_type_are_told_in_openai_s_shape(client: FlaskClient) -> None:
    wrong_method = client.get("/v1/chat/completions")
    wrong_type = client.post("/v1/chat/completions", data="x", content_type="text/plain")

    assert (wrong_method.status_code, wrong_type.status_code) == (405, 415)
    assert "POST" in wrong_method.headers["Allow"]
    for response in (wrong_method, wrong_type):
        assert response.json is not None
        assert response.json["error"].keys() == {"message", "type", "param", "code"}


def test_long_conversation_is_taken_and_an_endless_one_refused(
    client: FlaskClient, app: Flask
) -> None:
    limit = app.config["MAX_CONTENT_LENGTH"]
    past = [{"role": "user", "content": "x" * 2 * limit}, {"role": "assistant", "content": "y"}]

    def status(messages: list[dict[str, str]]) -> int:
        body = {"model": "dateline", "messages": [*messages, *ASKED]}
        return client.post("/v1/chat/completions", json=body).status_code

    assert status(past) == 200
    assert status(past * 8) == 413
