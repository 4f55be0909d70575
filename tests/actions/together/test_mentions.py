"""Whom words mention: names as people type them, and nobody by guess."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.actions.together.mentions import Mention, Reader, find_mentions, handles

HOME, AWAY = UUID(int=100), UUID(int=200)
PLACES = {HOME: "Carnmere", AWAY: "Brookvale"}


def reader(number: int, name: str, where: UUID = HOME, role: str = "lead") -> Reader:
    return Reader(UUID(int=number), name, where, PLACES[where], role, f"{number}@demo.invalid")


ANN = reader(1, "Ann Example")
ANNE = reader(2, "Ann Example-Smith")
ZOE = reader(3, "Zoë O’Brien")
BEN = reader(4, "Ben Okafor", AWAY)
SAM = reader(5, "Sam Jones")
OTHER_SAM = reader(6, "Sam Jones", AWAY)
DPO_SAM = reader(7, "Sam Jones", HOME, "dpo")
SHARED = (reader(8, "Dee Shared", HOME, "dpo"), reader(8, "Dee Shared", AWAY, "dpo"))
HART = reader(9, "'t Hart")
PEOPLE = (ANN, ANNE, ZOE, BEN, *SHARED, HART)


def named(words: str, *people: Reader, ours: bool = False) -> list[tuple[int, str]]:
    """Whom words mention, each with the words that do it. Fails when a name mentions nobody."""
    found = find_mentions(words, people, lambda one: not ours or one.organisation_id == HOME)
    assert found.faults == ()
    return [
        (each.person_id.int, words[each.start : each.start + each.length])
        for each in found.mentions
    ]


def faults(words: str, *people: Reader, ours: bool = False) -> tuple[str, ...]:
    found = find_mentions(words, people, lambda one: not ours or one.organisation_id == HOME)
    assert found.mentions == ()
    return found.faults


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("@Ann Example", [(1, "@Ann Example")]),
        ("Is it, @ann  example? Yes.", [(1, "@ann  example")]),
        ("(@ANN EXAMPLE's view)", [(1, "@ANN EXAMPLE")]),
        ("@Ann Example-Smith, and @Ann Example.", [(2, "@Ann Example-Smith"), (1, "@Ann Example")]),
        ("@Zoe O'Brien", [(3, "@Zoe O'Brien")]),
        ("@Zoë O’Brien", [(3, "@Zoë O’Brien")]),
        ("@Zoe\u0308 O’Brien.", [(3, "@Zoe\u0308 O’Brien")]),
        ("@Zo\u00eb\u00a0O’Brien", [(3, "@Zo\u00eb\u00a0O’Brien")]),
        ("@Ann Example\n@Ben Okafor", [(1, "@Ann Example"), (4, "@Ben Okafor")]),
        ("@Ben Okafor (Brookvale)", [(4, "@Ben Okafor (Brookvale)")]),
        ("@Dee Shared", [(8, "@Dee Shared")]),
        ("@’t Hart", [(9, "@’t Hart")]),
        ("Write to ann@example.org, or meet @ 5pm, @5 and @.", []),
        ("", []),
    ],
)
def test_a_name_is_found_as_people_type_it(words: str, said: list[tuple[int, str]]) -> None:
    assert named(words, *PEOPLE) == said


def test_a_name_that_is_nobodys_says_so_and_offers_those_near() -> None:
    (fault,) = faults("@Ann, is it?", *PEOPLE)
    assert fault.startswith("“@Ann” names nobody who will read this. Write @Ann Example or @Ann Ex")
    assert "leave a space after the @" in fault
    (fault,) = faults("Ask @Examples and again @Examples", *PEOPLE)
    assert "Choose a name from the list" in fault


def test_whoever_does_not_read_it_is_not_mentioned() -> None:
    (fault,) = faults("@Ben Okafor, our counsel says no", *PEOPLE, ours=True)
    assert fault == "“@Ben Okafor” will not read this: only those who read it can be mentioned"
    assert named("@Dee Shared", *PEOPLE, ours=True) == [(8, "@Dee Shared")]
    assert "Ben" not in "".join(faults("@Be", *PEOPLE, ours=True))


def test_two_people_of_one_name_are_told_apart_by_organisation_and_role() -> None:
    assert handles((SAM, OTHER_SAM, ANN)) == {
        SAM.id: "Sam Jones (Carnmere)",
        OTHER_SAM.id: "Sam Jones (Brookvale)",
        ANN.id: "Ann Example",
    }
    (fault,) = faults("@Sam Jones?", SAM, OTHER_SAM)
    assert fault == (
        "“@Sam Jones” is the name of more than one person."
        " Write @Sam Jones (Carnmere) or @Sam Jones (Brookvale)."
    )
    assert named("@sam jones (brookvale)?", SAM, OTHER_SAM)[0][0] == OTHER_SAM.id.int
    assert named("@Sam Jones?", SAM, OTHER_SAM, ours=True)[0][0] == SAM.id.int
    three = (SAM, OTHER_SAM, DPO_SAM)
    assert handles(three)[DPO_SAM.id] == "Sam Jones (Carnmere, data protection officer)"
    assert named(f"@{handles(three)[DPO_SAM.id]}", *three)[0][0] == DPO_SAM.id.int


@pytest.mark.parametrize("name", ["\u0301", "\u0301\u0308", " "])
def test_a_name_without_a_letter_keeps_nobody_from_mentioning_others(name: str) -> None:
    nameless = reader(10, name)
    assert handles([nameless, ANN])[ANN.id] == "Ann Example"
    assert named("@Ann Example", nameless, ANN) == [(1, "@Ann Example")]
    assert faults("@Nobody", nameless, ANN)


def test_who_cannot_be_told_apart_is_not_offered_and_never_guessed() -> None:
    twin = reader(10, "Sam Jones")
    assert handles((SAM, twin)) == {}
    assert "more than one person" in faults("@Sam Jones (Carnmere, project lead)", SAM, twin)[0]


def test_whoever_has_no_name_cannot_be_mentioned() -> None:
    blank = (reader(11, " "), reader(12, "\u0301"))
    assert handles((*blank, ANN)) == {ANN.id: "Ann Example"}


LETTERS = st.characters(max_codepoint=0x36F, categories=("Lu", "Ll", "Mn", "Zs"))
"""Those of names written in Latin letters, with every accent, composed or not."""


@given(
    names=st.lists(
        st.text(LETTERS, min_size=1, max_size=12),
        min_size=1,
        max_size=5,
    ),
    before=st.text(max_size=12),
)
def test_whatever_people_are_called_a_mention_stands_where_it_says(
    names: list[str], before: str
) -> None:
    people = [reader(n, name, (HOME, AWAY)[n % 2]) for n, name in enumerate(names, 1)]
    ways = handles(people)
    for one in people:
        way = ways.get(one.id)
        if way is None or not way[0].isalpha() or "@" in before:
            continue
        words = f"{before} @{way}!"
        found = find_mentions(words, people, lambda _: True)
        assert [each.person_id for each in found.mentions] == [one.id]
        (mention,) = found.mentions
        assert words[mention.start] == "@"
        assert mention == Mention(one.id, len(before) + 1, len(f"@{way}".rstrip()))
