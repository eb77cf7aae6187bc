"""What kinds of answers there are, and the nouns that ask for one: "which senator", "budget of"."""

from typing import Literal

AnswerType = Literal[
    "person",
    "organisation",
    "place",
    "date",
    "duration",
    "number",
    "money",
    "reason",
    "definition",
    "quote",
    "description",
]

_NOUNS: dict[AnswerType, str] = {
    "person": """
        actor actress admiral advisor adviser aide airman ally ambassador american analyst artist
        astronaut athlete attorney author aunt bishop boss boy boyfriend brother candidate captain
        ceo chair chairman chairperson chairwoman champion chancellor chaplain chef chief child
        children citizen coach colonel commander commissioner composer congressman congresswoman
        coordinator correspondent corporal counsel counselor cousin daughter defendant delegate
        deputy designer detective detainee diplomat director doctor donor driver economist editor
        employee engineer envoy executive expert father figure firefighter fugitive founder friend
        general girl girlfriend governor graduate gunman guest guy head hero host husband
        individual inspector instructor inventor investigator journalist judge justice king
        lawmaker lawyer leader lieutenant major man marine mayor medic member men midshipman
        minister mother musician nephew negotiator niece nominee nurse officer official operator
        owner parent partner passenger pastor patient people performer person
        petitioner photographer physicist pilot player poet politician pope
        premier president priest prince princess principal prisoner professor prosecutor queen
        rapper recipient recruit reporter representative researcher rescuer resident runner sailor
        scholar scientist secretary senator sergeant sheriff singer sister skipper soldier son
        speaker spokesman spokesperson spokeswoman spouse student successor superintendent
        supervisor survivor suspect swimmer teacher teammate trainer treasurer trooper veteran
        victim volunteer widow wife winner witness woman women worker writer predecessor
    """,
    "organisation": """
        administration agency airline airlines alliance army association authority bank battalion
        board brigade broadcaster brand bureau business carrier cartel charity club
        coalition college command commission committee company consortium contractor corporation
        corps council court customer department developer directorate division employer enterprise
        federation firm fleet force foundation gang government group institute
        institution insurer lab laboratory league lender maker manufacturer militia ministry
        network newspaper ngo nonprofit office organisation organization outlet parliament party
        partnership platoon provider publisher regiment regulator retailer school service squad
        squadron startup supplier tank tribunal union unit university vendor wing
    """,
    "place": """
        airbase airport area arena avenue base beach bridge building camp
        capital church city coast continent county country crossing destination direction district
        facility field garrison harbor headquarters hometown hospital hotel installation island
        lake land location mountain museum neighborhood ocean park place port prefecture prison
        province range region restaurant river road room sea shore site spot square stadium state
        station street territory theater town venue village whereabouts zone birthplace homeland
    """,
    "date": """
        birthday century date day deadline decade evening hour month morning season time timestamp
        week weekday weekend year
    """,
    "duration": "duration timeframe period",
    "number": """
        age altitude anniversary attendance average capacity casualty
        count depth distance edition figure fraction frequency headcount height majority margin
        number percent percentage population portion proportion quantity quota rank rate ratio
        score share size speed temperature toll total turnout version volume weight
        width wingspan casualties
    """,
    "money": """
        aid amount asset borrowing budget compensation contribution cost
        debt deficit dollar donation earning expenditure expense fee fine fund funding grant gdp
        income investment loan loss money payment payout penalty price profit proceed
        revenue reward salary saving sale spending subsidy sum surplus
        turnover value wage worth
    """,
    "reason": "cause explanation motive rationale reason",
    "quote": "quote quotation comment remark word",
    "definition": "abbreviation acronym definition expansion meaning",
}

TYPE_OF: dict[str, AnswerType] = {
    noun: answer_type for answer_type, nouns in _NOUNS.items() for noun in nouns.split()
}
_ENDINGS: dict[str, AnswerType] = {
    "ist": "person",
    "sman": "person",
    "swoman": "person",
    "person": "person",
    "ician": "person",
    "ographer": "person",
    "maker": "organisation",
    "field": "place",
}


def type_of_noun(word: str) -> AnswerType | None:
    """Return the type of answer that a noun, in either number, asks for; None for most words."""
    word = word.casefold()
    singular = word.removesuffix("s") if not word.endswith("ss") else word
    forms = [word, singular, word.removesuffix("es")]
    if word.endswith("ies"):
        forms.append(f"{word[:-3]}y")
    for form in forms:
        if form in TYPE_OF:
            return TYPE_OF[form]
    return next((kind for ending, kind in _ENDINGS.items() if singular.endswith(ending)), None)
