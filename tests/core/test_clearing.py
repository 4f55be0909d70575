"""What would clear a flag: changes that the real evaluator has shown to."""

from __future__ import annotations

from typing import Any

import pytest

from app.core.clearing import Change, clearings
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
    several = clearings(evaluate(catalogue, answers), answers, "F1")
    return [(each.changes, each.raises) for each in several]


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


def test_how_much_is_tried_has_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.core.clearing.MOST_TRIED", 1)
    assert len(found(X, {"a.kind": "x"})) == 1
