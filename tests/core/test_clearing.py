"""What would clear a flag: changes that the real evaluator has shown to."""

from __future__ import annotations

from typing import Any

import pytest

from app.core.clearing import MOST_ANSWERS, Change, Tried, clearings
from tests.tiny import evaluate, flag, tiny

KIND = {"id": "a.kind", "type": "choice", "ask": "Which?", "unsure": True,
        "options": {"x": "X", "y": "Y", "z": "Z"}}  # fmt: skip
YES = {"id": "a.yes", "type": "yes_no", "ask": "So?"}
SEVERAL = {"id": "a.several", "type": "multi", "ask": "Which of these?", "exclusive": "none",
           "options": {"p": "P", "q": "Q", "none": "None"}}  # fmt: skip
NUMBER = {"id": "a.number", "type": "number", "ask": "How many?", "min": 0, "max": 100}
DAY = {"id": "a.day", "type": "date", "ask": "When?"}
ROWS = {"id": "a.rows", "type": "rows", "ask": "Which things?", "columns": [
    {"id": "name", "type": "text", "ask": "Name"},
    {"id": "kind", "type": "choice", "ask": "Kind", "options": {"x": "X", "y": "Y"}}]}  # fmt: skip
QUESTIONS: list[dict[str, Any]] = [KIND, YES, SEVERAL, NUMBER, DAY, ROWS]
X = {"===": [{"var": "a.kind"}, "x"]}


def found(when: Any, answers: dict[str, Any]) -> list[tuple[tuple[Change, ...], tuple[str, ...]]]:
    other = flag({"===": [{"var": "a.kind"}, "z"]}, "F2")
    catalogue = tiny(QUESTIONS, {"flags": [flag(when), other]})
    several = clearings(evaluate(catalogue, answers), answers, "F1").found
    return [(each.changes, each.raises) for each in several]


def tried(when: Any, answers: dict[str, Any], **bounds: Any) -> Tried:
    catalogue = tiny(QUESTIONS, {"flags": [flag(when)]})
    return clearings(evaluate(catalogue, answers), answers, "F1", **bounds)


@pytest.mark.parametrize(
    ("when", "answers", "expected"),
    [
        (X, {"a.kind": "x"}, [(("a.kind", "y"), ()), (("a.kind", "z"), ("F2",))]),
        ({"in": ["p", {"var": "a.several"}]}, {"a.several": ["p", "q"]},
         [(("a.several", ["q"]), ()), (("a.several", ["none"]), ())]),
        ({">": [{"var": "a.number"}, 50]}, {"a.number": 90},
         [(("a.number", 49), ()), (("a.number", 50), ())]),
        ({">=": [{"var": "a.day"}, "2026-05-01"]}, {"a.day": "2026-07-01"},
         [(("a.day", "2026-04-30"), ())]),
        ({"some": [{"var": "a.rows"}, {"===": [{"var": "kind"}, "x"]}]},
         {"a.rows": [{"id": 1, "name": "A", "kind": "y"}, {"id": 2, "name": "B", "kind": "x"}]},
         [(("a.rows/2/kind", "y"), ())]),
    ],
)  # fmt: skip
def test_a_single_change_that_clears_it_is_found(
    when: Any, answers: dict[str, Any], expected: list[Any]
) -> None:
    assert found(when, answers) == [((Change(*change),), raises) for change, raises in expected]


def test_two_changes_are_tried_where_one_is_not_enough() -> None:
    both = {"or": [X, {"===": [{"var": "a.yes"}, "yes"]}]}
    several = found(both, {"a.kind": "x", "a.yes": "yes"})
    assert [changes for changes, _ in several] == [
        (Change("a.kind", "y"), Change("a.yes", "no")),
        (Change("a.kind", "z"), Change("a.yes", "no")),
    ]


def test_a_flag_that_is_not_raised_needs_no_clearing() -> None:
    assert found(X, {"a.kind": "y"}) == []


def test_i_do_not_know_is_never_proposed() -> None:
    proposed = [change.answer for changes, _ in found(X, {"a.kind": "x"}) for change in changes]
    assert "unsure" not in proposed


@pytest.mark.parametrize(
    ("bounds", "found", "tries", "everything"),
    [
        ({}, 2, 2, True),
        ({"most": 2}, 2, 2, True),
        ({"most": 1}, 1, 1, False),
        ({"most": 0}, 0, 0, False),
        ({"enough": lambda: True}, 0, 0, False),
    ],
)
def test_how_much_is_tried_has_a_bound_and_it_is_said_where_it_was_reached(
    bounds: dict[str, Any], found: int, tries: int, everything: bool
) -> None:
    got = tried(X, {"a.kind": "x"}, **bounds)
    assert (len(got.found), got.tried, got.everything) == (found, tries, everything)


def test_pairs_are_not_tried_where_the_single_changes_were_not_all_tried() -> None:
    both = {"or": [X, {"===": [{"var": "a.yes"}, "yes"]}]}
    got = tried(both, {"a.kind": "x", "a.yes": "yes"}, most=2)
    assert (got.found, got.tried, got.everything) == ((), 2, False)


def test_what_three_answers_hold_up_is_not_cleared_and_everything_small_was_tried() -> None:
    third = {"in": ["p", {"var": "a.several"}]}
    every = {"or": [X, {"===": [{"var": "a.yes"}, "yes"]}, third]}
    got = tried(every, {"a.kind": "x", "a.yes": "yes", "a.several": ["p"]})
    assert got.found == ()
    assert got.everything
    assert got.tried > 4


def test_other_flags_that_it_clears_as_well_are_named() -> None:
    rules = {"flags": [flag(X), flag({"in": [{"var": "a.kind"}, ["x", "y"]]}, "F2")]}
    catalogue = tiny(QUESTIONS, rules)
    answers = {"a.kind": "x"}
    several = clearings(evaluate(catalogue, answers), answers, "F1").found
    assert {each.changes[0].answer: each.clears for each in several} == {
        "y": (),
        "z": ("F2",),
    }


def test_what_is_then_only_open_is_not_called_cleared() -> None:
    sure = {**KIND, "unsure": False}
    later = {**YES, "id": "a.later", "show_if": {"===": [{"var": "a.kind"}, "y"]}}
    waits = {"or": [X, {"===": [{"var": "a.later"}, "yes"]}]}
    catalogue = tiny([sure, later], {"flags": [flag(X), flag(waits, "F2")]})
    answers = {"a.kind": "x"}
    several = clearings(evaluate(catalogue, answers), answers, "F1").found
    assert {each.changes[0].answer: each.clears for each in several} == {
        "y": (),
        "z": ("F2",),
    }


def test_of_a_question_with_many_options_only_some_are_told() -> None:
    many = {**KIND, "options": {"x": "X", **{f"o{n}": f"O{n}" for n in range(20)}}}
    catalogue = tiny([many], {"flags": [flag(X)]})
    answers = {"a.kind": "x"}
    assert len(clearings(evaluate(catalogue, answers), answers, "F1").found) == MOST_ANSWERS


def test_what_raises_least_comes_first() -> None:
    rules = {"flags": [flag(X), flag({"===": [{"var": "a.kind"}, "y"]}, "F2")]}
    catalogue = tiny(QUESTIONS, rules)
    answers = {"a.kind": "x"}
    several = clearings(evaluate(catalogue, answers), answers, "F1").found
    assert [each.changes[0].answer for each in several] == ["z", "y"]
