"""What a source cites of the law, and where it stands."""

import pytest

from app.core.citations import Cited, cite
from tests.shipped import shipped_catalogue

SITE = "https://law.example"
LAWS = {
    "UK GDPR": f"{SITE}/eur/2016/679",
    "DPA 2018": f"{SITE}/ukpga/2018/12",
    "Digital Economy Act 2017": f"{SITE}/ukpga/2017/30",
    "Human Rights Act 1998": f"{SITE}/ukpga/1998/42",
    "SI 2012/1483": f"{SITE}/uksi/2012/1483",
    "Crime Act": f"{SITE}/ukpga/1/1",
    "Crime Act 2": f"{SITE}/ukpga/2/2",
    "The code": "https://code.example/of/practice",
}
ART, ACT, DEA = "eur/2016/679/article", "ukpga/2018/12", "ukpga/2017/30"


@pytest.mark.parametrize(
    ("source", "links"),
    [
        ("UK GDPR Art 25(2), 32(4)", {"UK GDPR Art 25(2)": f"{ART}/25", "32(4)": f"{ART}/32"}),
        ("UK GDPR Art 6(1)(c), (d) and (e)", {"UK GDPR Art 6(1)(c), (d) and (e)": f"{ART}/6"}),
        ("UK GDPR Art 22A to 22D", {"UK GDPR Art 22A": f"{ART}/22A", "22D": f"{ART}/22D"}),
        ("UK GDPR Art 5(1)(b), Art 8A", {"UK GDPR Art 5(1)(b)": f"{ART}/5", "Art 8A": f"{ART}/8A"}),
        ("UK GDPR Ch V; guidance", {"UK GDPR Ch V": "eur/2016/679/chapter/V"}),
        ("UK GDPR Recital 38", {"UK GDPR Recital 38": "eur/2016/679/introduction"}),
        ("UK GDPR Annex 1, in force 5 May", {"UK GDPR Annex 1": "eur/2016/679/annex/1"}),
        ("A list under UK GDPR Art 35(4), number 9", {"UK GDPR Art 35(4)": f"{ART}/35"}),
        ("UK GDPR Art 5, 10 years", {"UK GDPR Art 5": f"{ART}/5"}),
        ("UK GDPR", {"UK GDPR": "eur/2016/679"}),
        ("DPA 2018 s.164A", {"DPA 2018 s.164A": f"{ACT}/section/164A"}),
        (
            "DPA 2018 s.30, 31 and Sch 7",
            {
                "DPA 2018 s.30": f"{ACT}/section/30",
                "31": f"{ACT}/section/31",
                "Sch 7": f"{ACT}/schedule/7",
            },
        ),
        ("DPA 2018 Sch 1 Part 4", {"DPA 2018 Sch 1 Part 4": f"{ACT}/schedule/1/part/4"}),
        (
            "DPA 2018 Sch 1 para 10 and 18A",
            {
                "DPA 2018 Sch 1 para 10": f"{ACT}/schedule/1/paragraph/10",
                "18A": f"{ACT}/schedule/1/paragraph/18A",
            },
        ),
        (
            "Digital Economy Act 2017 Part 5; UK GDPR Art 5",
            {"Digital Economy Act 2017 Part 5": f"{DEA}/part/5", "UK GDPR Art 5": f"{ART}/5"},
        ),
        (
            "Human Rights Act 1998 Sch 1 Art 8",
            {"Human Rights Act 1998 Sch 1": "ukpga/1998/42/schedule/1"},
        ),
        ("SI 2012/1483 reg 5", {"SI 2012/1483 reg 5": "uksi/2012/1483/regulation/5"}),
        ("SI 2012/14831 reg 5", {}),
        ("Crime Act 2 s.1", {"Crime Act 2 s.1": "ukpga/2/2/section/1"}),
        ("The regulator's guidance", {}),
        ("", {}),
    ],
)
def test_what_a_source_cites_is_found_where_it_stands(source: str, links: dict[str, str]) -> None:
    found = cite(source, LAWS)
    assert "".join(piece.text for piece in found) == source
    assert {piece.text: piece.at for piece in found if piece.at} == {
        text: f"{SITE}/{at}" for text, at in links.items()
    }


def test_what_has_no_provisions_that_are_known_leads_to_the_whole() -> None:
    assert cite("The code s.5", LAWS) == (
        Cited("The code", "https://code.example/of/practice"),
        Cited(" s.5"),
    )


def test_without_any_legislation_a_source_is_its_words() -> None:
    assert cite("UK GDPR Art 5", {}) == (Cited("UK GDPR Art 5"),)


def test_every_source_of_the_shipped_definitions_that_names_an_article_or_section_leads_to_it() -> (
    None
):
    catalogue = shipped_catalogue()
    program = catalogue.program
    sources = {flag.rule.source for flag in program.flags}
    for question in program.questions.values():
        sources |= {question.source, *(column.source for column in question.columns)}
    for offer in program.offers.values():
        sources |= {entry.source for entry in offer.rule.entries}
    unknown = {
        source
        for source in sources - {None}
        if source and (" Art " in source or " s." in source)
        if not any(piece.at for piece in cite(source, catalogue.legislation))
    }
    assert unknown == set()
