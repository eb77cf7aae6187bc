"""Sentences that splitters get wrong, and texts that take them minutes."""

HARD = [
    ["Air Force Maj. Emily Pollard spoke in Lyon.", "She left."],
    ["It began Sept. 22, 2021, in Norfolk.", "It ended in June."],
    ["FORT STORY, Va. - The team arrived on Monday.", "It rained."],
    ["Write to 8725 John J. Kingman Rd., Fort Belvoir, Va. 22060-6221 before noon.", "Be brief."],
    ["Lt. Gen. Darryl Roberson thanked them.", "They sat down."],
    ["Soldiers of Co. B, 1st Battalion, trained.", "They slept."],
    ["Sen. Jack Reed, D-R.I., voted no.", "He explained why."],
    ["“We have worked together since 2017,” said Mr. David Musgrave, director.", "He went on."],
    [
        "He continued, “these response units are the best in the world” added Mr. Poe.",
        "All agreed.",
    ],
    ["The U.S. Army and the U.S. Department of State agreed.", "So did he."],
    ["He came to the U.S.", "The visit was short."],
    ["“Will it hold?” Ms. Poe asked.", "It did."],
    ["“It works.”", "He left.", "“Why?” she asked."],
    ["He waited … and waited ... and left.", "Nobody came."],
    ["She is a native of Washington, D.C.", "She joined in 1998."],
    ["MARIETTA, Ga. (AFNS) -- Retired Col. Jo Poe spoke.", "He was 89."],
    ["It cost approx. $4 million (see Fig. 2).", "That was too much."],
    ["She won No. 5 and lost Nos. 6 and 7.", "The answer is No.", "He lost."],
    ["Prices rose 3.5 percent by 5 p.m. Friday.", "It opens at 9 a.m.", "The gate is red."],
    ["The battalion left in 2017.", "35 people stayed."],
]
"""Each case's sentences, joined by a space."""

KILLERS = {
    '"..[111 111 …]"': "..[" + "111 " * 400 + "]",
    "full stops": ".",
    "quotation marks": "“",
    '"A.B.C."': "A.B.C.",
    "brackets": "([",
    "white space": " \n",
    "one word": "a",
}
"""Pieces that are repeated."""
