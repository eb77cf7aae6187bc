"""Abbreviations of military and AP style, by how they behave before a name."""

TITLES = frozenset(
    """
    Mr Mrs Ms Messrs Mmes Mx Dr Drs Prof Rev Hon Amb Sen Sens Rep Reps Gov Govs Pres Atty Asst
    Gen Gens Maj Col Capt Cpt Cmdr Comdr Cdr Lt Sgt Cpl Spc Pfc Pvt Adm Ens Brig Supt Det Insp Cmsgt
    Msgt Tsgt Ssgt Sfc Csm Fr Mt Messrs Mlle Mme Sra Srta
    """.split()
)
"""Words that stand before a name: the sentence always goes on."""

ABBREVIATIONS = frozenset(
    """
    Jan Feb Mar Apr Jun Jul Aug Sep Sept Oct Nov Dec Mon Tue Tues Wed Thu Thur Thurs Fri Sat
    Ala Ariz Ark Calif Colo Conn Del Fla Ga Ill Ind Kan Ky La Md Mass Mich Minn Miss Mo Mont Neb Nev
    Okla Ore Pa Tenn Tex Vt Va Wash Wis Wyo
    Co Corp Inc Ltd Bros Cos Assn Dept Univ Intl Natl Govt Bldg Div Bn Bde Regt Sqdn Gp Hq
    Ave Blvd Rd St Ste Dr Ln Hwy Pkwy Sq Ft Pt Jr Sr Esq Ret Res Sgts Gens Cols
    Tech etc vs cf al ca approx est incl dept ft lb lbs oz sq tel ext viz seq resp
    """.split()
)
"""Words that may also stand at the end of a sentence: the next word decides."""

NUMBERED = frozenset(
    """
    No Nos Sec Secs Art Arts Fig Figs Vol Vols Ch Pt Pts Par Para Ex Exh Reg Regs Stat Cl App Rev
    no nos sec art fig figs vol vols p pp par para
    """.split()
)
"""Words that are abbreviations only before a number."""

STARTERS = frozenset(
    """
    A About According Additionally After Again All Along Also Although Among An And Another Any As
    At Based Because Before Both But By Currently Despite During Each Earlier Even Every Finally
    First For Four From Further Furthermore Given Had Has Have He Her Here His How However I If In
    Instead It Its Just Last Later Many Meanwhile More Moreover Most Much My Neither Next No Nobody
    None Nor Not Nothing Now Of Officials On Once One Only Or Other Others Our Over People Perhaps
    Police Prior Rather Recently Several She Similarly Since So Some Soon Still Such Than Thank That
    The Their Then There Therefore These They This Those Though Three Through Throughout Thus To
    Today Together Tonight Two Under Unfortunately Unless Unlike Until Upon Was We Were What When
    Where Whether Which While Who Why Will With Within Without Yes Yet You Your
    """.split()
)
"""Words that open a sentence more often than they stand in a name."""

COURTESY_TITLES = frozenset("Mr Mrs Ms".split())
"""Words that open a sentence after the abbreviation of a place, an hour or a company."""

SPEECH_VERBS = frozenset(
    """
    said says say asked asks added adds told tells replied explained stated continued wrote
    exclaimed shouted recalled noted remarked
    """.split()
)
