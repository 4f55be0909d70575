"""Facts: what is asked, what waits, rows, derived facts, and what cannot be evaluated."""

from __future__ import annotations

import random
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.assessment import Result, brief, outcomes
from app.core.facts import facts_given
from tests.core.worlds import Made
from tests.tiny import ON, evaluate, flag, judge, outcome, page, section, tiny

YES_NO = {"type": "yes_no", "unsure": False}
SURE = {"type": "yes_no"}


def yes(id_: str) -> dict[str, Any]:
    return {"===": [{"var": id_}, "yes"]}


# Shown, waiting, not asked


CHAIN = tiny(
    [
        {"id": "a.one", "ask": "One?", **SURE},
        {"id": "a.two", "ask": "Two?", **YES_NO, "show_if": yes("a.one"), "unsure_shows": False},
        {"id": "a.three", "ask": "Three?", **YES_NO, "show_if": yes("a.two")},
    ],
    {"flags": [flag(yes("a.three"))]},
)
CHAINS: list[tuple[dict[str, Any], set[str], set[str], str]] = [
    # answers, shown, waiting, outcome of the flag
    ({}, {"a.one"}, {"a.one", "a.two", "a.three"}, "undetermined"),
    ({"a.one": "no"}, {"a.one"}, set(), "clear"),
    ({"a.one": "unsure"}, {"a.one"}, set(), "clear"),
    ({"a.one": "yes"}, {"a.one", "a.two"}, {"a.two", "a.three"}, "undetermined"),
    ({"a.one": "yes", "a.two": "no"}, {"a.one", "a.two"}, set(), "clear"),
    ({"a.one": "yes", "a.two": "yes"}, {"a.one", "a.two", "a.three"}, {"a.three"}, "undetermined"),
    ({"a.one": "yes", "a.two": "yes", "a.three": "yes"}, {"a.one", "a.two", "a.three"}, set(), "raised"),
    # An answer that is not yet surely shown waits; one that is not asked is invisible.
    ({"a.two": "yes"}, {"a.one"}, {"a.one", "a.two", "a.three"}, "undetermined"),
    ({"a.three": "yes"}, {"a.one"}, {"a.one", "a.two", "a.three"}, "undetermined"),
    ({"a.one": "no", "a.two": "yes", "a.three": "yes"}, {"a.one"}, set(), "clear"),
]  # fmt: skip


@pytest.mark.parametrize(("answers", "shown", "waiting", "result"), CHAINS)
def test_questions_are_shown_or_wait_or_are_not_asked(
    answers: dict[str, Any], shown: set[str], waiting: set[str], result: str
) -> None:
    found = evaluate(CHAIN, answers)
    assert {id_ for id_ in found.shown if id_.startswith("a.")} == shown
    assert {id_ for id_ in found.waiting if id_.startswith("a.")} == waiting
    assert set(found.values) & {"a.one", "a.two", "a.three"} == (set(answers) & shown) - waiting
    assert outcome(CHAIN, answers) == result


def test_what_would_settle_a_flag_is_followed_back_to_what_is_shown() -> None:
    needs = [
        judge(CHAIN, answers).flags[0].needs for answers in ({}, {"a.one": "yes"}, {"a.two": "yes"})
    ]
    assert needs == [("a.one",), ("a.two",), ("a.one",)]


def test_a_question_placed_twice_is_asked_if_either_place_is_reached() -> None:
    first = {
        "id": "a.go",
        "type": "choice",
        "ask": "Go?",
        "options": {"x": "X", "y": "Y", "z": "Z"},
    }
    twice = {"id": "a.what", "type": "text", "ask": "What?"}
    pages = [
        page([first], "one"),
        page([twice], "two", show_if={"===": [{"var": "a.go"}, "x"]}),
        page([{"use": "a.what"}], "three", show_if={"===": [{"var": "a.go"}, "y"]}),
    ]
    catalogue = tiny(sections=[section(pages)])
    asked = {go: "a.what" in evaluate(catalogue, {"a.go": go}).shown for go in "xyz"}
    assert asked == {"x": True, "y": True, "z": False}


def test_the_conditions_of_section_page_and_question_must_all_hold() -> None:
    go = {"id": "a.go", "type": "multi", "ask": "Go?", "options": {"s": "S", "p": "P", "q": "Q"}}
    conditions = {key: {"in": [key, {"var": "a.go"}]} for key in "spq"}
    what = {"id": "a.what", "type": "text", "ask": "What?", "show_if": conditions["q"]}
    inner = page([what], "two", show_if=conditions["p"])
    catalogue = tiny(
        sections=[section([page([go], "one")], "a"), section([inner], "b", show_if=conditions["s"])]
    )
    for chosen in (["s", "p", "q"], ["s", "p"], ["s", "q"], ["p", "q"], []):
        found = evaluate(catalogue, {"a.go": chosen} if chosen else {})
        assert ("a.what" in found.shown) is (len(chosen) == 3)
        assert ("a.what" in found.waiting) is (len(chosen) in (0, 3))


def test_a_justification_is_asked_with_its_choice() -> None:
    choice = {"id": "a.item", "ask": "Item?", **YES_NO, "show_if": yes("a.go")}
    why = {"id": "a.item_why", "type": "justification", "ask": "Why?", "justifies": "a.item"}
    catalogue = tiny([{"id": "a.go", "ask": "Go?", **YES_NO}, choice, why])
    assert "a.item_why" in evaluate(catalogue, {"a.go": "yes"}).shown
    assert "a.item_why" in evaluate(catalogue, {"a.go": "yes", "a.item": "no"}).shown
    hidden = evaluate(catalogue, {"a.go": "no", "a.item": "no", "a.item_why": "So."})
    assert "a.item_why" not in hidden.shown | hidden.waiting | set(hidden.values)


# Rows


ROWS = tiny(
    [
        {
            "id": "p.list",
            "type": "rows",
            "ask": "Parties?",
            "none": "Nobody",
            "columns": [
                {"id": "name", "type": "text", "ask": "Name"},
                {"id": "signs", "ask": "Signs?", **YES_NO},
                {"id": "when", "type": "date", "ask": "When?", "show_if": {"===": [{"var": "signs"}, "yes"]}},
                {
                    "id": "late",
                    "title": "Late",
                    "decide": [
                        {"code": "yes", "label": "Yes", "when": {">": [{"var": "when"}, "2026-01-01"]}},
                        {"code": "no", "label": "No", "otherwise": True},
                    ],
                },
            ],
        }
    ],
    {
        "flags": [
            flag({"some": [{"var": "p.list"}, {"===": [{"var": "late"}, "yes"]}]}, "SOME"),
            flag({"all": [{"var": "p.list"}, {"===": [{"var": "late"}, "yes"]}]}, "ALL"),
            flag({"none": [{"var": "p.list"}, {"===": [{"var": "late"}, "yes"]}]}, "NONE"),
        ]
    },
)  # fmt: skip
LATE = {"name": "L", "signs": "yes", "when": "2026-02-01"}
EARLY = {"name": "E", "signs": "yes", "when": "2025-12-31"}
OUT = {"name": "O", "signs": "no"}
OPEN = {"name": "P"}
R, C, U = "raised", "clear", "undetermined"
ROW_CASES: list[tuple[Any, tuple[str, str, str]]] = [
    (None, (U, U, U)),
    ([], (C, C, R)),
    ([LATE], (R, R, C)),
    ([EARLY], (C, C, R)),
    ([LATE, EARLY], (R, C, C)),
    ([LATE, OUT], (R, C, C)),
    ([OPEN], (U, U, U)),
    ([LATE, OPEN], (R, U, C)),
    ([EARLY, OPEN], (U, C, U)),
    ([{"name": "W", "signs": "yes"}], (U, U, U)),
]


@pytest.mark.parametrize(("rows", "expected"), ROW_CASES)
def test_some_all_and_none_of_rows(rows: Any, expected: tuple[str, str, str]) -> None:
    answers = {} if rows is None else {"p.list": rows}
    assert tuple(f.result.value for f in judge(ROWS, answers).flags) == expected


def test_waiting_columns_are_named_by_their_row() -> None:
    found = evaluate(ROWS, {"p.list": [{"id": 3, **OPEN}, {"id": 7, "name": "W", "signs": "yes"}]})
    assert {id_ for id_ in found.waiting if id_.startswith("p.")} == {
        "p.list/3/signs",
        "p.list/3/when",
        "p.list/3/late",
        "p.list/7/when",
        "p.list/7/late",
    }
    flags = judge(
        ROWS, {"p.list": [{"id": 3, **OPEN}, {"id": 7, "name": "W", "signs": "yes"}]}
    ).flags
    assert flags[0].needs == ("p.list/3/signs", "p.list/7/when")


def test_a_column_that_is_not_asked_is_left_out_of_the_row() -> None:
    found = evaluate(
        ROWS, {"p.list": [{"id": 1, "name": "O", "signs": "no", "when": "2026-02-01"}]}
    )
    assert found.values["p.list"] == [
        {"id": 1, "owner": None, "name": "O", "signs": "no", "late": "no"}
    ]


# Derived facts


def look_up(rows: Any, parties: Any) -> Any:
    party = [
        {"id": "name", "type": "text", "ask": "Name"},
        {"id": "kind", "type": "choice", "ask": "Kind", "options": {"x": "X", "y": "Y"}},
    ]
    flow = [
        {"id": "who", "type": "row_of", "rows": "p.list", "ask": "Who?"},
        {"id": "kind", "title": "Kind", "look_up": {"row": "who", "column": "kind"}},
    ]
    go = {"id": "p.go", "ask": "Parties?", **YES_NO}
    catalogue = tiny(
        [
            go,
            {"id": "p.list", "type": "rows", "ask": "P?", "columns": party, "show_if": yes("p.go")},
            {"id": "f.list", "type": "rows", "ask": "F?", "columns": flow},
        ],
        {"flags": [flag({"some": [{"var": "f.list"}, {"===": [{"var": "kind"}, "x"]}]})]},
    )
    answers = {"p.go": "no" if parties == "not asked" else "yes", "f.list": rows}
    if isinstance(parties, list):
        answers["p.list"] = parties
    flags = judge(catalogue, answers).flags
    return flags[0].result.value, flags[0].needs


TO_ONE = [{"id": 1, "who": 1}]
LOOK_UPS: list[tuple[Any, Any, tuple[str, tuple[str, ...]]]] = [
    (TO_ONE, [{"id": 1, "name": "A", "kind": "x"}], ("raised", ())),
    (TO_ONE, [{"id": 1, "name": "A", "kind": "y"}], ("clear", ())),
    ([{"id": 1, "who": 2}], [{"id": 1, "kind": "y"}, {"id": 2, "kind": "x"}], ("raised", ())),
    (TO_ONE, [{"id": 1, "name": "A"}], ("undetermined", ("p.list/1/kind",))),
    ([{"id": 1}], [{"id": 1, "kind": "x"}], ("undetermined", ("f.list/1/who",))),
    (TO_ONE, None, ("undetermined", ("p.list",))),
    # The row referred to is gone: another must be chosen.
    (TO_ONE, [{"id": 2, "kind": "y"}], ("undetermined", ("f.list/1/who",))),
    (TO_ONE, "not asked", ("clear", ())),
]


@pytest.mark.parametrize(("rows", "parties", "expected"), LOOK_UPS)
def test_a_column_looked_up_in_the_row_referred_to(rows: Any, parties: Any, expected: Any) -> None:
    assert look_up(rows, parties) == expected


MATRIX = tiny(
    [
        {"id": "r.grave", "ask": "Grave?", **SURE},
        {
            "id": "r.list",
            "type": "rows",
            "ask": "Risks?",
            "columns": [
                {"id": "l", "type": "choice", "ask": "L?", "options": {"lo": "Lo", "hi": "Hi"}},
                {"id": "s", "type": "choice", "ask": "S?", "options": {"lo": "Lo", "hi": "Hi"}, "unsure": True},
                {"id": "rating", "title": "Rating", "matrix": {"id": "m", "likelihood": "l", "severity": "s"}},
            ],
        },
    ],
    {
        "matrices": [
            {
                "id": "m",
                "title": "M",
                "likelihood": {"lo": "Lo", "hi": "Hi"},
                "severity": {"lo": "Lo", "hi": "Hi"},
                "ratings": {"low": "Low", "mid": "Middle", "high": "High"},
                "cells": {"lo": {"lo": "low", "hi": "low"}, "hi": {"lo": "low", "hi": "high"}},
                "floor": [
                    {
                        "severity": "hi",
                        "likelihood": "lo",
                        "rating": "mid",
                        "label": "Watch",
                        "because": "Grave.",
                        "when": yes("r.grave"),
                    }
                ],
            }
        ],
        "flags": [flag({"some": [{"var": "r.list"}, {">=": [{"var": "rating"}, "mid"]}]})],
    },
)  # fmt: skip
RATINGS: list[tuple[dict[str, str], dict[str, str], Any]] = [
    ({"l": "hi", "s": "hi"}, {}, "high"),
    ({"l": "hi", "s": "lo"}, {}, "low"),
    ({"l": "lo", "s": "hi"}, {"r.grave": "yes"}, "mid"),
    ({"l": "lo", "s": "hi"}, {"r.grave": "no"}, "low"),
    ({"l": "lo", "s": "hi"}, {}, ("r.grave",)),
    ({"l": "lo", "s": "hi"}, {"r.grave": "unsure"}, ("r.grave",)),
    ({"l": "lo"}, {}, ("r.list/1/s",)),
    ({"l": "lo", "s": "unsure"}, {}, ("r.list/1/s",)),
    ({}, {}, ("r.list/1/l", "r.list/1/s")),
]


@pytest.mark.parametrize(("row", "answers", "expected"), RATINGS)
def test_a_risk_is_rated_by_its_matrix_or_says_what_is_missing(
    row: dict[str, str], answers: dict[str, str], expected: Any
) -> None:
    given_ = {**answers, "r.list": [{"id": 1, **row}]}
    found = evaluate(MATRIX, given_)
    result = judge(MATRIX, given_).flags[0]
    if isinstance(expected, tuple):
        assert "r.list/1/rating" in found.waiting
        assert (result.result, result.needs) == (Result.UNDETERMINED, expected)
    else:
        assert found.values["r.list"][0]["rating"] == expected
        assert result.raised is (expected != "low")


def test_decisions_take_the_first_outcome_that_holds_or_are_absent() -> None:
    outcomes_ = [
        {"code": "law", "label": "Law", "when": yes("a.law")},
        {"code": "advice", "label": "Advice", "when": yes("a.advice")},
        {"code": "no", "label": "No", "otherwise": True},
    ]
    decision = {"id": "d.d", "title": "D", "outcomes": outcomes_, "only_if": yes("a.data")}
    names = ("a.data", "a.law", "a.advice")
    catalogue = tiny(
        [{"id": id_, "ask": "?", **YES_NO} for id_ in names], {"decisions": [decision]}
    )

    def decided(**answers: str) -> Any:
        found = evaluate(catalogue, {f"a.{name}": each for name, each in answers.items()})
        return "waits" if "d.d" in found.waiting else found.values.get("d.d")

    assert decided() == "waits"
    assert decided(data="no") is None
    assert decided(data="yes") == "waits"
    assert decided(data="yes", law="yes") == "law"
    assert decided(data="yes", law="yes", advice="yes") == "law"
    assert decided(data="yes", advice="yes") == "waits"
    assert decided(data="yes", law="no", advice="yes") == "advice"
    assert decided(data="yes", law="no", advice="no") == "no"


def test_levels_hold_what_they_rest_on_in_earlier_ones() -> None:
    rules = {
        "conditions": [
            {"id": "c.three", "title": "3", "when": {"var": "c.two"}},
            {"id": "c.two", "title": "2", "when": {"var": "c.one"}},
            {"id": "c.one", "title": "1", "when": yes("a.one")},
        ]
    }
    program = tiny([{"id": "a.one", "ask": "?", **YES_NO}], rules).program
    level = {node.id: n for n, nodes in enumerate(program.levels) for node in nodes}
    assert [level[id_] for id_ in ("a.one", "c.one", "c.two", "c.three")] == [0, 1, 2, 3]


def test_facts_know_their_day_and_the_rules_in_force_on_it() -> None:
    dated = flag(yes("a.one"), effective_from="2026-01-01", effective_to="2026-12-31")
    catalogue = tiny([{"id": "a.one", "ask": "?", **YES_NO}], {"flags": [dated]})
    for day, number in (
        (date(2025, 12, 31), 0),
        (ON, 1),
        (date(2026, 12, 31), 1),
        (date(2027, 1, 1), 0),
    ):
        from app.core.assessment import assess
        from app.core.facts import facts

        assert len(assess(facts(catalogue.program, {"a.one": "yes"}, day)).flags) == number


# Given mode


def test_in_an_example_what_is_listed_is_asked_and_nothing_else() -> None:
    found = facts_given(CHAIN.program, {"a.three": "yes"}, ON)
    assert found.values == {"a.three": "yes", "x.route": "full"}
    assert found.waiting == frozenset()


def test_in_an_example_rows_wait_for_nothing_and_derive_their_columns() -> None:
    found = facts_given(ROWS.program, {"p.list": [{"when": "2026-02-01"}, {"late": "yes"}]}, ON)
    assert found.waiting == frozenset()
    assert [row.get("late") for row in found.values["p.list"]] == ["yes", "yes"]


def test_in_an_example_a_derived_fact_may_be_given() -> None:
    condition = {"id": "c.one", "title": "1", "when": yes("a.one")}
    rules = {"conditions": [condition], "flags": [flag({"var": "c.one"})]}
    program = tiny([{"id": "a.one", "ask": "?", **YES_NO}], rules).program
    for given_, expected in (({"c.one": True}, Result.RAISED), ({"c.one": False}, Result.CLEAR)):
        assert outcomes(facts_given(program, given_, ON)) == {"F1": expected}


# Hidden answers


@given(seed=st.integers(0, 10**9))
def test_answers_that_are_not_shown_change_nothing(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - cases, not secrets
    made = Made(chance.randrange)
    catalogue, world = made.catalogue()
    answers = made.answers(world, 10)
    found = evaluate(catalogue, answers)
    shown = {id_: value for id_, value in answers.items() if id_ in found.shown}
    same = evaluate(catalogue, shown)
    assert (same.values, same.waiting, same.shown) == (found.values, found.waiting, found.shown)


# What cannot be evaluated


BIG = {"some": [{"var": "p.list"}, {"or": [yes("k"), {"!==": [{"var": "k"}, "no"]}]}]}
COSTLY: dict[str, Any] = {
    "conditions": [{"id": "c.big", "title": "Big", "when": BIG}],
    "scores": [
        {
            "id": "s.big",
            "title": "Big",
            "value": {"count_rows": [{"var": "p.list"}, BIG["some"][1]]},
            "band": {"id": "s.big_band", "from": "levels"},
        }
    ],
    "bands": [{"id": "levels", "levels": [{"code": "low", "label": "L"}, {"code": "high", "label": "H", "from": 3}]}],
    "decisions": [
        {
            "id": "d.big",
            "title": "Big",
            "outcomes": [
                {"code": "big", "label": "B", "when": BIG},
                {"code": "small", "label": "S", "otherwise": True},
            ],
        }
    ],
    "offers": [{"id": "o.big", "title": "O", "entries": [{"code": "e", "title": "E", "when": BIG}]}],
    "flags": [
        flag(BIG, "DIRECT", blocks="s", checked=False),
        flag({"var": "c.big"}, "NAMED"),
        flag({"!": {"var": "c.big"}}, "UNNAMED"),
        flag({">": [{"var": "s.big"}, 1]}, "SCORE"),
        flag({"===": [{"var": "s.big_band"}, "high"]}, "BAND"),
        flag({"===": [{"var": "d.big"}, "small"]}, "DECISION"),
        flag(yes("a.fine"), "FINE"),
    ],
}  # fmt: skip
QUESTIONS: list[dict[str, Any]] = [
    {"id": "a.fine", "ask": "Fine?", **YES_NO},
    {"id": "p.list", "type": "rows", "ask": "P?", "columns": [{"id": "k", "ask": "K?", **YES_NO}]},
    {"id": "a.after", "ask": "After?", **YES_NO, "show_if": BIG},
]
MANY = {"a.fine": "yes", "p.list": [{"id": n, "k": "no"} for n in range(1, 40)]}


@pytest.mark.usefixtures("small_budget")
def test_what_cannot_be_evaluated_is_an_error_that_waits_and_blocks_and_is_never_clear() -> None:
    assessment = judge(tiny(QUESTIONS, COSTLY), MANY)
    results = {each.id: each.result.value for each in assessment.flags}
    assert results.pop("FINE") == "raised"
    assert results.pop("DIRECT") == "error"
    assert set(results.values()) == {"error"}, results
    direct = next(each for each in assessment.flags if each.id == "DIRECT")
    assert direct.blocks == ("s",)
    assert direct.error


RESTING = {
    "on a condition": ({"var": "c.big"}, "“Big”"),
    "on its opposite": ({"!": {"var": "c.big"}}, "“Big”"),
    "on a band": ({"===": [{"var": "s.big_band"}, "high"]}, "“Big”"),
    "on a question that it hides": (yes("a.after"), "“After?”"),
    "on two": ({"or": [{"var": "c.big"}, yes("a.after")]}, "“After?” and “Big”"),
    "itself": (BIG, "“P?”"),
}


@pytest.mark.usefixtures("small_budget")
@pytest.mark.parametrize(("when", "names"), RESTING.values(), ids=RESTING)
def test_a_flag_that_rests_on_an_error_says_so_by_name_and_stops_whatever_it_blocks(
    when: object, names: str
) -> None:
    rules = {**COSTLY, "flags": [flag(when, blocks="s", checked=False)]}
    (found,) = judge(tiny(QUESTIONS, rules), MANY).flags
    assert (found.result.value, found.needs, found.blocks) == ("error", (), ("s",))
    assert found.error
    assert found.error.endswith("could not be worked out from the answers")
    for name in names.split(" and "):
        assert name in found.error


@pytest.mark.usefixtures("small_budget")
def test_a_flag_that_a_blank_may_still_settle_is_open_and_then_an_error() -> None:
    when = {"and": [{"var": "c.big"}, yes("a.fine")]}
    catalogue = tiny(QUESTIONS, {**COSTLY, "flags": [flag(when)]})
    blank = {"p.list": MANY["p.list"]}
    for answers, result, needs in (
        (blank, "undetermined", ("a.fine",)),
        ({**blank, "a.fine": "yes"}, "error", ()),
        ({**blank, "a.fine": "no"}, "clear", ()),
    ):
        (found,) = judge(catalogue, answers).flags
        assert (found.result.value, found.needs) == (result, needs), answers
        counted = brief(evaluate(catalogue, answers))
        assert (counted.raised, counted.undetermined) == (
            result == "error",
            result == "undetermined",
        )


@pytest.mark.usefixtures("small_budget")
def test_what_rests_on_an_error_waits_and_the_facts_name_it() -> None:
    found = evaluate(tiny(QUESTIONS, COSTLY), MANY)
    assert set(found.errors) == {"c.big", "s.big", "d.big", "a.after"}
    assert {"c.big", "s.big", "s.big_band", "d.big", "a.after"} <= found.waiting
    assert "a.after" not in found.shown


def test_within_its_steps_the_same_is_judged() -> None:
    assessment = judge(tiny(QUESTIONS, COSTLY), MANY)
    results = {each.id: each.result.value for each in assessment.flags}
    assert results == {
        "DIRECT": "clear",
        "NAMED": "clear",
        "UNNAMED": "raised",
        "SCORE": "clear",
        "BAND": "clear",
        "DECISION": "raised",
        "FINE": "raised",
    }


def test_a_thousand_rows_are_within_the_steps_of_an_evaluation() -> None:
    rows = [{"id": n, "k": "no"} for n in range(1, 1001)]
    found = evaluate(tiny(QUESTIONS, COSTLY), {"a.fine": "yes", "p.list": rows})
    assert found.errors == {}
