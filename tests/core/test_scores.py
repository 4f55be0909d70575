"""Scores: every kind of part, what counts, what is missing, and the bands they fall into."""

from __future__ import annotations

from typing import Any

import pytest

from app.catalogue import Catalogue
from app.core import logic, scores
from app.core.assessment import Scored
from app.core.domains import Domain, Kind
from app.core.faults import Faults
from tests.tiny import evaluate, judge, tiny

CODES = {"1": "One", "2": "Two", "3": "Three", "na": "Not applicable"}
QUESTIONS: list[dict[str, Any]] = [
    {"id": "q.go", "type": "choice", "ask": "Go?", "options": {"y": "Y", "n": "N"}},
    {"id": "q.a", "type": "choice", "ask": "A?", "options": CODES},
    {"id": "q.b", "type": "choice", "ask": "B?", "options": CODES},
    {
        "id": "q.c",
        "type": "choice",
        "ask": "C?",
        "options": CODES,
        "show_if": {"===": [{"var": "q.go"}, "y"]},
    },
    {"id": "q.n", "type": "number", "ask": "N?", "decimals": 3, "min": -1000},
    {"id": "q.m", "type": "number", "ask": "M?"},
    {"id": "q.yes", "type": "yes_no", "ask": "Yes?"},
    {"id": "q.why", "type": "text", "ask": "Why?"},
    {"id": "q.day", "type": "date", "ask": "When?"},
    {
        "id": "q.rows",
        "type": "rows",
        "ask": "Rows?",
        "columns": [{"id": "k", "type": "yes_no", "ask": "K?"}],
    },
    {"id": "q.end", "type": "date", "ask": "When does it end?"},
    {
        "id": "q.breaks",
        "type": "rows",
        "ask": "Breaks?",
        "columns": [
            {"id": "from", "type": "date", "ask": "From?"},
            {"id": "to", "type": "date", "ask": "To?"},
        ],
    },
]
POINTS = {"1": 1, "2": 2, "3": 3, "na": "omit"}
A, B, C = ({"points": f"q.{name}"} for name in "abc")
YES = {"===": [{"var": "q.yes"}, "yes"]}
DAYS, TO_DATE = {"days": ["q.day", "q.end"]}, {"days": ["q.day", "today"]}
BREAKS = {"sum_rows": [{"var": "q.breaks"}, {"days": ["from", "to"]}]}
ROWS = {"count_rows": [{"var": "q.rows"}, {"===": [{"var": "k"}, "yes"]}]}


def catalogue(value: Any, **keys: Any) -> Catalogue:
    score = {"id": "s.s", "title": "S", "value": value, "points": POINTS, **keys}
    levels = [
        {"code": "low", "label": "Low"},
        {"code": "mid", "label": "Mid", "from": 1.6},
        {"code": "high", "label": "High", "from": 2.4},
    ]
    return tiny(QUESTIONS, {"scores": [score], "bands": [{"id": "levels", "levels": levels}]})


def scored(value: Any, answers: dict[str, Any], **keys: Any) -> Scored:
    """Return the one score over these answers; `q.go` is "n" where nothing else is said."""
    return judge(catalogue(value, **keys), {"q.go": "n", **answers}).scores["s.s"]


VALUES = [
    (4, {}, 4),
    (1.5, {}, 1.5),
    ({"var": "q.n"}, {"q.n": 2.5}, 2.5),
    ({"var": "q.n"}, {"q.n": 0}, 0),
    (A, {"q.a": "3"}, 3),
    (A, {"q.a": "na"}, None),
    ({"points": "q.yes", "table": {"yes": 1.05, "no": 1}}, {"q.yes": "yes"}, 1.05),
    ({"points": "q.yes", "table": {"yes": 1, "no": 0, "unsure": 7}}, {"q.yes": "unsure"}, 7),
    (
        {"points": "q.yes", "table": {"yes": 1, "no": 0, "unsure": "omit"}},
        {"q.yes": "unsure"},
        None,
    ),
    ({"mean": [A, B]}, {"q.a": "1", "q.b": "2"}, 1.5),
    ({"mean": [A, B]}, {"q.a": "1", "q.b": "na"}, 1),
    ({"mean": [A, B, C]}, {"q.a": "1", "q.b": "2"}, 1.5),
    ({"mean": [A, B, C]}, {"q.a": "1", "q.b": "2", "q.c": "3"}, 1.5),
    ({"mean": [A, B, C]}, {"q.a": "1", "q.b": "2", "q.c": "3", "q.go": "y"}, 2),
    ({"mean": [A, B]}, {"q.a": "na", "q.b": "na"}, None),
    ({"mean": [C]}, {}, None),
    ({"sum": [A, B, 10]}, {"q.a": "1", "q.b": "na"}, 11),
    ({"product": [A, B]}, {"q.a": "3", "q.b": "2"}, 6),
    ({"product": [A, B]}, {"q.a": "3", "q.b": "na"}, 3),
    ({"product": [{"var": "q.n"}, 0]}, {"q.n": 3}, 0),
    ({"min": [A, B]}, {"q.a": "3", "q.b": "2"}, 2),
    ({"min": [A, B]}, {"q.a": "3", "q.b": "na"}, 3),
    ({"max": [A, B]}, {"q.a": "3", "q.b": "2"}, 3),
    ({"max": [A, B]}, {"q.a": "na", "q.b": "2"}, 2),
    ({"count": [YES, {">": [{"var": "q.n"}, 1]}]}, {"q.yes": "yes", "q.n": 0}, 1),
    ({"count": [YES]}, {"q.yes": "no"}, 0),
    (ROWS, {"q.rows": [{"id": 1, "k": "yes"}, {"id": 2, "k": "no"}, {"id": 3, "k": "yes"}]}, 2),
    (ROWS, {"q.rows": []}, 0),
    (DAYS, {"q.day": "2026-02-05", "q.end": "2026-02-05"}, 0),
    (DAYS, {"q.day": "2026-02-28", "q.end": "2026-03-01"}, 1),
    (DAYS, {"q.day": "2024-02-28", "q.end": "2024-03-01"}, 2),
    (DAYS, {"q.day": "1900-02-28", "q.end": "1900-03-01"}, 1),
    (DAYS, {"q.day": "2000-02-28", "q.end": "2000-03-01"}, 2),
    (DAYS, {"q.day": "2025-12-31", "q.end": "2026-01-01"}, 1),
    (DAYS, {"q.day": "2026-11-21", "q.end": "2025-11-21"}, -365),
    (DAYS, {"q.day": "1901-01-01", "q.end": "2199-12-31"}, 109207),
    (TO_DATE, {"q.day": "2025-11-06"}, 56),
    (TO_DATE, {"q.day": "2026-01-02"}, -1),
    (BREAKS, {"q.breaks": []}, 0),
    (
        BREAKS,
        {
            "q.breaks": [
                {"id": 1, "from": "2026-01-30", "to": "2026-02-02"},
                {"id": 2, "from": "2026-03-01", "to": "2026-03-11"},
            ]
        },
        13,
    ),
    ({"subtract": [A, B]}, {"q.a": "1", "q.b": "3"}, -2),
    ({"subtract": [A, B]}, {"q.a": "1", "q.b": "na"}, None),
    ({"divide": [A, B]}, {"q.a": "3", "q.b": "2"}, 1.5),
    ({"divide": [A, {"var": "q.n"}]}, {"q.a": "3", "q.n": 0}, None),
    ({"divide": [0, A]}, {"q.a": "3"}, 0),
    ({"divide": [A, {"subtract": [B, B]}]}, {"q.a": "3", "q.b": "2"}, None),
    ({"sum": [1, {"divide": [A, 0]}]}, {"q.a": "3"}, 1),
    ({"if": [YES, A, B]}, {"q.yes": "yes", "q.a": "1", "q.b": "3"}, 1),
    ({"if": [YES, A, B]}, {"q.yes": "no", "q.a": "1", "q.b": "3"}, 3),
    ({"if": [YES, A, {"points": "q.b"}]}, {"q.yes": "no", "q.a": "1", "q.b": "na"}, None),
    ({"round": {"divide": [{"product": [A, B]}, 4]}}, {"q.a": "3", "q.b": "3"}, 2),
]


@pytest.mark.parametrize(("value", "answers", "expected"), VALUES)
def test_a_score_has_this_value(
    value: Any, answers: dict[str, Any], expected: float | None
) -> None:
    found = scored(value, answers)
    assert found.value == expected
    assert found.missing == ()


def test_every_key_of_a_score_is_in_the_table() -> None:
    used = repr([value for value, _, _ in VALUES])
    assert all(f"'{key}'" in used for key in scores.KEYS)


@pytest.mark.parametrize(
    ("number", "rounded"),
    [
        (0, 0), (0.4, 0), (0.5, 1), (1.5, 2), (2.5, 3), (2.499, 2), (-0.4, 0), (-0.5, 0), (-0.501, -1),
        (-1.5, -1), (-2, -2), (-2.501, -3), (999.5, 1000),
    ],
)  # fmt: skip
def test_round_is_half_up_on_either_side_of_nothing(number: float, rounded: int) -> None:
    assert scored({"round": {"var": "q.n"}}, {"q.n": number}).value == rounded


MISSING = [
    (A, {}, ("q.a",)),
    ({"mean": [A, B]}, {"q.b": "1"}, ("q.a",)),
    ({"mean": [A, B]}, {}, ("q.a", "q.b")),
    ({"mean": [A, C]}, {"q.a": "1", "q.go": "y"}, ("q.c",)),
    ({"count": [YES]}, {}, ("q.yes",)),
    ({"count": [YES]}, {"q.yes": "unsure"}, ("q.yes",)),
    ({"if": [YES, 1, 2]}, {}, ("q.yes",)),
    (ROWS, {}, ("q.rows",)),
    (ROWS, {"q.rows": [{"id": 1, "k": "yes"}, {"id": 2}]}, ("q.rows/2/k",)),
    (ROWS, {"q.rows": [{"id": 1, "k": "unsure"}, {"id": 2, "k": "no"}]}, ("q.rows/1/k",)),
]


@pytest.mark.parametrize(("value", "answers", "missing"), MISSING)
def test_a_score_without_a_value_lists_what_is_missing(
    value: Any, answers: dict[str, Any], missing: tuple[str, ...]
) -> None:
    found = scored(value, answers)
    assert found.value is None
    assert found.missing == missing


def test_unsure_holds_a_score_back_unless_its_points_count_it() -> None:
    plain = {"points": "q.yes", "table": {"yes": 1, "no": 0}}
    counting = {"points": "q.yes", "table": {"yes": 1, "no": 0, "unsure": 5}}
    assert scored(plain, {"q.yes": "unsure"}).value is None
    assert scored(counting, {"q.yes": "unsure"}).value == 5
    assert scored({"sum": [plain, counting]}, {"q.yes": "unsure"}).value is None


def test_a_score_waits_for_a_question_that_may_still_be_asked() -> None:
    facts = evaluate(catalogue({"mean": [A, C]}), {"q.a": "1", "q.c": "3"})
    assert "q.c" not in facts.shown
    assert "s.s" in facts.waiting


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (-5, "low"),
        (0, "low"),
        (1.5, "low"),
        (1.6, "mid"),
        (2.399, "mid"),
        (2.4, "high"),
        (99, "high"),
    ],
)
def test_a_level_holds_from_its_value_up(value: float, code: str) -> None:
    level = scored({"var": "q.n"}, {"q.n": value}, band={"id": "s.b", "from": "levels"}).level
    assert level is not None
    assert level.code == code


@pytest.mark.parametrize(("value", "code"), [(1.5999999999, "mid"), (1.599999, "low")])
def test_a_level_is_reached_by_what_falls_short_only_in_floating_point(
    value: float, code: str
) -> None:
    level = scored(value, {}, band={"id": "s.b", "from": "levels"}).level
    assert level is not None
    assert level.code == code


def test_a_band_waits_for_the_questions_it_goes_with_but_the_value_does_not() -> None:
    keys = {"band": {"id": "s.b", "from": "levels"}, "with": ["q.why"]}
    without = scored(A, {"q.a": "2"}, **keys)
    assert (without.value, without.level, without.missing) == (2, None, ("q.why",))
    found = scored(A, {"q.a": "2", "q.why": "Because."}, **keys)
    assert found.level is not None
    assert found.missing == ()


def test_a_score_may_read_another_and_lists_what_that_one_misses() -> None:
    rules = {
        "scores": [
            {"id": "s.one", "title": "One", "value": A, "points": POINTS},
            {"id": "s.two", "title": "Two", "value": {"sum": [{"var": "s.one"}, 1]}},
        ]
    }
    whole = tiny(QUESTIONS, rules)
    assert judge(whole, {"q.a": "2"}).scores["s.two"].value == 3
    assert judge(whole, {}).scores["s.two"].missing == ("q.a",)


def test_an_absent_score_is_neither_below_nor_above_anything() -> None:
    rules = {
        "scores": [{"id": "s.one", "title": "One", "value": A, "points": POINTS}],
        "flags": [
            {"id": "R1", "title": "R", "because": "B", "when": {"<": [{"var": "s.one"}, 2]}},
            {"id": "R2", "title": "R", "because": "B", "when": {">=": [{"var": "s.one"}, 2]}},
        ],
    }
    assert [f.result.value for f in judge(tiny(QUESTIONS, rules), {"q.a": "na"}).flags] == [
        "clear"
    ] * 2


SCOPE = {
    "q.a": Domain(Kind.CODE, "A", {"x": "X", "y": "Y"}),
    "q.n": Domain(Kind.NUMBER, "N"),
    "q.t": Domain(Kind.TEXT, "T"),
    "q.r": Domain(Kind.ROWS, "R", columns={}),
}
FAULTS: list[tuple[Any, tuple[str | int, ...], str]] = [
    ("q.a", (), "a score is a number or one of"),
    (True, (), "a score is a number or one of"),
    ({}, (), "a score is a number or one of"),
    ({"median": [1]}, (), "a score is a number or one of"),
    ({"mean": [1], "sum": [2]}, (), "a score is a number or one of"),
    ({"mean": []}, ("mean",), "expected a list of one or more parts"),
    ({"mean": 3}, ("mean",), "expected a list of one or more parts"),
    ({"mean": [1, "x"]}, ("mean", 1), "a score is a number or one of"),
    ({"subtract": [1]}, ("subtract",), "expected a list of 2 parts"),
    ({"if": [1, 2]}, ("if",), "expected a list of 3 parts"),
    ({"var": "q.m"}, ("var",), "no number or score is called 'q.m'; did you mean"),
    ({"var": "q.a"}, ("var",), "no number or score is called 'q.a'"),
    (
        {"points": "q.t", "table": {"x": 1}},
        ("points",),
        "no choice, band or decision is called 'q.t'",
    ),
    ({"points": "q.a"}, (), "no points say how the options of 'q.a' count"),
    ({"points": "q.a", "table": {"x": 1}}, (), "the points do not say how 'y' of 'q.a' counts"),
    (
        {"points": "q.a", "table": {"x": 1, "y": 2, "z": 3}},
        ("table", "z"),
        "'q.a' has no option 'z'",
    ),
    ({"points": "q.a", "table": {"x": 1, "y": "two"}}, ("table", "y"), "a number or 'omit'"),
    ({"count": [{"===": [{"var": "q.n"}, "1"]}]}, ("count", 0, "===", 1), "compared with a number"),
    ({"count_rows": [{"var": "q.a"}, {"var": "x"}]}, ("count_rows",), "'count_rows' is"),
    ({"if": [{"var": "q.n"}, 1, 2]}, ("if", 0, "var"), "is not a named condition"),
    ({"days": ["q.a", "today"]}, ("days", 0), "no date is called 'q.a'"),
    ({"days": ["today"]}, ("days",), "expected a list of 2 parts"),
    ({"sum_rows": [{"var": "q.r"}, {"var": "from"}]}, ("sum_rows", 1), "a sum over rows adds"),
    ({"sum_rows": [{"var": "q.r"}, {"days": 5}]}, ("sum_rows", 1), "a sum over rows adds"),
    ({"sum_rows": [{"var": "q.a"}, 1]}, ("sum_rows",), "'sum_rows' is"),
]


@pytest.mark.parametrize(("raw", "path", "words"), FAULTS)
def test_what_is_no_score_is_a_fault_with_its_place(
    raw: Any, path: tuple[str | int, ...], words: str
) -> None:
    faults = Faults("f.yaml")
    scores.read(raw, {}, SCOPE, (), faults)
    assert [(f.path, words in f.message) for f in faults.found] == [(path, True)], faults.found


@pytest.mark.parametrize(("value", "answers", "expected"), VALUES)
def test_the_compiled_score_gives_the_same_in_a_second_engine(
    value: Any, answers: dict[str, Any], expected: float | None
) -> None:
    from json_logic import jsonLogic

    program = catalogue(value).program
    facts = evaluate(catalogue(value), {"q.go": "n", **answers})
    node: Any = program.nodes["s.s"]
    nested: dict[str, Any] = {"q": {}, scores.ON: 20260101}
    for id_, each in facts.encoded.items():
        if id_.startswith("q."):
            nested["q"][id_.removeprefix("q.")] = each
    assert jsonLogic(node.compiled.expression, nested) == pytest.approx(expected)
    assert facts.record.evaluate(
        logic.compile_expression(node.compiled.expression)
    ) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("value", "answers"),
    [
        (DAYS, {"q.day": "2026-01-01"}),
        (TO_DATE, {}),
        (BREAKS, {}),
        (BREAKS, {"q.breaks": [{"id": 1, "from": "2026-01-30"}]}),
    ],
)
def test_days_wait_for_both_dates(value: Any, answers: dict[str, Any]) -> None:
    assert "s.s" in evaluate(catalogue(value), {"q.go": "n", **answers}).waiting
