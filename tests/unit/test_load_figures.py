"""What clients waited for is told as it was, and what went wrong is counted."""

from itertools import count
from urllib.parse import urlsplit

from flask import Flask, Response

from benchmarks.load import Asked, Load, put_under_load
from tests.serving import served


def test_refusals_and_broken_answers_are_errors_and_no_answers() -> None:
    app, calls = Flask(__name__), count()
    replies = [
        Response('{"answer": {}}'),
        Response('{"title": "Service Unavailable"}', 503),
        Response("no JSON"),
    ]

    @app.post("/v1/ask")
    def ask() -> Response:
        return replies[next(calls) % len(replies)]

    with served(app) as address:
        load = put_under_load(urlsplit(address).port or 0, ["Who?"], clients=1, seconds=0.3)

    assert {error.split(":")[0] for error in load.errors} == {
        "503 Service Unavailable",
        "JSONDecodeError",
    }
    assert load.of_client.total() + load.errors.total() == len(load.asked)
    assert 0 < load.of_client.total() <= len(load.asked) // len(replies) + 1


def test_a_server_that_is_not_there_is_an_error() -> None:
    load = put_under_load(1, ["Who?"], clients=2, seconds=0.05)

    assert set(load.of_client) == set()
    assert all(error.startswith("ConnectionRefusedError") for error in load.errors)
    assert "errors: 0" not in [*load.lines()]


def test_percentiles_are_of_answers_alone() -> None:
    answered = [Asked(client=n % 2, milliseconds=10.0 * n) for n in range(1, 100)]
    load = Load(asked=[*answered, Asked(client=0, milliseconds=9e9, error="500")], seconds=10)

    assert load.percentile(50) == 500
    assert [*load.lines()] == [
        "99 answers in 10 s, 9.9/s",
        f"p50 500.0 ms, p95 {load.percentile(95):.1f} ms, p99 {load.percentile(99):.1f} ms"
        f" = {load.percentile(99) / 500:.2f} x p50",
        "answers of one client: 49 to 50",
        "errors: 1",
        "  1 x 500",
    ]
