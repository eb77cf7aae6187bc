import pytest

from corpus.sentences import sentence_spans


def sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in sentence_spans(text)]


@pytest.mark.parametrize(
    "sentence",
    [
        "Air Force Maj. Emily Pollard spoke.",
        "It began Sept. 22, 2021, in Norfolk.",
        "FORT STORY, Va. - The team arrived.",
        "Write to 8725 John J. Kingman Rd., Fort Belvoir, Va. 22060-6221 before noon.",
        "Lt. Gen. Darryl Roberson thanked them.",
        "Soldiers of Co. B, 1st Battalion, trained.",
        "Soldiers of Co. A, 2nd Bn. Headquarters, slept.",
        "Sen. Jack Reed, D-R.I., voted no.",
        "The U.S. Army and the U.S. Department of State agreed.",
        "Prices rose 3.5 percent by 5 p.m. Friday.",
        "He works for Acme Inc. in Ohio, e.g. on Mondays.",
        "She won No. 5 and lost Nos. 6 and 7.",
        "Mr. John F. Kennedy Jr. spoke to Dr. Poe of St. Louis.",
        "“Will it hold?” Ms. Poe asked.",
        "He waited … and waited ... and left.",
        "It cost approx. $4 million (see Fig. 2).",
        "GEN. MARK A. WELSH III SPOKE.",
        "The former Tech. Sgt. Jo Poe served.",
        "It was Poe vs. Ms. Lee, i.e. Mr. Lee lost.",
    ],
)
def test_sentence_is_not_cut_at_an_abbreviation(sentence: str) -> None:
    assert sentences(f"Before it. {sentence} After it.") == ["Before it.", sentence, "After it."]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "He came to the U.S. The visit was short.",
            ["He came to the U.S.", "The visit was short."],
        ),
        (
            "She works in Washington, D.C. Ms. Poe was born there.",
            ["She works in Washington, D.C.", "Ms. Poe was born there."],
        ),
        ("It opens at 9 a.m. Bring food.", ["It opens at 9 a.m. Bring food."]),
        ("It opens at 9 a.m. The gate is red.", ["It opens at 9 a.m.", "The gate is red."]),
        ("“It works.” He left.", ["“It works.”", "He left."]),
        ("She said “no.” “Why?” he asked.", ["She said “no.”", "“Why?” he asked."]),
        ("Is it over? Yes! Go home.", ["Is it over?", "Yes!", "Go home."]),
        ("It ended in 2017. 35 people left.", ["It ended in 2017.", "35 people left."]),
        ("The answer is No. He lost.", ["The answer is No.", "He lost."]),
        ("The end.The next one.", ["The end.", "The next one."]),
        ("As noted.[12] Then he left.", ["As noted.[12]", "Then he left."]),
        ("そうです。はい。", ["そうです。", "はい。"]),
    ],
)
def test_sentence_ends_where_a_reader_would_end_it(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


def test_blank_line_ends_a_sentence() -> None:
    assert sentences("A heading\n\nThe first words\n \n Next") == [
        "A heading",
        "The first words",
        "Next",
    ]


def test_every_list_line_is_a_sentence_of_its_own() -> None:
    text = (
        "They brought:\n• bread and a very long loaf of cheese that nobody could ever lift\n• milk"
    )
    assert len(sentences(text)) == 3


def test_every_table_row_is_a_sentence_of_its_own() -> None:
    row = "Norfolk | four hundred and twenty thousand people | nineteen square miles of water"
    assert sentences(f"{row}\n{row}") == [row, row]


def test_lines_wrapped_to_fit_a_page_are_joined() -> None:
    text = (
        "The ferry crew pulled two people and a dog from the water here\n"
        "early on Saturday, and nobody was hurt. The dog swam best."
    )
    assert len(sentences(text)) == 2


def test_text_without_words_has_no_sentences() -> None:
    assert sentence_spans(" \n\t ") == []
