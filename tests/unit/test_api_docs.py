"""The API is described, for programs and for people, as it is."""

import re
import shlex
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from flask import Flask
from flask.testing import FlaskClient
from selectolax.lexbor import LexborHTMLParser

from web.api_page import main
from web.reference import SERVER

# OpenAI's own description covers what its clients use.
OPENAI = ("/v1/chat/", "/v1/models")


@pytest.fixture
def described(client: FlaskClient) -> dict[str, Any]:
    body: dict[str, Any] = client.get("/openapi.json").get_json()
    return body


@pytest.fixture
def page(client: FlaskClient) -> LexborHTMLParser:
    return LexborHTMLParser(client.get("/docs").text)


def test_every_endpoint_for_programs_is_described(app: Flask, described: dict[str, Any]) -> None:
    served = {
        (re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule), method.lower())
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if rule.rule.startswith(("/v1/", "/healthz", "/readyz"))
        and not rule.rule.startswith(OPENAI)
    }
    told = {(path, method) for path, ways in described["paths"].items() for method in ways}

    assert served == told


def test_operations_are_named_sorted_and_explained(described: dict[str, Any]) -> None:
    operations = [one for ways in described["paths"].values() for one in ways.values()]

    assert described["openapi"].startswith("3.1.")
    assert len({one["operationId"] for one in operations}) == len(operations)
    tags = {tag["name"] for tag in described["tags"]}
    for operation in operations:
        assert operation["summary"].endswith(".")
        assert set(operation["tags"]) <= tags
        assert {"500", "503"} <= operation["responses"].keys()
        assert all(one["description"] for one in operation.get("parameters", []))


def test_every_problem_is_described_as_one(described: dict[str, Any]) -> None:
    for ways in described["paths"].values():
        for operation in ways.values():
            for status, response in operation["responses"].items():
                if status >= "400":
                    assert [*response["content"]] == ["application/problem+json"]


def test_every_reference_leads_somewhere(described: dict[str, Any]) -> None:
    named = set(re.findall(r"#/components/schemas/(\w+)", str(described)))

    assert named <= described["components"]["schemas"].keys()
    assert not described["components"]["schemas"].keys() - named - {"Problem"}


def test_every_field_is_explained(described: dict[str, Any]) -> None:
    bare = [
        f"{name}.{field}"
        for name, schema in described["components"]["schemas"].items()
        for field, told in schema.get("properties", {}).items()
        if not told.get("description")
    ]
    assert bare == []


def test_examples_satisfy_their_schemas(described: dict[str, Any]) -> None:
    count = 0
    for name, schema in described["components"]["schemas"].items():
        for example in schema.get("examples", []):
            whole = {"$ref": f"#/components/schemas/{name}", **described}
            jsonschema_rs.validate(whole, example)
            count += 1
    assert count > 10


def test_limit_of_a_question_is_that_of_the_settings(described: dict[str, Any]) -> None:
    [q] = [one for one in described["paths"]["/v1/ask"]["get"]["parameters"] if one["name"] == "q"]

    assert q["schema"]["maxLength"] == 1000
    for name in ("AskBody", "SearchBody", "AloneBody", "AnswerFeedback"):
        field = described["components"]["schemas"][name]["properties"]["question"]
        assert field["maxLength"] == 1000


def test_page_shows_every_operation_and_model(
    page: LexborHTMLParser, described: dict[str, Any]
) -> None:
    ids = [node.attributes["id"] for node in page.css("[id]")]
    operations = {
        one["operationId"] for ways in described["paths"].values() for one in ways.values()
    }

    assert len(ids) == len(set(ids))
    assert operations | described["components"]["schemas"].keys() <= {*ids}


def test_links_within_the_page_lead_somewhere(page: LexborHTMLParser) -> None:
    ids = {node.attributes["id"] for node in page.css("[id]")}
    links = {node.attributes["href"] or "" for node in page.css("main a[href^='#']")}

    assert len(links) > 40
    assert {link[1:] for link in links} <= ids


def test_page_needs_no_script_and_its_tables_have_headers(page: LexborHTMLParser) -> None:
    assert page.css("main script, main style, main [style]") == []
    for table in page.css("table"):
        assert table.css_first("caption") is not None
        assert len(table.css("thead th[scope=col]")) == 3
        assert len(table.css("tbody th[scope=row]")) == len(table.css("tbody tr"))
    for code in page.css("pre"):
        assert code.attributes["tabindex"] == "0"
        assert code.attributes["aria-label"]


def test_every_line_for_a_shell_is_a_request_that_is_understood(
    app_of_words: Flask, page: LexborHTMLParser
) -> None:
    lines = [line for node in page.css("pre") if (line := node.text()).startswith("curl")]

    assert len(lines) == len(page.css("section h3 code"))
    for line in lines:
        words = shlex.split(line)
        body = words[words.index("-d") + 1] if "-d" in words else None
        method = words[words.index("-X") + 1] if "-X" in words else "POST" if body else "GET"
        response = app_of_words.test_client().open(
            words[-1].removeprefix(SERVER),
            method=method,
            data=body,
            content_type="application/json" if body else None,
        )
        # The story, the conversation and the answer of the examples are not there.
        assert response.status_code in (200, 201, 404), (line, response.text)


def test_page_in_the_repository_is_what_the_code_says() -> None:
    main(["docs/api.md", "--check"])


def test_page_that_is_not_what_the_code_says_fails(tmp_path: Path) -> None:
    (tmp_path / "api.md").write_text("old", "utf-8")

    with pytest.raises(SystemExit, match="make docs"):
        main([str(tmp_path / "api.md"), "--check"])
