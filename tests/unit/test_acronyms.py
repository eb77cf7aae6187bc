"""Abbreviations are found where a text spells them out, before or after, in linear time."""

from time import process_time

import pytest

from corpus.acronyms import acronym_key, acronyms_in


def pairs(text: str) -> list[tuple[str, str]]:
    return [(found.short, text[found.start : found.end]) for found in acronyms_in(text)]


@pytest.mark.parametrize(
    ("text", "short", "long"),
    [
        ("the World Health Organization (WHO) met", "WHO", "World Health Organization"),
        ("the Department of Defense (DoD) said", "DoD", "Department of Defense"),
        ("the U.S.-Afghan Women's Council (USAWC).", "USAWC", "U.S.-Afghan Women's Council"),
        ("the European Union (E.U.) agreed", "E.U", "European Union"),
        ("improvised explosive devices (IEDs)", "IED", "improvised explosive devices"),
        ("the Petroleum Reserve Board (the “PRB”)", "PRB", "Petroleum Reserve Board"),
        ("the Ocean Shipping Act, or OSA, passed", "OSA", "Ocean Shipping Act"),
        ("Ocean Shipping Act (OSA; see below)", "OSA", "Ocean Shipping Act"),
        ("OSA (Ocean Shipping Act) passed", "OSA", "Ocean Shipping Act"),
        ("OSA stands for Ocean Shipping Act.", "OSA", "Ocean Shipping Act"),
        ("United States Southern Command (USSOUTHCOM)", "USSOUTHCOM", None),
        ("Plan of Mass Storage Harbor Oil Control Engagement (PSHOCE)", "PSHOCE", None),
    ],
)
def test_what_is_spelt_out_is_found(text: str, short: str, long: str | None) -> None:
    assert pairs(text) == [(short, long or text.partition(" (")[0])]


def test_a_name_in_two_languages_gives_both() -> None:
    text = "the Mountain Watch Unit (Unidad de Vigilancia Montaña, UVM) climbed"
    assert pairs(text) == [
        ("UVM", "Unidad de Vigilancia Montaña"),
        ("UVM", "Mountain Watch Unit"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Ada Quinn (DTRA) spoke.",
        "(WHO) met.",
        "The flood (1998) came.",
        "Washington (WA)",
        "We Help Others. (WHO)",
        "of the Act (OTA)",
        "Ada Quinn (Army) spoke.",
    ],
)
def test_what_is_not_spelt_out_is_not(text: str) -> None:
    assert pairs(text) == []


def test_abbreviations_are_compared_by_their_letters() -> None:
    assert acronym_key("U.S.A.") == acronym_key("usa") == "usa"


@pytest.mark.parametrize(
    "text",
    ["(A" * 500_000, "(Aa, " * 200_000, "AA (" * 250_000, "Aa " * 300_000 + "(AB)"],
    ids=["open", "commas", "shorts", "words"],
)
def test_a_megabyte_of_anything_takes_seconds_at_most(text: str) -> None:
    started = process_time()
    list(acronyms_in(text))
    assert process_time() - started < 20
