"""What ASVS asks of any web application, held against every address of this one."""

import ast
import logging
import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

import web
from qa.conversations.sql_conversations import SqlConversations
from qa.keys import KeyFile
from tests.fakes import FakeAssistant
from tests.guarded import client_of

ROOT = Path(__file__).parents[2]
PACKAGES = ("corpus", "embeddings", "qa", "web")
EVERYTHING = [
    "/",
    "/?q=Who",
    "/stories",
    "/about",
    "/docs",
    "/openapi.json",
    "/healthz",
    "/nothing",
]


def calls_in_packages() -> set[str]:
    """Return the names of all that the packages call."""
    return {
        ast.unparse(found.func)
        for package in PACKAGES
        for file in (ROOT / package).rglob("*.py")
        for found in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(found, ast.Call)
    }


@pytest.mark.parametrize("path", EVERYTHING)
def test_no_response_sets_a_cookie(client: FlaskClient, path: str) -> None:
    assert "Set-Cookie" not in client.get(path).headers
    assert "Set-Cookie" not in client.post("/ask", data={"q": "Who?"}).headers


@pytest.mark.parametrize("path", EVERYTHING)
def test_every_response_says_what_it_is_and_in_which_characters(
    client: FlaskClient, path: str
) -> None:
    kind = client.get(path).headers["Content-Type"]

    # JSON is UTF-8 whatever is said (RFC 8259, section 8.1).
    assert "charset=utf-8" in kind or re.match(r"application/(problem\+)?json$", kind)


@pytest.mark.parametrize("method", ["TRACE", "CONNECT", "PUT", "PATCH", "PROPFIND"])
@pytest.mark.parametrize("path", ["/", "/v1/ask", "/story/x", "/metrics"])
def test_methods_that_no_view_takes_are_refused(
    client: FlaskClient, method: str, path: str
) -> None:
    response = client.open(path, method=method, headers={"X-Secret": "told"})

    assert response.status_code == 405
    assert "told" not in response.text


@pytest.mark.parametrize("path", ["/static/", "/.git/config", "/dateline.toml", "/web/", "/data/"])
def test_no_folder_is_listed_and_no_file_of_the_project_served(
    client: FlaskClient, path: str
) -> None:
    static = client.application.static_url_path or ""
    for address in (path, f"{static}/", f"{static}/../errors.py", f"{static}/..%2ferrors.py"):
        assert client.get(address).status_code == 404


def test_nothing_is_debugged_and_no_session_is_signed(app: Flask) -> None:
    assert not app.debug
    assert not app.testing
    assert app.secret_key is None


def test_nothing_runs_code_or_a_shell_or_reads_a_pickle() -> None:
    called = calls_in_packages()

    assert not called & {"eval", "exec", "os.system", "os.popen", "pickle.load", "pickle.loads"}
    assert not called & {"yaml.load", "yaml.unsafe_load", "marshal.loads", "shelve.open"}
    assert not called & {"render_template_string", "Template", "subprocess.getoutput"}
    for package in PACKAGES:
        for file in (ROOT / package).rglob("*.py"):
            assert "shell=True" not in file.read_text("utf-8"), file


def test_scripts_make_no_markup_and_take_no_messages() -> None:
    for script in (Path(web.__file__).parent / "static").glob("*.js"):
        text = script.read_text("utf-8")
        forbidden = r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|postMessage"
        assert not re.search(forbidden, text), script
        assert "new Function" not in text, script


def test_no_weak_hash_and_no_cipher_of_our_own() -> None:
    called = calls_in_packages()

    assert not called & {"hashlib.md5", "hashlib.sha1", "hashlib.new", "random.token_bytes"}
    assert not any(name.startswith(("Cipher", "AES", "cryptography")) for name in called)


def test_refusals_are_logged_without_key_address_or_words(
    assistant: FakeAssistant,
    conversations: SqlConversations,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO)
    key = KeyFile(tmp_path / "api-keys.json").add("newsroom", ["ask"], None)
    client = client_of(assistant, conversations, {}, tmp_path)
    forged = "dateline_guessed"

    client.post("/v1/ask", json={"question": "Whose secret?"}, headers={"X-API-Key": forged})
    client.post("/v1/ask", json={"question": "Whose secret?"}, headers={"X-API-Key": key})
    client.post("/v1/feedback", json={}, headers={"X-API-Key": key})
    client.post("/ask", data={"q": "Whose secret?"}, headers={"Sec-Fetch-Site": "cross-site"})
    client.get("/?q=secret", headers={"Host": "evil.example"})

    told = [record.getMessage() for record in caplog.records if "security" in record.name]
    assert [line.split(":")[0].split(" (")[0] for line in told] == [
        "refused 401",
        "let in",
        "refused 403",
        "refused 403",
        "refused 400",
    ]
    assert "key newsroom" in told[1]
    assert "client 127.0.0.1" in told[0]
    assert not any(word in caplog.text for word in (key, forged, "secret", "evil"))


@pytest.mark.parametrize("method", ["GET", "G\nT", "A" * 5000])
def test_no_client_writes_a_line_into_the_log(
    client: FlaskClient, caplog: pytest.LogCaptureFixture, method: str
) -> None:
    for address in ("1.2.3.4\nWARNING forged", "x" * 5000):
        client.open(
            "/nothing\r\nforged",
            method=method,
            headers={"Host": "evil.example"},
            environ_overrides={"REMOTE_ADDR": address},
        )

    for record in caplog.records:
        assert "\n" not in record.getMessage()
        assert "\r" not in record.getMessage()
        assert len(record.getMessage()) < 300
