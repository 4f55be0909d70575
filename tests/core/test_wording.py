"""Numbers, lists and sentences as people say them."""

import pytest

from app.core.wording import inside, lower, sentences


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        (["Who takes them?", "Staff, Others", "On Concept review"], "Who takes them? Staff, Others. On Concept review"),
        (["It is so.", "It was."], "It is so. It was"),
        (["Stop!", "Go"], "Stop! Go"),
        (["Alone"], "Alone"),
        (["", "Alone"], "Alone"),
        ([], ""),
    ],
)  # fmt: skip
def test_each_sentence_ends_with_one_sign(parts: list[str], said: str) -> None:
    assert sentences(parts) == said


@pytest.mark.parametrize(
    ("title", "said"),
    [
        ("Information governance lead", "information governance lead"),
        ("Caldicott Guardian", "Caldicott Guardian"),
        ("DPO of Carnmere", "DPO of Carnmere"),
        ("", ""),
    ],
)
def test_names_and_abbreviations_keep_their_capitals_inside_a_sentence(
    title: str, said: str
) -> None:
    assert lower(title) == said


@pytest.mark.parametrize(
    ("name", "said"),
    [("The signatory", "the signatory"), ("Thea Signatory", "Thea Signatory")],
)
def test_only_a_post_in_place_of_a_name_loses_its_capital(name: str, said: str) -> None:
    assert inside(name) == said
