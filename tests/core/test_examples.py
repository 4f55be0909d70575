"""Examples of rules: each comes out as it says, or is told in its place."""

from __future__ import annotations

from typing import Any

import pytest

from app.core.examples import rules_with_examples, wrong_examples
from tests.tiny import ON, flag, tiny

CHOICE = {"type": "choice", "options": {"x": "Ex", "y": "Why"}}
ASKED: list[dict[str, Any]] = [
    {"id": "a.yes", "type": "yes_no", "ask": "Is it so?"},
    {"id": "a.many", "type": "number", "ask": "How many?"},
    {"id": "a.on", "type": "date", "ask": "From when?"},
    {"id": "a.several", "type": "multi", "options": {"x": "Ex", "y": "Why"}, "ask": "Which?"},
    {"id": "a.words", "type": "text", "ask": "Words?"},
    {
        "id": "a.rows",
        "type": "rows",
        "ask": "Who?",
        "columns": [
            {"id": "kind", **CHOICE, "ask": "Kind"},
            {"id": "other", "type": "row_of", "rows": "a.rows", "ask": "Other"},
        ],
    },
]
WHEN = {"===": [{"var": "a.yes"}, "yes"]}
NAMED = {"id": "c.named", "title": "Named", "when": WHEN}


def told(raised_by: Any = (), not_by: Any = ()) -> list[tuple[Any, str]]:
    """Return what is wrong with the examples of one flag."""
    rules = {
        "flags": [flag(WHEN, raised_by=list(raised_by), not_by=list(not_by))],
        "conditions": [NAMED],
    }
    catalogue = tiny(ASKED, rules)
    rules_ = list(rules_with_examples(catalogue.program, catalogue.rules["r"]))
    return list(wrong_examples(catalogue.program, rules_[:1], ON))


def test_examples_that_come_out_as_they_say_are_silent() -> None:
    sound = {"a.yes": "no", "a.rows": [{"kind": "x", "other": 1}], "c.named": False}
    assert told([{"a.yes": "yes"}], [{"a.yes": "no"}, {}, sound]) == []


@pytest.mark.parametrize(
    ("raised_by", "not_by", "path", "message"),
    [
        (
            [{"a.yes": "no"}],
            [],
            ("raised_by", 0),
            "it holds, yet with its answers it does not hold",
        ),
        (
            [{"a.yes": "unsure"}],
            [],
            ("raised_by", 0),
            "it holds, yet with its answers nobody can tell",
        ),
        (
            [],
            [{}, {"a.yes": "yes"}],
            ("not_by", 1),
            "it does not hold, yet with its answers it holds",
        ),
    ],
)
def test_an_example_that_comes_out_otherwise_is_told(
    raised_by: Any, not_by: Any, path: Any, message: str
) -> None:
    ((where, said),) = told(raised_by, not_by)
    assert where == ("flags", 0, *path)
    assert message in said


@pytest.mark.parametrize(
    ("example", "below", "message"),
    [
        ({"a.yse": "yes"}, ("a.yse",), "nothing is called 'a.yse'; did you mean 'a.yes'?"),
        ({"a.yes": "yess"}, ("a.yes",), "'a.yes' has no answer 'yess'; did you mean 'yes'?"),
        ({"a.yes": ["yes"]}, ("a.yes",), "has no answer ['yes']"),
        ({"a.yes": True}, ("a.yes",), "its options are yes, no, unsure"),
        ({"a.yes": None}, ("a.yes",), "has no answer None"),
        ({"a.many": "3"}, ("a.many",), "it takes a number"),
        ({"a.many": True}, ("a.many",), "it takes a number"),
        ({"a.on": "2026-13-01"}, ("a.on",), "it takes a date"),
        ({"a.on": 20260101}, ("a.on",), "it takes a date"),
        ({"a.several": "x"}, ("a.several",), "it takes a list of x, y"),
        ({"a.several": ["x", "z"]}, ("a.several",), "it takes a list of x, y"),
        ({"a.several": [["x"]]}, ("a.several",), "it takes a list of x, y"),
        ({"a.words": 3}, ("a.words",), "it takes a text"),
        ({"c.named": "yes"}, ("c.named",), "it takes true or false"),
        ({"a.rows": [{}] * 501}, ("a.rows",), "more than 500 rows"),
        ({"a.rows": "x"}, ("a.rows",), "is answered by a list of rows"),
        ({"a.rows": ["x"]}, ("a.rows", 0), "a row is {column: answer}"),
        ({"a.rows": [{"kidn": "x"}]}, ("a.rows", 0, "kidn"), "did you mean 'kind'?"),
        ({"a.rows": [{"kind": "z"}]}, ("a.rows", 0, "kind"), "its options are x, y"),
        ({"a.rows": [{"other": "1"}]}, ("a.rows", 0, "other"), "it takes the number of a row"),
        ({"a.rows": [{"id": "1"}]}, ("a.rows", 0, "id"), "is a whole number"),
        ({"a.words": "y" * 99, "a.many": "y" * 99}, ("a.many",), "yyy..."),
    ],
)
def test_an_example_that_says_what_cannot_be_is_told_where_it_says_so(
    example: Any, below: Any, message: str
) -> None:
    ((where, said),) = told([{**example}])
    assert where == ("flags", 0, "raised_by", 0, *below)
    assert message in said


def test_entries_of_offers_and_named_conditions_have_examples_as_well() -> None:
    entry = {"code": "m1", "title": "One", "when": WHEN, "raised_by": [{"a.yes": "no"}]}
    always = {"code": "m2", "title": "Two", "raised_by": [{"a.yes": "no"}]}
    rules = {
        "conditions": [{**NAMED, "not_by": [{"a.yes": "yes"}]}],
        "offers": [{"id": "o.list", "title": "List", "entries": [entry, always]}],
    }
    catalogue = tiny(ASKED, rules)
    every = rules_with_examples(catalogue.program, catalogue.rules["r"])
    found = [where for where, _ in wrong_examples(catalogue.program, every, ON)]
    assert found == [
        ("conditions", 0, "not_by", 0),
        ("offers", 0, "entries", 0, "raised_by", 0),
    ]


def test_no_more_examples_are_tried_than_asked_for() -> None:
    wrong = [{"a.yes": "no"}] * 9
    catalogue = tiny(ASKED, {"flags": [flag(WHEN, raised_by=wrong)]})
    every = list(rules_with_examples(catalogue.program, catalogue.rules["r"]))
    assert len(list(wrong_examples(catalogue.program, every, ON, 4))) == 4
    assert len(list(wrong_examples(catalogue.program, every, ON))) == 9
