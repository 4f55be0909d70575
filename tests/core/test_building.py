"""Conditions by form: lines and conditions are one and the same, and what does not fit is told."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import strict_yaml
from app.catalogue import Catalogue
from app.core import building, logic
from app.core.blocks import Tone
from app.core.building import AND, AT_LEAST, OR, Built, Group, Line, OfRows
from app.core.building.lines import Part
from app.core.faults import Faults
from tests.core.test_logic import flat, read, some_condition, some_record
from tests.tiny import flag, page, section, tiny

YES = {"===": [{"var": "a.yes"}, "yes"]}
MULTI: Any = {"var": "a.multi"}


# Lines and conditions

SHOWN: list[tuple[Any, Built]] = [
    (None, Built()),
    (YES, Built(AND, (Line("a.yes", "is", ("yes",)),))),
    ({"in": [{"var": "a.c"}, ["x", "y"]]}, Built(AND, (Line("a.c", "is", ("x", "y")),))),
    ({"!": {"in": [{"var": "a.c"}, ["x", "y"]]}}, Built(AND, (Line("a.c", "is_not", ("x", "y")),))),
    ({"!==": [{"var": "a.c"}, "x"]}, Built(AND, (Line("a.c", "is_not", ("x",)),))),
    ({"in": ["x", MULTI]}, Built(AND, (Line("a.multi", "includes", ("x",)),))),
    (
        {"or": [{"in": ["x", MULTI]}, {"in": ["y", MULTI]}]},
        Built(AND, (Line("a.multi", "includes", ("x", "y")),)),
    ),
    (
        {"and": [{"!": {"in": ["x", MULTI]}}, {"!": {"in": ["y", MULTI]}}]},
        Built(AND, (Line("a.multi", "includes_not", ("x", "y")),)),
    ),
    (
        {"or": [{"in": ["x", MULTI]}, {"in": ["y", {"var": "a.other"}]}]},
        Built(OR, (Line("a.multi", "includes", ("x",)), Line("a.other", "includes", ("y",)))),
    ),
    ({"var": "a.named"}, Built(AND, (Line("a.named", "holds"),))),
    ({"!": {"var": "a.named"}}, Built(AND, (Line("a.named", "holds_not"),))),
    ({"<": [{"var": "a.n"}, 2.5]}, Built(AND, (Line("a.n", "less", (2.5,)),))),
    ({">=": [{"var": "a.d"}, "2026-05-01"]}, Built(AND, (Line("a.d", "least", ("2026-05-01",)),))),
    (
        {"some": [{"var": "a.rows"}, {"or": [YES, {"!==": [{"var": "k"}, "x"]}]}]},
        Built(
            AND,
            (
                OfRows(
                    "a.rows",
                    "some",
                    OR,
                    (Line("a.yes", "is", ("yes",)), Line("k", "is_not", ("x",))),
                ),
            ),
        ),
    ),
    (
        {"!": {"all": [{"var": "a.rows"}, YES]}},
        Built(AND, (OfRows("a.rows", "not_all", AND, (Line("a.yes", "is", ("yes",)),)),)),
    ),
    (
        {"at_least": [2, [YES, {"var": "a.named"}]]},
        Built(AT_LEAST, (Line("a.yes", "is", ("yes",)), Line("a.named", "holds")), 2),
    ),
    (
        {"and": [{"var": "a.named"}, {"or": [YES, {"none": [{"var": "a.rows"}, YES]}]}]},
        Built(
            AND,
            (
                Line("a.named", "holds"),
                Group(
                    OR,
                    (
                        Line("a.yes", "is", ("yes",)),
                        OfRows("a.rows", "none", AND, (Line("a.yes", "is", ("yes",)),)),
                    ),
                ),
            ),
        ),
    ),
]


@pytest.mark.parametrize(("expression", "built"), SHOWN)
def test_a_condition_is_lines_and_its_lines_are_the_very_condition(
    expression: Any, built: Built
) -> None:
    assert building.lines_of(expression) == built
    assert building.expression_of(built) == expression


BEYOND: list[Any] = [
    {"and": [YES, {"or": [YES, {"and": [YES, {"var": "a.named"}]}]}]},
    {"some": [{"var": "a.rows"}, {"or": [YES, {"and": [YES, {"var": "k"}]}]}]},
    {"some": [{"var": "a.rows"}, {"at_least": [1, [YES, YES]]}]},
    {"some": [{"var": "a.rows"}, {"some": [{"var": "k"}, YES]}]},
    {"and": []},
    {"!": [YES, YES]},
    {"==": [{"var": "a.yes"}, "yes"]},
    {"===": ["yes", {"var": "a.yes"}]},
    {"===": [{"var": ["a.yes"]}, "yes"]},
    {"===": [{"var": "a.yes"}, True]},
    {"in": [{"var": "a.yes"}, []]},
    {"at_least": ["two", [YES]]},
    {"var": 3},
    {},
    [],
    "yes",
    3,
    {3: YES},
]


@pytest.mark.parametrize("expression", BEYOND)
def test_what_lines_cannot_show_is_left_as_text(expression: Any) -> None:
    assert building.lines_of(expression) is None


@given(st.integers(0, 10**9))
def test_a_condition_means_the_same_when_made_again_from_its_lines(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - cases, not secrets
    for _ in range(10):
        raw = some_condition(chance)
        built = building.lines_of(raw)
        if built is None:
            continue
        made = building.expression_of(built)
        answers = flat(some_record(chance))
        assert logic.truth(read(made), answers) is logic.truth(read(raw), answers), raw
        assert building.expression_of(building.lines_of(made) or Built()) == made


def test_most_random_conditions_are_within_the_builder() -> None:
    """The property above would be empty if hardly any were."""
    chance = random.Random(7)  # noqa: S311
    shown = [building.lines_of(some_condition(chance)) for _ in range(500)]
    assert sum(built is not None for built in shown) > 250


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from([*logic.OPERATORS, "at_least", "x"]), inner, min_size=1, max_size=2
        )
    ),
    max_leaves=12,
)


@given(JSON)
def test_no_text_of_a_condition_stops_the_builder(raw: Any) -> None:
    built = building.lines_of(raw)
    if built is not None:
        assert building.lines_of(building.expression_of(built)) is not None


def test_nearly_all_conditions_of_the_shipped_definitions_are_within_the_builder(
    repository: Path,
) -> None:
    keys = ("show_if", "when", "where", "only_if", "if")
    shown = [
        building.lines_of(condition)
        for folder in ("questionnaires", "rules", "outputs")
        for file in (repository / folder).rglob("*.yaml")
        for condition in found_under(strict_yaml.parse(file.read_bytes()).value, keys)
    ]
    beyond = sum(built is None for built in shown)
    assert len(shown) > 800
    assert beyond / len(shown) < 0.02


def found_under(value: Any, keys: tuple[str, ...]) -> list[Any]:
    """Return every condition below a value of a file."""
    if isinstance(value, list):
        return [each for item in value for each in found_under(item, keys)]
    if not isinstance(value, dict):
        return []
    found: list[Any] = []
    for key, item in value.items():
        found += [item] if key in keys and isinstance(item, dict) else found_under(item, keys)
    return found


# What is offered

CHOICE = {"type": "choice", "options": {"x": "Ex", "y": "Why"}}
ROWS = {
    "id": "a.rows",
    "type": "rows",
    "ask": "Who takes part?",
    "row_name": "party",
    "columns": [
        {"id": "name", "type": "text", "ask": "Name"},
        {"id": "kind", **CHOICE, "ask": "Kind"},
        {"id": "signed", "type": "yes_no", "ask": "Signed?"},
    ],
}
ASKED: list[dict[str, Any]] = [
    {"id": "a.first", **CHOICE, "ask": "First?"},
    {"id": "a.words", "type": "text", "ask": "Words?"},
    {"id": "a.many", "type": "number", "ask": "How many?", "unit": "people"},
    {"id": "a.size", "type": "band", "options": {"s": "Small", "l": "Large"}, "ask": "Size?"},
    {"id": "a.on", "type": "date", "ask": "From when?"},
    {
        "id": "a.several",
        "type": "multi",
        "options": {"x": "Ex", "y": "Why", "z": "Zed"},
        "unsure": True,
        "ask": "Which?",
    },
    {"id": "a.yes", "type": "yes_no", "ask": "Is it so?"},
    ROWS,
]
LATE = {"id": "b.late", **CHOICE, "ask": "Late?"}
RULES = {
    "conditions": [
        {"id": "c.early", "title": "It is early", "when": {"===": [{"var": "a.first"}, "x"]}},
        {"id": "c.late", "title": "It is late", "when": {"===": [{"var": "b.late"}, "x"]}},
        {"id": "c.later", "title": "It is later", "when": {"var": "c.late"}},
    ],
    "flags": [flag({"var": "c.late"})],
}


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    two = [page(ASKED), page([LATE], "late")]
    return tiny(rules=RULES, sections=[section(two), section([page([], "none")], "e")])


def test_a_question_may_read_only_what_is_asked_before_it(catalogue: Catalogue) -> None:
    offers = building.for_question(catalogue.program, "a.several")
    assert list(offers.these) == ["a.first", "a.many", "a.size", "a.on", "c.early", "x.route"]
    assert "asked later" in offers.barred["a.yes"]
    assert "asked later" in offers.barred["c.later"]
    assert offers.gate


@pytest.mark.parametrize(
    ("pages", "last", "late"),
    [
        (["p"], "a.on", "b.late"),
        (["p", "late"], "b.late", ""),
        (["p", "late", "none"], "b.late", ""),
        ([], "", "a.first"),
    ],
    ids=["on-the-first-page", "on-the-second", "on-a-page-that-asks-nothing", "before-all"],
)
def test_a_new_question_may_read_what_is_asked_on_its_page_and_before(
    catalogue: Catalogue, pages: list[str], last: str, late: str
) -> None:
    offers = building.for_new_question(catalogue.program, "q", pages)
    assert last in offers.these or not last
    assert late in offers.barred or not late
    assert offers.gate


@pytest.mark.parametrize(
    "offers",
    [
        lambda program: building.for_page(program, "q", "late"),
        lambda program: building.for_question(program, "b.late"),
        lambda program: building.before(program, program.places["b.late"][0].rank),
    ],
)
def test_a_page_may_read_what_is_asked_before_its_first_question(
    catalogue: Catalogue, offers: Any
) -> None:
    offered = offers(catalogue.program)
    assert "a.yes" in offered.these
    assert {"b.late", "c.late", "c.later"} <= set(offered.barred)


def test_the_first_section_may_read_no_question(catalogue: Catalogue) -> None:
    offers = building.for_section(catalogue.program, "q", "s")
    assert list(offers.these) == ["x.route"]


def test_a_rule_may_read_everything_but_wording(catalogue: Catalogue) -> None:
    offers = building.for_rule(catalogue.program)
    assert {"a.first", "b.late", "c.later", "x.route", "a.rows"} <= set(offers.these)
    assert "a.words" not in offers.these
    assert "x.list" not in offers.these, "no column of it can be compared"
    assert not offers.barred


def test_a_named_condition_may_not_read_itself_nor_what_rests_on_it(catalogue: Catalogue) -> None:
    offers = building.for_rule(catalogue.program, "c.late")
    assert set(offers.barred) == {"c.late", "c.later"}
    assert "c.early" in offers.these


def test_a_column_may_read_the_columns_before_it(catalogue: Catalogue) -> None:
    offers = building.for_column(catalogue.program, "a.rows", "signed")
    assert list(offers.these) == ["kind"]
    assert "earlier column" in offers.barred["signed"]
    assert list(building.for_row(catalogue.program, "a.rows").these) == ["kind", "signed"]


TESTS = [
    ("a.first", "is, is not"),
    (
        "a.size",
        "is, is not, is less than, is at most, is more than, is at least",
    ),
    ("a.many", "is, is not, is less than, is at most, is more than, is at least"),
    ("a.on", "is, is not, is before, is on or before, is after, is on or after"),
    ("a.several", "includes, does not include"),
    ("c.early", "is so, is not so"),
]


@pytest.mark.parametrize(("about", "tests"), TESTS)
def test_each_kind_of_question_offers_the_tests_that_fit(
    catalogue: Catalogue, about: str, tests: str
) -> None:
    offered = building.for_rule(catalogue.program).these[about]
    assert ", ".join(offered.tests.values()) == tests


def test_answers_are_offered_by_their_texts(catalogue: Catalogue) -> None:
    offered = building.for_rule(catalogue.program).these["a.several"]
    assert offered.answers == {"x": "Ex", "y": "Why", "z": "Zed", "unsure": "I don't know"}


def test_every_test_that_is_offered_makes_a_condition_that_reads_without_a_fault(
    catalogue: Catalogue,
) -> None:
    offers = building.for_rule(catalogue.program)
    given = {"a.many": ("12",), "a.on": ("2026-05-01",)}
    count = 0
    for offered in offers.these.values():
        if offered.columns:
            continue
        for test in offered.tests:
            answers = given.get(offered.id, tuple(offered.answers)[:1])
            line = Line(offered.id, test, answers if offered.kind != "truth" else ())
            settled = building.settle(Built(AND, (line,)), offers)
            assert settled.faults == ()
            assert read_here(catalogue, building.expression_of(settled.built)) == []
            count += 1
    assert count > 20


def read_here(catalogue: Catalogue, raw: Any) -> list[str]:
    """Return the faults of a condition over these definitions."""
    faults = Faults("f.yaml")
    logic.read(raw, catalogue.program.scope, (), faults)
    return [each.message for each in faults.found]


# Faults

FIRST, MANY = Line("a.first", "is", ("x",)), Line("a.many", "least", ("12",))
FAULTS: list[tuple[Line | OfRows | Group, tuple[int, ...], str, str]] = [
    (Line("", ""), (0,), "about", "Choose a question, or remove this line"),
    (Line("a.frist", "is", ("x",)), (0,), "about", "did you mean 'a.first'?"),
    (Line("zzz", "is", ("x",)), (0,), "about", "choose one from the list"),
    (Line("b.late", "is", ("x",)), (0,), "about", "'b.late' is asked later than this"),
    (Line("a.first", "", ("x",)), (0,), "test", "Choose a test for “First?”"),
    (Line("a.first", "less", ("x",)), (0,), "test", "does not fit “First?”: choose “is”, “is not”"),
    (Line("a.first", "is"), (0,), "answer", "Choose an answer for “First?”"),
    (Line("a.first", "is", ("q",)), (0,), "answer", "“First?” has no option 'q'"),
    (Line("a.size", "less", ("s", "l")), (0,), "answer", "“is less than” takes one answer"),
    (Line("a.many", "is", ()), (0,), "answer", "Enter a number, such as 12, for “How many?”"),
    (Line("a.many", "is", ("1e9",)), (0,), "answer", "'1e9' does not fit. Enter a number"),
    (Line("a.many", "is", ("٣",)), (0,), "answer", "does not fit"),
    (Line("a.on", "is", ("1 May 2026",)), (0,), "answer", "Enter a date, such as 2026-05-01"),
    (Line("a.rows", "some"), (0,), "about", "is a list: add a test of its rows instead"),
    (OfRows("a.first", "some", AND, (FIRST,)), (0,), "about", "“First?” has no rows"),
    (OfRows("", "some", AND, (FIRST,)), (0,), "about", "Choose a question"),
    (OfRows("a.rows", "", AND, (Line("kind", "is", ("x",)),)), (0,), "test", "Choose a test"),
    (OfRows("a.rows", "some"), (0,), "join", "Nothing is said of these rows"),
    (OfRows("a.rows", "some", AND, (Line("knid", "is"),)), (0, 0), "about", "did you mean 'kind'?"),
    (Group(OR, ()), (0,), "join", "This group holds no test"),
    (Group(OR, (FIRST, Line("", ""))), (0, 1), "about", "Choose a question"),
    (Group(AT_LEAST, (FIRST,), 2), (0,), "number", "2 of 1 tests cannot hold"),
]


@pytest.mark.parametrize(("part", "where", "field", "message"), FAULTS)
def test_what_does_not_fit_is_told_at_its_line_with_a_way_to_mend_it(
    catalogue: Catalogue,
    part: Line | OfRows | Group,
    where: tuple[int, ...],
    field: str,
    message: str,
) -> None:
    offers = building.for_question(catalogue.program, "b.late")
    settled = building.settle(Built(AND, (part, FIRST)), offers)
    assert [(each.where, each.part) for each in settled.faults] == [(where, field)]
    assert message in settled.faults[0].message
    assert settled.built.lines == (part, FIRST), "what was typed is kept"


def test_every_fault_is_told_at_once(catalogue: Catalogue) -> None:
    offers = building.for_rule(catalogue.program)
    settled = building.settle(Built(AND, (Line("", ""), Line("a.first", "less"))), offers)
    assert [each.where for each in settled.faults] == [(0,), (1,)]


def test_numbers_become_numbers_when_the_lines_are_settled(catalogue: Catalogue) -> None:
    offers = building.for_rule(catalogue.program)
    typed = Built(AND, (MANY, Group(OR, (Line("a.many", "is", ("2.5",)), FIRST))))
    made = building.expression_of(building.settle(typed, offers).built)
    many = {"var": "a.many"}
    assert made == {
        "and": [
            {">=": [many, 12]},
            {"or": [{"===": [many, 2.5]}, {"===": [{"var": "a.first"}, "x"]}]},
        ]
    }


def test_a_gate_over_an_answer_that_can_be_unsure_says_what_that_does(catalogue: Catalogue) -> None:
    line, named = Line("a.yes", "is", ("yes",)), Line("a.yes", "is", ("yes", "unsure"))
    rows = OfRows("a.rows", "some", AND, (Line("signed", "is", ("no",)),))
    gate = building.for_question(catalogue.program, "b.late")
    assert building.unsaid(Built(AND, (line, rows)), gate) == ("Is it so?", "Signed?")
    assert building.unsaid(Built(AND, (named, line)), gate) == ()
    assert building.unsaid(Built(AND, (line,)), building.for_rule(catalogue.program)) == ()


# English

SAID = [
    (Built(), "Always."),
    (Built(AND, (FIRST,)), "Asked when “First?” is “Ex”."),
    (
        Built(AND, (FIRST, MANY)),
        "Asked when “First?” is “Ex” and “How many?” is at least “12 people”.",
    ),
    (
        Built(OR, (Line("a.several", "includes", ("x", "y", "z")), FIRST)),
        "Asked when “Which?” includes “Ex”, “Why” or “Zed” or “First?” is “Ex”.",
    ),
    (
        Built(AND, (Line("a.on", "less", ("2026-05-01",)), Line("c.early", "holds_not"))),
        "Asked when “From when?” is before “1 May 2026” and it is not so that “It is early”.",
    ),
    (
        Built(AND, (FIRST, Group(OR, (FIRST, MANY)))),
        "Asked when “First?” is “Ex” and (“First?” is “Ex” or “How many?” is at least “12 people”).",
    ),
    (
        Built(AND, (OfRows("a.rows", "none", OR, (Line("kind", "is_not", ("x",)),)),)),
        "Asked when for no party, “Kind” is not “Ex”.",
    ),
    (
        Built(AT_LEAST, (FIRST, MANY), 2),
        "Asked when at least 2 of these hold: “First?” is “Ex”; “How many?” is at least “12 people”.",
    ),
    (Built(AND, (Line("", ""), Line("a.first", ""))), "Asked when … … and “First?” … …."),
    (Built(AND, (OfRows("", "", AND, ()),)), "Asked when for … …, ."),
]


@pytest.mark.parametrize(("built", "words"), SAID)
def test_lines_read_as_english_while_they_grow(
    catalogue: Catalogue, built: Built, words: str
) -> None:
    said = building.english(built, building.for_rule(catalogue.program))
    assert "".join(f"“{r.text}”" if r.tone is Tone.EMPHASIS else r.text for r in said) == words


MEANWHILE = [
    ((FIRST,), AND, None, "If it is not answered yet, the question waits."),
    ((FIRST, MANY), AND, None, "If either is not answered yet, the question waits."),
    (
        (FIRST, MANY, Line("c.early", "holds")),
        OR,
        None,
        "If none holds and any of them is not answered yet, the question waits.",
    ),
    (
        (Line("a.yes", "is", ("yes",)),),
        AND,
        False,
        "If it is not answered yet, the question waits. “I don't know” does not ask it.",
    ),
    (
        (Line("a.yes", "is", ("yes",)),),
        AND,
        True,
        "If it is not answered yet, the question waits. “I don't know” counts as a test that holds.",
    ),
    (
        (Line("a.yes", "is", ("yes",)),),
        AND,
        None,
        (
            "If it is not answered yet, the question waits."
            " Say what “I don't know” does to the question: “Is it so?” can be answered so."
        ),
    ),
    (
        (Line("a.yes", "is", ("yes", "unsure")),),
        AND,
        None,
        "If it is not answered yet, the question waits. “I don't know” counts as the tests say.",
    ),
    ((), AND, None, ""),
]


@pytest.mark.parametrize(("lines", "join", "shows", "words"), MEANWHILE)
def test_what_happens_while_something_is_not_answered_is_said(
    catalogue: Catalogue, lines: tuple[Line, ...], join: str, shows: bool | None, words: str
) -> None:
    offers = building.for_question(catalogue.program, "b.late")
    assert building.meanwhile(Built(join, lines), offers, "the question", shows=shows) == words


def test_of_a_rule_it_is_said_that_not_knowing_settles_nothing(catalogue: Catalogue) -> None:
    offers = building.for_rule(catalogue.program)
    said = building.meanwhile(Built(AND, (Line("a.yes", "is", ("yes",)),)), offers, "the flag")
    assert said == (
        "If it is not answered yet, nobody knows yet about the flag."
        " “I don't know” settles nothing: someone must find out."
    )


# As a page posts it


@given(st.integers(0, 10**9))
def test_what_a_page_posts_is_the_lines_it_showed(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311
    built = building.lines_of(some_condition(chance))
    if built is not None:
        again = building.read_posted(dict(posted(built, "when")), "when")
        assert texts(again) == texts(built)


def posted(part: Built | Part, prefix: str) -> Iterator[tuple[str, list[str]]]:
    """Return what a page posts that shows these lines."""
    if isinstance(part, Line):
        yield f"{prefix}-part", [building.LINE]
        yield f"{prefix}-answer", [str(answer) for answer in part.answers]
    else:
        yield f"{prefix}-join", [part.join]
        for n, each in enumerate(part.lines):
            yield from posted(each, f"{prefix}-{n}")
    if isinstance(part, Line | OfRows):
        yield from ((f"{prefix}-about", [part.about]), (f"{prefix}-test", [part.test]))
    else:
        yield f"{prefix}-number", [str(part.number)]
    if isinstance(part, OfRows | Group):
        yield f"{prefix}-part", [building.ROWS if isinstance(part, OfRows) else building.GROUP]


def texts(part: Any) -> Any:
    """Return the parts with every answer as its text, none twice, and no number that says nothing."""
    if isinstance(part, Line):
        return part.about, part.test, tuple(dict.fromkeys(str(answer) for answer in part.answers))
    said = [part.join, getattr(part, "about", ""), getattr(part, "test", "")]
    return *said, getattr(part, "number", 1), tuple(texts(each) for each in part.lines)


def test_a_line_a_group_and_rows_are_added_and_taken_away_at_their_place() -> None:
    empty = Line("", "")
    one = building.add(Built())
    assert one == Built(AND, (empty,))
    two = building.add(one, (), building.GROUP)
    assert two.lines == (empty, Group(OR, (empty, empty)))
    three = building.add(two, (1,), building.ROWS)
    rows = OfRows("", "", AND, (empty,))
    assert three.lines == (empty, Group(OR, (empty, empty, rows)))
    four = building.add(three, (1, 2))
    assert building.remove(four, (1, 2, 0)) == three
    assert building.remove(three, (1, 2, 0)) == two, "rows of which nothing is said go as well"
    assert building.remove(building.remove(two, (1, 0)), (1, 0)) == one
    assert building.remove(one, (7,)) == building.remove(one, ()) == one
    assert building.add(one, (0,)) == building.add(one, (4, 4)) == one


def test_a_page_that_posts_nonsense_makes_no_more_than_the_most_lines() -> None:
    posted = {f"when-{n}-part": ["line"] for n in range(500)}
    posted |= {"when-0-part": ["group"], "when-0-0-part": ["group"], "when-join": ["xor"]}
    posted |= {"when-number": ["-3"], "when-1-answer": ["x", "x", " "], "when-2-part": []}
    built = building.read_posted(posted, "when")
    assert (built.join, built.number, len(built.lines)) == (AND, 1, building.MOST_LINES)
    assert built.lines[:3] == (
        Group(AND, (Line("", ""),)),
        Line("", "", ("x",)),
        Line("", ""),
    )
