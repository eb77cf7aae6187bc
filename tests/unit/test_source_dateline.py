import pytest

from corpus.sources.dateline import dateline_of


@pytest.mark.parametrize(
    ("body", "dateline"),
    [
        ("LYON, France—Members of the crew", "LYON, France"),
        ("FORT STORY, Va. - The team", "FORT STORY, Va."),
        ("LUXEMBOURG (AFNS) -- More than 300", "LUXEMBOURG (AFNS)"),
        ("HARBOR CITY, Maine (AFNS) --\n\nA ferry", "HARBOR CITY, Maine (AFNS)"),
        ("JS-1262\n\nWASHINGTON, D.C. – The Treasury", "WASHINGTON, D.C."),
        ("FORT STORY, Va., July 10, 2013, By Sgt. Jo Poe - The team", "FORT STORY, Va."),
        ("FORT STORY, Va., July 10-12 — The team", "FORT STORY, Va."),
        ("FORT STORY, Va. -The team", "FORT STORY, Va."),
        ("BERN/OSLO – The ministers", "BERN/OSLO"),
        ("JOINT BASE ELM - OAK, Texas (AFNS) -- The crew", "JOINT BASE ELM - OAK, Texas (AFNS)"),
        ("Washington – Today, the Treasury", "Washington"),
        ("Washington, D.C.-- The Treasury", "Washington, D.C."),
        ("Elm Hill, Ohio, May 25, 2015, By Sgt. Jo Poe – Thousands", "Elm Hill, Ohio"),
        ("WASHINGTON The administrator of a board", "WASHINGTON"),
        ("NEW YORKThree more fishermen", "NEW YORK"),
        ("DALLAS A federal court", "DALLAS"),
        ("WASHINGTON STATE has elms", None),
        ("However, Poe – who left – came back", None),
        ("TREASURY Secretary Poe spoke", None),
        ("Today, we – all of us – met", None),
        ("TG – 425 is the number", None),
        ("A – B", None),
        ("WASHINGTON-based ferries", None),
        ("The ferry came. " * 10 + "LYON – It left", None),
        ("", None),
    ],
)
def test_dateline_is_the_place_in_capitals_before_the_dash(body: str, dateline: str | None) -> None:
    assert dateline_of(body) == dateline
