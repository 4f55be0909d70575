"""A name that is not known is told with the one that may be meant."""

from __future__ import annotations

import pytest

from app.core.faults import HINTED, LONGEST_MEANT, Faults, nearest

KNOWN = ["data.special", "data.personal", "law.routes", "subjects.children", "x"]


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("data.specail", "data.special"),
        ("data.specal", "data.special"),
        ("sepcial", "data.special"),
        ("law.route", "law.routes"),
        ("lawroutes", "law.routes"),
        ("subject.children", "subjects.children"),
    ],
)
def test_the_nearest_name_is_meant(name: str, meant: str) -> None:
    assert nearest(name, KNOWN) == f"; did you mean '{meant}'?"


@pytest.mark.parametrize("name", ["", "qqq", "zebra.crossing", "data.special" * 50])
def test_a_name_that_is_like_none_is_told_without_a_guess(name: str) -> None:
    assert nearest(name, KNOWN) == ""


def test_the_nearest_of_many_short_names_does_not_depend_on_their_order() -> None:
    known = ["at_most", "about", "any", "act", "all", "answers", "and", "add", "ask", "art"]
    for _ in known:
        known = [*known[1:], known[0]]
        assert nearest("aks", known) == "; did you mean 'ask'?"


def test_nothing_is_meant_where_nothing_is_known() -> None:
    assert nearest("data.special", []) == ""


def test_only_the_first_faults_of_a_file_guess_what_is_meant() -> None:
    faults = Faults("f.yaml")
    for _ in range(HINTED + 5):
        faults.missing((), "there is no question", "law.route", KNOWN)
    guessed = [each for each in faults.found if "did you mean" in each.message]
    assert len(guessed) == HINTED
    assert all(each.message.startswith("there is no question 'law.route'") for each in faults.found)


def test_a_name_too_long_to_be_one_is_not_compared() -> None:
    long = "a" * LONGEST_MEANT + "b"
    assert nearest(long, [long + "c"]) == ""
    assert nearest(long[1:], [long]) != ""
