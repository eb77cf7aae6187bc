import pytest
from flask.testing import FlaskClient

from web.security import HEADERS

PATHS = ["/", "/?q=Who", "/nothing", "/stories", "/v1/ask", "/healthz", "/static/chat.js"]


@pytest.mark.parametrize("path", PATHS)
def test_every_response_carries_the_security_headers(client: FlaskClient, path: str) -> None:
    with client.get(path) as response:
        assert HEADERS.items() <= dict(response.headers).items()


def test_policy_allows_nothing_from_elsewhere(client: FlaskClient) -> None:
    policy = dict(
        part.strip().split(" ", 1)
        for part in client.get("/").headers["Content-Security-Policy"].split(";")
    )

    assert policy["default-src"] == policy["base-uri"] == policy["frame-ancestors"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == "'self'"
    assert policy["require-trusted-types-for"] == "'script'"


@pytest.mark.parametrize("path", ["/", "/?q=Who", "/story/x", "/v1/stories/x", "/readyz"])
def test_nothing_about_questions_is_cached(client: FlaskClient, path: str) -> None:
    assert client.get(path).headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_post_from_another_site_is_refused(client: FlaskClient, site: str) -> None:
    response = client.post("/v1/ask", json={"question": "Who?"}, headers={"Sec-Fetch-Site": site})

    assert response.status_code == 403
    assert response.mimetype == "application/problem+json"


@pytest.mark.parametrize("site", ["same-origin", "none"])
def test_post_from_this_site_or_from_the_user_is_answered(client: FlaskClient, site: str) -> None:
    response = client.post("/v1/ask", json={"question": "Who?"}, headers={"Sec-Fetch-Site": site})

    assert response.status_code == 200


def test_no_other_site_may_read_answers(client: FlaskClient) -> None:
    response = client.get("/healthz", headers={"Origin": "https://elsewhere.example"})

    assert "Access-Control-Allow-Origin" not in response.headers


def test_two_slashes_do_not_lead_to_another_host(client: FlaskClient) -> None:
    response = client.get("//elsewhere.example/")

    assert "elsewhere.example" not in response.headers.get("Location", "")
