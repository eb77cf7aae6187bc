"""A short leg of `make fuzz-api`: hostile requests to every address get no server error."""

from flask import Flask

from tests.fuzz.api_requests import STORY
from tests.fuzz.fuzz_api import from_strangers


def test_hostile_requests_get_no_server_error(app_of_words: Flask) -> None:
    answered = from_strangers(app_of_words, (STORY,), 0, cases=300)

    assert len(answered) >= 300
    assert [(status, request) for _, status, request in answered if status >= 500] == []
