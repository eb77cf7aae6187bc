"""Answers compared: the same value in other words, values that may agree, and others."""

import pytest

from qa.understanding.answer_types import AnswerType
from qa.values.same import compatible, same_value, same_words

Pair = tuple[str, str]

SAME: dict[AnswerType, list[Pair]] = {
    "number": [
        ("14", "14 people"),
        ("14", "fourteen"),
        ("Nine", "9"),
        ("twenty-five", "25"),
        ("about 800", "800"),
        ("some 23,000 vehicles", "23,000 vehicles"),
        ("more than 110,000", "110,000"),
        ("nearly 910,000", "910,000"),
        ("up to 60", "60"),
        ("two hundred and fifty thousand", "250,000"),
        ("1.5 million", "1,500,000"),
        ("half a million", "500,000"),
        ("a dozen", "12"),
        ("two dozen", "24"),
        ("58%", "58 percent"),
        ("58 per cent", "58 percent"),
        ("3.50 percent", "3.5%"),
        ("half", "50 percent"),
        ("the 17th", "seventeenth"),
        ("twenty-first", "21st"),
        ("5 feet", "five feet"),
        ("60 miles per hour", "60 miles an hour"),
        ("no casualties", "0 casualties"),
        ("one hundred and five", "105"),
        ("17 residents", "17 people"),
        ("The 12", "12."),
    ],
    "money": [
        ("$1.2 billion", "$1,200 million"),
        ("$1.2 billion", "$1.2B"),
        ("$1.2 billion", "1.2 billion dollars"),
        ("$5m", "$5 million"),
        ("$37 million", "$37,000,000"),
        ("€30 million", "30 million euros"),
        ("up to $5 million", "$5 million"),
        ("nearly $620 million", "$620 million"),
        ("50 cents", "$0.50"),
        ("$1.5-billion", "$1.5 billion"),
        ("USD 400", "$400"),
    ],
    "duration": [
        ("two weeks", "14 days"),
        ("24-month", "two years"),
        ("six months", "six-month"),
        ("two and a half years", "30 months"),
        ("1 year and 6 months", "18 months"),
        ("36 hours", "almost 36 hours"),
        ("a decade", "ten years"),
    ],
    "date": [
        ("Sept. 22, 2021", "22 September 2021"),
        ("September 22, 2021", "2021-09-22"),
        ("Wednesday, Sept. 22, 2021", "September 22, 2021"),
        ("in May 2022", "May 2022"),
        ("since 2017", "2017"),
        ("Oct. 28-31, 2019", "2019-10-28/2019-10-31"),
        ("June 3 to July 4, 2021", "June 3, 2021 to July 4, 2021"),
        ("fiscal year 2022", "FY2022"),
        ("the 12th of June", "June 12"),
        ("July – September 2021", "the third quarter of 2021"),
        ("the 1990s", "1990s"),
        ("between May and July 2020", "May-July 2020"),
    ],
    "person": [
        ("Dr. Robert Pope", "Robert Pope"),
        ("Gen. Mark Milley", "Mark A. Milley"),
        ("Secretary Antony J. Blinken", "Antony Blinken"),
        ("Maj. Gen. Ada Quinn", "Ada Quinn"),
        ("Ada Quinn, the mayor", "Mayor Ada Quinn"),
        ("Martin Luther King Jr.", "Martin Luther King"),
        ("Mr. David Musgrave", "David Musgrave"),
        ("Ludwig van Beethoven", "Ludwig Beethoven"),
        ("Master Sgt. Bo Lind", "Bo Lind"),
    ],
    "organisation": [
        ("DTRA", "Defense Threat Reduction Agency"),
        ("the Defense Threat Reduction Agency", "DTRA"),
        ("Department of Defense", "the Defense Department"),
        ("U.S. Navy", "Navy"),
        ("Acme Inc.", "Acme"),
        ("U.S. Department of State", "Department of State"),
        ("USAID", "U.S. Agency for International Development"),
    ],
    "place": [
        ("Arlington, Va.", "Arlington, Virginia"),
        ("Fort Bragg, N.C.", "Fort Bragg, North Carolina"),
        ("Ft. Bragg", "Fort Bragg"),
        ("in Panama City", "Panama City"),
        ("the U.K.", "the United Kingdom"),
        ("Washington, D.C.", "Washington, DC"),
    ],
    "description": [("The “Mayor’s” office", 'mayor\'s "office"')],
}

COMPATIBLE: dict[AnswerType, list[Pair]] = {
    "number": [
        ("11,500", "an additional 11,500"),
        ("another 500 pilgrims", "200 pilgrims"),
        ("more than 800", "812"),
        ("about 800", "780"),
        ("2,600", "2,614"),
        ("dozens", "40"),
        ("hundreds of people", "350 people"),
        ("two or three", "3"),
        ("between 5 and 7", "6"),
        ("14 helicopters", "17 ships"),
        ("58%", "640 voters"),
        ("the 17th", "16"),
        ("300 a day", "2,000 a week"),
        ("5 miles", "8 kilometers"),
        ("a third", "30 percent"),
        ("up to 60", "45"),
        ("many", "300"),
        ("from 14 to 17", "17"),
        ("15 of 80", "20"),
        ("at least 40", "55"),
        ("10,000 or more", "12,500"),
    ],
    "money": [
        ("74,840", "$74,840 million"),
        ("$1.2 billion", "$1.23 billion"),
        ("$5 million", "€4 million"),
        ("more than $1.1 million", "$1.2 million"),
        ("$5 million a year", "$50 million"),
        ("up to $5 million", "$4.7 million"),
        ("an additional $64.5 million", "$100 million"),
        ("$3 to $4 million", "$3.5 million"),
    ],
    "duration": [
        ("two months", "60 days"),
        ("about six weeks", "40 days"),
        ("since 2017", "four years"),
        ("6 to 8 weeks", "seven weeks"),
    ],
    "date": [
        ("Sept. 22", "22 September 2021"),
        ("2021", "June 2021"),
        ("June 2021", "June 9, 2021"),
        ("Tuesday", "June 9, 2021"),
        ("last week", "Nov. 3"),
        ("Oct. 28-31", "Oct. 30"),
        ("before 2019", "2017"),
        ("after May 2020", "2021"),
        ("the 1990s", "1994"),
        ("fiscal 2022", "November 2021"),
        ("2013 and 2017", "2021"),
    ],
    "person": [
        ("Gen. Mark Milley", "Milley"),
        ("the commander", "Ada Quinn"),
        ("Bob Pope", "Dr. Robert Pope"),
        ("David Musgrave", "David Musgraves"),
        ("Ada Quinn and Bo Lind", "Lee Park"),
        ("a spokesman", "Lee Park"),
        ("J. Park", "Lee Park"),
    ],
    "organisation": [
        ("Army", "Army Corps of Engineers"),
        ("the agency", "DTRA"),
        ("Navy and Air Force", "Coast Guard"),
    ],
    "place": [
        ("Kuwait", "Camp Arifjan, Kuwait"),
        ("Washington", "Washington, D.C."),
        ("there", "Panama"),
        ("Ukraine and Poland", "Romania"),
    ],
    "reason": [("rain", "snow")],
    "description": [("a bridge", "a tunnel")],
    "quote": [("“Go.”", "“Stay.”")],
}

DIFFERENT: dict[AnswerType, list[Pair]] = {
    "number": [
        ("14 people", "17"),
        ("Nine", "four"),
        ("Some 23,000 vehicles", "19,500 vehicles"),
        ("1.5 million", "15 million"),
        ("10", "12"),
        ("54 percent", "57 percent"),
        ("more than 800", "2,000"),
        ("the 17th", "18th"),
        ("no casualties", "three casualties"),
        ("between 5 and 7", "12"),
        ("4,120 cars", "3,870 cars"),
        ("half", "30 percent"),
        ("300 miles", "700 kilometers"),
    ],
    "money": [
        ("$821 billion", "$673 billion"),
        ("$74,840 million", "$74,862 million"),
        ("about $1.8 million", "$2.6 million"),
        ("$5 million", "$50 million"),
        ("$12", "$12 million"),
    ],
    "duration": [("six weeks", "ten weeks"), ("a year", "two years"), ("36 hours", "three days")],
    "date": [
        ("2021", "2019"),
        ("June 3, 2024", "June 17, 2024"),
        ("June 3", "June 17, 2024"),
        ("May 2022", "June 2022"),
        ("March", "April 2"),
        ("before 2019", "2021"),
        ("Oct. 28-31", "Nov. 3, 2019"),
    ],
    "person": [
        ("Ada Quinn", "Bo Lind"),
        ("John Smith", "Jane Smith"),
        ("Robert Pope", "Robert Gates"),
        ("Sen. Lee Park", "Gov. Ada Quinn"),
    ],
    "organisation": [
        ("U.S. Army", "U.S. Navy"),
        ("Department of State", "Department of Defense"),
        ("DTRA", "Federal Bureau of Investigation"),
    ],
    "place": [("Panama", "Kuwait"), ("Arlington, Va.", "Fairfax, Va."), ("Dunmore", "Port Lisle")],
}


def listed(pairs: dict[AnswerType, list[Pair]]) -> list[tuple[AnswerType, str, str]]:
    return [(kind, one, other) for kind, both in pairs.items() for one, other in both]


def test_there_are_enough_pairs_to_tell() -> None:
    assert sum(len(listed(pairs)) for pairs in (SAME, COMPATIBLE, DIFFERENT)) >= 120


@pytest.mark.parametrize(("answer_type", "one", "other"), listed(SAME))
def test_the_same_value_in_other_words_is_the_same(
    answer_type: AnswerType, one: str, other: str
) -> None:
    assert same_value(one, other, answer_type)
    assert compatible(one, other, answer_type)


@pytest.mark.parametrize(("answer_type", "one", "other"), listed(COMPATIBLE))
def test_what_may_agree_is_neither_the_same_nor_a_contradiction(
    answer_type: AnswerType, one: str, other: str
) -> None:
    assert not same_value(one, other, answer_type)
    assert compatible(one, other, answer_type)


@pytest.mark.parametrize(("answer_type", "one", "other"), listed(DIFFERENT))
def test_values_that_cannot_both_be_right_are_told_apart(
    answer_type: AnswerType, one: str, other: str
) -> None:
    assert not same_value(one, other, answer_type)
    assert not compatible(one, other, answer_type)


def test_typography_case_and_articles_make_no_difference() -> None:
    assert same_words("The “Mayor’s” office") == same_words('mayor\'s "office"')


@pytest.mark.parametrize("answer_type", ["number", "date", "person", "organisation", "place"])
def test_a_megabyte_of_words_is_compared_at_once(answer_type: AnswerType) -> None:
    for piece in ("1,", "one ", "Jan ", "A.", "a-", "2021-", "$", "Ab "):
        assert compatible(piece * 250_000, "Ada Quinn", answer_type)
