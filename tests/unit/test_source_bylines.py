import pytest

from corpus.sources.bylines import author, byline_and_unit, credit_in


@pytest.mark.parametrize(
    ("credit", "byline", "unit"),
    [
        ("By Tech. Sgt. Jo Poe, 7th Wing Public Affairs", "Tech. Sgt. Jo Poe",
         "7th Wing Public Affairs"),
        ("By Jo Poe, Ph.D., 52nd Wing", "Jo Poe, Ph.D.", "52nd Wing"),
        ("Jo Poe Jr., Jr., 52nd Wing, Base", "Jo Poe Jr., Jr.", "52nd Wing, Base"),
        ("By Air Force News Service,", "Air Force News Service", None),
        ("Story by Jo Poe and Cy Lind", "Jo Poe and Cy Lind", None),
        ("", None, None),
        ("By ", None, None),
    ],
)  # fmt: skip
def test_people_and_units_are_kept_apart(credit: str, byline: str | None, unit: str | None) -> None:
    assert byline_and_unit(credit) == (byline, unit)


@pytest.mark.parametrize(
    "words", ["By Pfc. Jo Poe", "Story by Jo Poe, 52nd Wing", "By 2nd Lt. Jo Poe"]
)
def test_a_credit_may_be_a_paragraph_of_its_own(words: str) -> None:
    assert credit_in(words) == words


@pytest.mark.parametrize(
    "words",
    [
        "By then it was late",
        "By Sunday it had rained.",
        "By Monday",
        "By 2020 Elms",
        "Jo Poe",
        "By Jo Poe\nCy Lind",
    ],
)
def test_a_sentence_is_no_credit(words: str) -> None:
    assert credit_in(words) is None


def test_a_login_is_nobody() -> None:
    assert author("Import") is None
    assert author("Jo Poe") == "Jo Poe"
