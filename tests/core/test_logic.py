"""Conditions: read, type-checked, derived, negated, evaluated and put in English."""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from json_logic import jsonLogic

from app.core import logic
from app.core.compiling import say_unsure
from app.core.domains import UNSURE, Domain, Kind
from app.core.faults import Faults
from app.core.logic import (
    WAITS,
    AtLeast,
    Either,
    Every,
    Expression,
    Quantified,
    Record,
    key,
    negate,
)
from tests.core.worlds import Made

KINDS = {"a": "Alpha", "b": "Beta", "c": "Gamma"}
SCOPE = {
    "q.choice": Domain(Kind.CODE, "Kind", KINDS),
    "q.sure": Domain(Kind.CODE, "Sure", {"yes": "Yes", "no": "No", UNSURE: "I don't know"}),
    "q.band": Domain(Kind.CODE, "Size", KINDS, ordered=True),
    "q.multi": Domain(Kind.CODES, "Topics", KINDS),
    "q.multis": Domain(Kind.CODES, "Subjects", {**KINDS, UNSURE: "I don't know"}),
    "q.number": Domain(Kind.NUMBER, "People", unit="people"),
    "q.date": Domain(Kind.DATE, "Start"),
    "q.text": Domain(Kind.TEXT, "Summary"),
    "q.named": Domain(Kind.TRUTH, "It is large"),
    "q.rows": Domain(
        Kind.ROWS,
        "Parties",
        columns={
            "kind": Domain(Kind.CODE, "Kind of party", KINDS),
            "sure": Domain(Kind.CODE, "Signed", {"yes": "Yes", "no": "No", UNSURE: "?"}),
        },
        row_name="party",
    ),
}
CHOICE: Any = {"var": "q.choice"}
ROWS: Any = {"var": "q.rows"}


def read(raw: Any) -> Expression:
    """Return a condition that is read without a fault."""
    faults = Faults("f.yaml")
    expression = logic.read(raw, SCOPE, (), faults)
    assert faults.found == []
    return expression


def record(**answers: Any) -> Record:
    """Return a record; WAITS under a name means that it waits. Names are those after "q."."""
    return flat({"q": answers})


def flat(nested: dict[str, Any]) -> Record:
    """Return a record of what other engines read by their paths."""
    return Record({key(f"q.{name}"): value for name, value in nested["q"].items()})


def row(**answers: Any) -> dict[str, Any]:
    """Return a row; WAITS under a name means that the column waits."""
    return answers


# Every operator: a condition, answers, and what it then is (True, False, None: undetermined)
TRUTHS = [
    ({"===": [CHOICE, "a"]}, {"choice": "a"}, True),
    ({"===": [CHOICE, "a"]}, {"choice": "b"}, False),
    ({"===": [CHOICE, "a"]}, {"choice": WAITS}, None),
    ({"===": [CHOICE, "a"]}, {}, False),
    ({"!==": [CHOICE, "a"]}, {"choice": "b"}, True),
    ({"!==": [CHOICE, "a"]}, {"choice": "a"}, False),
    ({"!==": [CHOICE, "a"]}, {}, False),
    ({"!": {"===": [CHOICE, "a"]}}, {}, False),
    ({"!": [{"!==": [CHOICE, "a"]}]}, {}, False),
    ({"in": [CHOICE, ["a", "b"]]}, {"choice": "b"}, True),
    ({"in": [CHOICE, ["a", "b"]]}, {"choice": "c"}, False),
    ({"!": {"in": [CHOICE, ["a", "b"]]}}, {"choice": "c"}, True),
    ({"!": {"in": [CHOICE, ["a", "b"]]}}, {}, False),
    ({"in": ["a", {"var": "q.multi"}]}, {"multi": ["a", "b"]}, True),
    ({"in": ["a", {"var": "q.multi"}]}, {"multi": ["b"]}, False),
    ({"in": ["a", {"var": "q.multi"}]}, {"multi": WAITS}, None),
    ({"!": {"in": ["a", {"var": "q.multi"}]}}, {"multi": ["b"]}, True),
    ({"!": {"in": ["a", {"var": "q.multi"}]}}, {}, False),
    ({"<": [{"var": "q.number"}, 3]}, {"number": 2}, True),
    ({"<": [{"var": "q.number"}, 3]}, {"number": 3}, False),
    ({"<": [{"var": "q.number"}, 3]}, {}, False),
    ({">=": [{"var": "q.number"}, 3]}, {}, False),
    ({"<=": [{"var": "q.number"}, 3]}, {"number": 3.0}, True),
    ({"===": [{"var": "q.number"}, 3]}, {"number": 3.0}, True),
    ({"===": [{"var": "q.number"}, 0]}, {"number": 0}, True),
    ({"===": [{"var": "q.number"}, 0]}, {}, False),
    ({"!==": [{"var": "q.number"}, 0]}, {}, False),
    ({">": [{"var": "q.number"}, -1]}, {"number": 0}, True),
    ({"!": {">": [{"var": "q.number"}, 3]}}, {"number": 3}, True),
    ({"<": [{"var": "q.date"}, "2026-05-01"]}, {"date": 20260430}, True),
    ({"<": [{"var": "q.date"}, "2026-05-01"]}, {"date": 20260501}, False),
    ({"===": [{"var": "q.date"}, "2026-05-01"]}, {"date": 20260501}, True),
    ({">=": [{"var": "q.band"}, "b"]}, {"band": "c"}, True),
    ({">=": [{"var": "q.band"}, "b"]}, {"band": "a"}, False),
    ({"<": [{"var": "q.band"}, "a"]}, {"band": "a"}, False),
    ({"!": {"<": [{"var": "q.band"}, "a"]}}, {"band": "a"}, True),
    ({"!": {"<": [{"var": "q.band"}, "b"]}}, {"band": "a"}, False),
    ({"var": "q.named"}, {"named": True}, True),
    ({"var": "q.named"}, {"named": False}, False),
    ({"var": "q.named"}, {"named": WAITS}, None),
    ({"!": {"var": "q.named"}}, {"named": False}, True),
    ({"!": {"var": "q.named"}}, {"named": WAITS}, None),
    # and, or, at_least
    ({"and": [{"===": [CHOICE, "a"]}, {"var": "q.named"}]}, {"choice": WAITS, "named": False}, False),
    ({"and": [{"===": [CHOICE, "a"]}, {"var": "q.named"}]}, {"choice": WAITS, "named": True}, None),
    ({"or": [{"===": [CHOICE, "a"]}, {"var": "q.named"}]}, {"choice": WAITS, "named": True}, True),
    ({"or": [{"===": [CHOICE, "a"]}, {"var": "q.named"}]}, {"choice": WAITS, "named": False}, None),
    (
        {"at_least": [2, [{"===": [CHOICE, "a"]}, {"var": "q.named"}, {"<": [{"var": "q.number"}, 3]}]]},
        {"choice": "a", "named": True, "number": WAITS},
        True,
    ),
    (
        {"at_least": [2, [{"===": [CHOICE, "a"]}, {"var": "q.named"}, {"<": [{"var": "q.number"}, 3]}]]},
        {"choice": "b", "named": True, "number": WAITS},
        None,
    ),
    (
        {"at_least": [2, [{"===": [CHOICE, "a"]}, {"var": "q.named"}, {"<": [{"var": "q.number"}, 3]}]]},
        {"choice": "b", "named": False, "number": WAITS},
        False,
    ),
    # "I don't know" settles nothing, unless it is named
    ({"===": [{"var": "q.sure"}, "yes"]}, {"sure": "unsure"}, None),
    ({"!==": [{"var": "q.sure"}, "yes"]}, {"sure": "unsure"}, None),
    ({"===": [{"var": "q.sure"}, "unsure"]}, {"sure": "unsure"}, True),
    ({"!==": [{"var": "q.sure"}, "unsure"]}, {"sure": "unsure"}, False),
    ({"!==": [{"var": "q.sure"}, "unsure"]}, {"sure": "no"}, True),
    ({"in": [{"var": "q.sure"}, ["yes", "unsure"]]}, {"sure": "unsure"}, True),
    ({"in": [{"var": "q.sure"}, ["yes", "unsure"]]}, {"sure": "no"}, False),
    ({"in": ["a", {"var": "q.multis"}]}, {"multis": ["unsure"]}, None),
    ({"!": {"in": ["a", {"var": "q.multis"}]}}, {"multis": ["unsure"]}, None),
    ({"in": ["unsure", {"var": "q.multis"}]}, {"multis": ["unsure"]}, True),
    # Rows
    ({"some": [ROWS, {"===": [{"var": "kind"}, "a"]}]}, {"rows": [row(kind="b"), row(kind="a")]}, True),
    ({"some": [ROWS, {"===": [{"var": "kind"}, "a"]}]}, {"rows": [row(kind="b")]}, False),
    ({"some": [ROWS, {"===": [{"var": "kind"}, "a"]}]}, {"rows": []}, False),
    ({"some": [ROWS, {"===": [{"var": "kind"}, "a"]}]}, {"rows": WAITS}, None),
    ({"some": [ROWS, {"===": [{"var": "kind"}, "a"]}]}, {}, False),
    ({"some": [ROWS, {"===": [{"var": "kind"}, "a"]}]}, {"rows": [row(kind="b"), row(kind=WAITS)]}, None),
    ({"some": [ROWS, {"===": [{"var": "kind"}, "a"]}]}, {"rows": [row(kind="a"), row(kind=WAITS)]}, True),
    ({"some": [ROWS, {"===": [{"var": "kind"}, "a"]}]}, {"rows": [row()]}, False),
    ({"all": [ROWS, {"===": [{"var": "kind"}, "a"]}]}, {"rows": [row(kind="a"), row(kind="a")]}, True),
    ({"all": [ROWS, {"===": [{"var": "kind"}, "a"]}]}, {"rows": [row(kind="a"), row(kind="b")]}, False),
    ({"all": [ROWS, {"===": [{"var": "kind"}, "a"]}]}, {"rows": []}, False),
    ({"all": [ROWS, {"===": [{"var": "kind"}, "a"]}]}, {"rows": [row(kind="a"), row(kind=WAITS)]}, None),
    ({"all": [ROWS, {"===": [{"var": "kind"}, "a"]}]}, {"rows": [row(kind="b"), row(kind=WAITS)]}, False),
    ({"all": [ROWS, {"===": [{"var": "kind"}, "a"]}]}, {}, False),
    ({"none": [ROWS, {"===": [{"var": "kind"}, "a"]}]}, {"rows": [row(kind="b")]}, True),
    ({"none": [ROWS, {"===": [{"var": "kind"}, "a"]}]}, {"rows": []}, True),
    ({"none": [ROWS, {"===": [{"var": "kind"}, "a"]}]}, {"rows": [row(kind=WAITS)]}, None),
    ({"none": [ROWS, {"===": [{"var": "kind"}, "a"]}]}, {"rows": WAITS}, None),
    ({"none": [ROWS, {"===": [{"var": "kind"}, "a"]}]}, {}, False),
    ({"!": {"some": [ROWS, {"===": [{"var": "kind"}, "a"]}]}}, {"rows": [row()]}, True),
    ({"!": {"none": [ROWS, {"===": [{"var": "kind"}, "a"]}]}}, {"rows": [row(kind="a")]}, True),
    ({"!": {"all": [ROWS, {"===": [{"var": "kind"}, "a"]}]}}, {"rows": [row(kind="b")]}, True),
    ({"!": {"all": [ROWS, {"===": [{"var": "kind"}, "a"]}]}}, {"rows": []}, True),
    ({"!": {"all": [ROWS, {"===": [{"var": "kind"}, "a"]}]}}, {}, False),
    ({"some": [ROWS, {"===": [{"var": "sure"}, "yes"]}]}, {"rows": [row(sure="unsure")]}, None),
    ({"none": [ROWS, {"===": [{"var": "sure"}, "yes"]}]}, {"rows": [row(sure="unsure")]}, None),
    ({"some": [ROWS, {"===": [{"var": "sure"}, "unsure"]}]}, {"rows": [row(sure="unsure")]}, True),
]  # fmt: skip


@pytest.mark.parametrize(("raw", "answers", "expected"), TRUTHS)
def test_a_condition_is_true_false_or_undetermined(
    raw: Any, answers: dict[str, Any], expected: bool | None
) -> None:
    assert logic.truth(read(raw), record(**answers)) is expected


def test_the_table_of_truths_has_every_operator() -> None:
    used = repr([raw for raw, _, _ in TRUTHS])
    assert all(f"'{op}'" in used for op in logic.OPERATORS)


def test_every_operator_is_in_the_documentation_and_none_besides(repository: Any) -> None:
    text = (repository / "docs" / "definitions.md").read_text()
    section = text.split("## Conditions")[1].split("## Rules")[0]
    assert [op for op in logic.OPERATORS if op not in section] == []


FAULTS = [
    ("q.choice", (), 'a condition is one operator with its operands, not "q.choice"'),
    (True, (), "not true"),
    ([], (), "not []"),
    ({}, (), "not {}"),
    ({"and": [], "or": []}, (), "a condition is one operator"),
    ({"==": [CHOICE, "a"]}, ("==",), "'==' is no operator of a condition; did you mean '==='?"),
    ({"xor": []}, ("xor",), "'xor' is no operator of a condition; "),
    ({"missing": ["q.choice"]}, ("missing",), "is no operator"),
    ({"===": [CHOICE]}, ("===",), "'===' takes a {var: name} and a literal"),
    ({"===": CHOICE}, ("===",), "'===' takes a {var: name} and a literal"),
    ({"===": ["a", CHOICE]}, ("===",), "write the {var: name} first"),
    ({"===": ["a", "b"]}, ("===", 0), 'expected {var: name}, not "a"'),
    ({"===": [{"var": ["q.choice", "a"]}, "a"]}, ("===", 0), "expected {var: name}"),
    ({"===": [{"var": "q.choise"}, "a"]}, ("===", 0, "var"), "nothing here is called 'q.choise'; did you mean 'q.choice'?"),
    ({"===": [CHOICE, "d"]}, ("===", 1), "'Kind' has no option \"d\"; its options are a, b, c"),
    ({"===": [CHOICE, CHOICE]}, ("===", 1), "'Kind' has no option"),
    ({"===": [CHOICE, None]}, ("===", 1), "'Kind' has no option null"),
    ({"===": [{"var": "q.number"}, "3"]}, ("===", 1), "'People' is compared with a number, not \"3\""),
    ({"===": [{"var": "q.number"}, True]}, ("===", 1), "compared with a number, not true"),
    ({"===": [{"var": "q.date"}, 20260501]}, ("===", 1), 'a date such as "2026-05-01"'),
    ({"===": [{"var": "q.date"}, "2026-02-30"]}, ("===", 1), 'a date such as "2026-05-01"'),
    ({"===": [{"var": "q.date"}, "20260501"]}, ("===", 1), 'a date such as "2026-05-01"'),
    ({"<": [CHOICE, "a"]}, ("<", 0), "'q.choice' cannot be compared with '<' (it allows === or !== or in)"),
    ({"===": [{"var": "q.multi"}, "a"]}, ("===", 0), "'q.multi' cannot be compared with '===' (it allows in)"),
    ({"===": [{"var": "q.text"}, "a"]}, ("===", 0), "it allows nothing: no rule reads wording"),
    ({"===": [{"var": "q.named"}, True]}, ("===", 0), "cannot be compared with '==='"),
    ({"===": [ROWS, []]}, ("===", 0), "it allows some or all or none"),
    ({"in": ["a", CHOICE]}, ("in",), "'q.choice' is not a multi"),
    ({"in": ["a", "abc"]}, ("in", 1), "expected {var: name}"),
    ({"in": ["d", {"var": "q.multi"}]}, ("in", 0), "'Topics' has no option \"d\""),
    ({"in": [{"var": "q.multi"}, ["a"]]}, ("in",), "'in' with 'q.multi' needs a choice, band or decision"),
    ({"in": [CHOICE, "a"]}, ("in",), "needs a list of literals"),
    ({"in": [CHOICE, []]}, ("in",), "needs a list of literals"),
    ({"in": [CHOICE, ["a", "x"]]}, ("in", 1, 1), 'has no option "x"'),
    ({"in": [{"var": "q.number"}, [1]]}, ("in",), "needs a choice, band or decision"),
    ({"in": ["a"]}, ("in",), "'in' is [literal, {var: multi}]"),
    ({"var": "q.choice"}, ("var",), "'q.choice' is not a named condition"),
    ({"var": 3}, (), "expected {var: name}"),
    ({"and": []}, ("and",), "'and' takes a list of conditions"),
    ({"or": {"var": "q.named"}}, ("or",), "'or' takes a list of conditions"),
    ({"!": []}, ("!",), "'!' takes one condition"),
    ({"!": "q.named"}, ("!",), "'!' takes one condition"),
    ({"at_least": [2, [{"var": "q.named"}]]}, ("at_least", 0), "2 of 1 conditions cannot be"),
    ({"at_least": [0, [{"var": "q.named"}]]}, ("at_least", 0), "0 of 1 conditions cannot be"),
    ({"at_least": [True, [{"var": "q.named"}]]}, ("at_least",), "[a whole number, [conditions]]"),
    ({"at_least": [1.5, [{"var": "q.named"}]]}, ("at_least",), "[a whole number, [conditions]]"),
    ({"some": [ROWS]}, ("some",), "'some' is [{var: rows}, a condition over their columns]"),
    ({"some": [CHOICE, {"var": "x"}]}, ("some", 0), "cannot be compared with 'some'"),
    ({"some": [ROWS, {"===": [{"var": "knd"}, "a"]}]}, ("some", 1, "===", 0, "var"), "nothing here is called 'knd'; did you mean 'kind'?"),
    ({"some": [ROWS, {"===": [CHOICE, "a"]}]}, ("some", 1, "===", 0, "var"), "nothing here is called 'q.choice'"),
    ({"some": [ROWS, {"some": [ROWS, {}]}]}, ("some", 1, "some", 0, "var"), "nothing here is called 'q.rows'"),
]  # fmt: skip


@pytest.mark.parametrize(("raw", "path", "words"), FAULTS)
def test_what_is_no_condition_is_a_fault_with_its_place_and_a_mend(
    raw: Any, path: tuple[str | int, ...], words: str
) -> None:
    faults = Faults("f.yaml")
    logic.read(raw, SCOPE, (), faults)
    assert [(fault.path, words in fault.message) for fault in faults.found] == [(path, True)], (
        faults.found
    )


def test_a_code_that_looks_like_a_number_is_quoted_in_the_mend() -> None:
    faults = Faults("f.yaml")
    scope = {"e.item": Domain(Kind.CODE, "Item", {"1": "One", "2": "Two"})}
    logic.read({"===": [{"var": "e.item"}, 1]}, scope, (), faults)
    assert faults.found[0].message == "'Item' has no option 1; write \"1\" in quotes"


def test_several_faults_of_one_condition_are_found_together() -> None:
    faults = Faults("f.yaml")
    raw = {"and": [{"===": [CHOICE, "x"]}, {"var": "q.nam"}, {"in": ["x", {"var": "q.multi"}]}]}
    logic.read(raw, SCOPE, ("when",), faults)
    assert [fault.path for fault in faults.found] == [
        ("when", "and", 0, "===", 1),
        ("when", "and", 1, "var"),
        ("when", "and", 2, "in", 0),
    ]


ENGLISH = [
    ({"===": [CHOICE, "a"]}, "“Kind” is “Alpha”"),
    ({"!==": [CHOICE, "a"]}, "“Kind” is not “Alpha”"),
    ({"in": [CHOICE, ["a", "b", "c"]]}, "“Kind” is “Alpha”, “Beta” or “Gamma”"),
    ({"!": {"in": [CHOICE, ["a", "b"]]}}, "“Kind” is not “Alpha” or “Beta”"),
    ({"in": ["a", {"var": "q.multi"}]}, "“Topics” includes “Alpha”"),
    ({"!": {"in": ["a", {"var": "q.multi"}]}}, "“Topics” does not include “Alpha”"),
    ({">=": [{"var": "q.band"}, "b"]}, "“Size” is at least “Beta”"),
    ({"!": {">=": [{"var": "q.band"}, "b"]}}, "“Size” is less than “Beta”"),
    ({"<": [{"var": "q.number"}, 10_000]}, "“People” is less than 10,000 people"),
    ({"<=": [{"var": "q.number"}, 3]}, "“People” is at most 3 people"),
    ({">": [{"var": "q.number"}, 3]}, "“People” is more than 3 people"),
    ({">=": [{"var": "q.number"}, 3]}, "“People” is at least 3 people"),
    ({"===": [{"var": "q.number"}, 3]}, "“People” is 3 people"),
    ({"<": [{"var": "q.date"}, "2026-05-01"]}, "“Start” is before 1 May 2026"),
    ({"<=": [{"var": "q.date"}, "2026-05-01"]}, "“Start” is on or before 1 May 2026"),
    ({">": [{"var": "q.date"}, "2026-05-01"]}, "“Start” is after 1 May 2026"),
    ({">=": [{"var": "q.date"}, "2026-05-01"]}, "“Start” is on or after 1 May 2026"),
    ({"===": [{"var": "q.date"}, "2026-05-01"]}, "“Start” is 1 May 2026"),
    ({"!==": [{"var": "q.date"}, "2026-05-01"]}, "“Start” is not 1 May 2026"),
    ({"var": "q.named"}, "“It is large”"),
    ({"!": {"var": "q.named"}}, "it is not so that “It is large”"),
    ({"some": [ROWS, {"===": [{"var": "kind"}, "a"]}]}, "for some party, “Kind of party” is “Alpha”"),
    ({"none": [ROWS, {"===": [{"var": "kind"}, "a"]}]}, "for no party, “Kind of party” is “Alpha”"),
    ({"all": [ROWS, {"===": [{"var": "kind"}, "a"]}]}, "for every party, “Kind of party” is “Alpha”"),
    ({"!": {"all": [ROWS, {"===": [{"var": "kind"}, "a"]}]}}, "for not every party, “Kind of party” is “Alpha”"),
    (
        {"and": [{"===": [CHOICE, "a"]}, {"or": [{"var": "q.named"}, {"!==": [CHOICE, "b"]}]}]},
        "“Kind” is “Alpha” and (“It is large” or “Kind” is not “Beta”)",
    ),
    (
        {"at_least": [1, [{"===": [CHOICE, "a"]}, {"var": "q.named"}]]},
        "at least 1 of these hold: “Kind” is “Alpha”; “It is large”",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("raw", "words"), ENGLISH)
def test_a_condition_reads_as_english(raw: Any, words: str) -> None:
    assert logic.english(read(raw)) == words


def test_english_says_always_and_never() -> None:
    assert logic.english(logic.ALWAYS) == "always"
    assert logic.english(logic.NEVER) == "never"


def test_what_is_read_names_columns_below_their_rows() -> None:
    raw = {"and": [{"===": [CHOICE, "a"]}, {"none": [ROWS, {"===": [{"var": "kind"}, "a"]}]}]}
    assert logic.reads(read(raw)) == {"q.choice", "q.rows", "q.rows/kind"}


def test_whether_unsure_is_named_is_known_within_rows_as_well() -> None:
    inner = {"none": [ROWS, {"in": [{"var": "sure"}, ["yes", "unsure"]]}]}
    assert logic.names_unsure(read(inner), "q.rows/sure")
    assert not logic.names_unsure(read(inner), "q.sure")


@pytest.mark.parametrize("shows", [True, False])
@pytest.mark.parametrize(
    "raw",
    [
        {"===": [{"var": "q.sure"}, "yes"]},
        {"!": {"===": [{"var": "q.sure"}, "yes"]}},
        {
            "at_least": [
                1,
                [{"===": [{"var": "q.sure"}, "yes"]}, {"===": [{"var": "q.sure"}, "no"]}],
            ]
        },
        {"some": [ROWS, {"===": [{"var": "sure"}, "yes"]}]},
        {"none": [ROWS, {"===": [{"var": "sure"}, "yes"]}]},
        {"all": [ROWS, {"!==": [{"var": "sure"}, "yes"]}]},
        {"in": ["a", {"var": "q.multis"}]},
        {"!": {"in": ["a", {"var": "q.multis"}]}},
    ],
)
def test_what_unsure_does_can_be_said_beside_a_condition(raw: Any, shows: bool) -> None:
    said = say_unsure(read(raw), shows=shows)
    answers = record(sure="unsure", multis=["unsure"], rows=[row(sure="unsure")])
    assert logic.truth(said, answers) is shows


@pytest.mark.parametrize("raw", [raw for raw, _, _ in TRUTHS])
def test_negating_twice_gives_the_condition_back(raw: Any) -> None:
    assert negate(negate(read(raw))) == read(raw)


def conditions(expression: Expression) -> list[Expression]:
    """Return a condition and all within it."""
    match expression:
        case Every(items) | Either(items) | AtLeast(_, items):
            return [expression, *(each for item in items for each in conditions(item))]
        case _:
            return [expression]


def test_negation_ends_at_comparisons_and_quantifiers() -> None:
    raw = {
        "!": {"and": [{"===": [CHOICE, "a"]}, {"some": [ROWS, {"===": [{"var": "kind"}, "a"]}]}]}
    }
    first, comparison, quantified = conditions(read(raw))
    assert isinstance(first, Either)
    assert comparison == read({"!==": [CHOICE, "a"]})
    assert isinstance(quantified, Quantified)
    assert quantified == read({"none": [ROWS, {"===": [{"var": "kind"}, "a"]}]})


def test_conditions_over_domains_that_differ_in_unsure_are_not_equal() -> None:
    sure = {"d.x": Domain(Kind.CODE, "X", {"yes": "Yes", "no": "No"})}
    unsure = {"d.x": Domain(Kind.CODE, "X", {"yes": "Yes", "no": "No", UNSURE: "?"})}
    raw = {"===": [{"var": "d.x"}, "yes"]}
    one, other = (logic.read(raw, scope, (), Faults("f")) for scope in (sure, unsure))
    assert one != other
    unsure_answer = Record({key("d.x"): UNSURE})
    assert logic.truth(one, unsure_answer) is False
    assert logic.truth(other, unsure_answer) is None


# A second engine


SECOND = {"choice": KINDS, "sure": ("yes", "no", UNSURE), "band": KINDS, "number": (2, 3, 4)}


def some_record(chance: random.Random) -> dict[str, Any]:
    """Return a record of random answers, some waiting, some not asked, with rows."""
    values: dict[str, Any] = {name: chance.choice(list(codes)) for name, codes in SECOND.items()}
    values["multi"] = chance.sample(list(KINDS), chance.randint(1, 3))
    values["multis"] = chance.choice([["a"], ["b", "c"], [UNSURE]])
    values["date"] = chance.choice([20260430, 20260501])
    values["named"] = chance.choice([True, False])
    values["rows"] = [
        row(**{k: chance.choice([*v, WAITS]) for k, v in COLUMNS.items() if chance.random() < 0.8})
        for _ in range(chance.randint(0, 3))
    ]
    there = {}
    for name, value in values.items():
        lot = chance.random()
        if lot < 0.8:
            there[name] = value if lot < 0.6 else WAITS
    return {"q": there}


COLUMNS = {"kind": KINDS, "sure": ("yes", "no", UNSURE)}


def some_condition(chance: random.Random) -> Any:
    """Return a random condition over the scope of these tests."""
    made = Made(chance.randrange)
    made.columns["q.rows"] = {
        "kind": ("choice", tuple(KINDS), False),
        "sure": ("choice", ("yes", "no"), True),
    }
    scope = {
        "q.choice": ("choice", tuple(KINDS), False),
        "q.sure": ("choice", ("yes", "no"), True),
        "q.band": ("band", tuple(KINDS), False),
        "q.multi": ("multi", tuple(KINDS), False),
        "q.multis": ("multi", tuple(KINDS), True),
        "q.number": ("number", (), False),
        "q.date": ("date", (), False),
        "q.named": ("truth", (), False),
        "q.rows": ("rows", (), False),
    }
    return made.condition(scope)


@given(seed=st.integers(0, 10**9))
def test_a_second_jsonlogic_engine_gives_the_same_outcomes(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - cases, not secrets
    for _ in range(20):
        expression = read(some_condition(chance))
        answers = some_record(chance)
        here = logic.truth(expression, flat(answers))
        surely, possibly = (bool(jsonLogic(each, answers)) for each in logic.derive(expression))
        assert here is (True if surely else None if possibly else False), (expression, answers)


def test_surely_implies_possibly() -> None:
    chance = random.Random(1)  # noqa: S311
    held = 0
    for _ in range(2000):
        expression = read(some_condition(chance))
        answers = flat(some_record(chance))
        surely, possibly = logic.derive(expression)
        if answers.evaluate(logic.compile_expression(surely)):
            assert answers.evaluate(logic.compile_expression(possibly))
            held += 1
    assert held > 100
