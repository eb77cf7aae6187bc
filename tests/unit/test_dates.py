from datetime import UTC, date, datetime

import pytest

from corpus.dates import any_date, dotted_date, iso_date, mail_date, written_date


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Sept. 22, 2021", date(2021, 9, 22)),
        ("Friday, May 27, 2015", date(2015, 5, 27)),
        ("MARCH 3, 1999", date(1999, 3, 3)),
        ("Feb. 30, 2020", None),
        ("Smarch 3, 1999", None),
        ("22 Sept. 2021", None),
        ("Sept. 22", None),
    ],
)
def test_written_date(text: str, day: date | None) -> None:
    assert written_date(text) == day


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("11.05.2019", date(2019, 11, 5)),
        ("11.06.2019 09:38", datetime(2019, 11, 6, 9, 38)),
        ("11.06.2019 25:38", date(2019, 11, 6)),
        ("31.12.2019", None),
    ],
)
def test_dotted_date_is_month_first(text: str, moment: date | None) -> None:
    assert dotted_date(text) == moment


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2024-04-28", date(2024, 4, 28)),
        ("2024-04-28 07:00:00Z", datetime(2024, 4, 28, 7, tzinfo=UTC)),
        ("2024-04-28T07:00:00.5+00:00", datetime(2024, 4, 28, 7, 0, 0, 500_000, tzinfo=UTC)),
        ("2012-06-08 2:43:37", datetime(2012, 6, 8, 2, 43, 37)),
        ("2024-04-31", None),
        ("2024", None),
    ],
)
def test_iso_date(text: str, moment: date | None) -> None:
    assert iso_date(text) == moment


def test_mail_date_keeps_its_zone() -> None:
    assert mail_date("Wed, 04 May 2022 17:24:26 +0000") == datetime(
        2022, 5, 4, 17, 24, 26, tzinfo=UTC
    )


@pytest.mark.parametrize("text", ["", "soon", "05/06/2024", "tomorrow", "9" * 5000])
def test_what_is_ambiguous_or_no_date_is_not_guessed(text: str) -> None:
    assert any_date(text) is None
