"""Tables of texts, lists in their cells, gaps, short papers, and which papers a project has."""

from __future__ import annotations

import json
from typing import Any

import pytest

from app.actions.assessments import ANSWERS_ALONE, evaluate, told
from app.actions.assessments import documents as called_for
from app.catalogue import Catalogue, compile_catalogue
from app.core import text
from app.core.blocks import Heading, Paragraph, Table, Tone
from app.core.outline import compose
from tests import tiny

ROLES = {"decides": "It decides", "works": "It works for another"}
QUESTIONS = (
    {"id": "a.many", "type": "yes_no", "ask": "Are there many?"},
    {"id": "a.why", "type": "long_text", "ask": "Why is it done?"},
    {"id": "a.note", "type": "text", "ask": "Anything else?", "required": False},
    {
        "id": "a.hidden",
        "type": "text",
        "ask": "Which many?",
        "show_if": {"===": [{"var": "a.many"}, "yes"]},
        "unsure": "hide",
    },
    {
        "id": "a.parties",
        "type": "rows",
        "ask": "Who?",
        "none": "Nobody",
        "columns": [
            {"id": "name", "type": "text", "ask": "Name"},
            {"id": "role", "type": "choice", "ask": "Role", "options": ROLES},
            {"id": "post", "type": "text", "ask": "Who reads post?", "required": False},
        ],
    },
    {
        "id": "a.flows",
        "type": "rows",
        "ask": "What goes?",
        "none": "Nothing",
        "columns": [
            {"id": "from", "type": "row_of", "rows": "a.parties", "ask": "From"},
            {"id": "to", "type": "row_of", "rows": "a.parties", "ask": "To"},
            {"id": "what", "type": "text", "ask": "What"},
        ],
    },
)
PARTIES = [
    {"name": "Carnmere", "role": "decides", "post": "Ada"},
    {"name": "Hartvale", "role": "decides"},
    {"name": "Supplier", "role": "works"},
]
FLOWS = [
    {"from": 1, "to": 3, "what": "Names"},
    {"from": 1, "to": 3, "what": "Addresses"},
    {"from": 1, "to": 2, "what": "Counts."},
]
ANSWERS = {"a.many": "no", "a.why": "To help.", "a.parties": PARTIES, "a.flows": FLOWS}
DECIDES = {"===": [{"var": "role"}, "decides"]}


def files(*blocks: dict[str, Any], **keys: Any) -> dict[str, bytes]:
    outline = {"title": "Paper", "file": "paper", "blocks": blocks, **keys}
    return {**tiny.sources(QUESTIONS), "outputs/paper.yaml": json.dumps(outline).encode()}


def made(*blocks: dict[str, Any], **keys: Any) -> Catalogue:
    return compile_catalogue(files(*blocks, **keys))


def composed(catalogue: Catalogue, answers: dict[str, Any] | None = None) -> list[Any]:
    record = told(
        evaluate(catalogue, ANSWERS if answers is None else answers, tiny.ON), ANSWERS_ALONE
    )
    return list(compose(catalogue.outlines["paper"], record).blocks)


def words(runs: Any) -> str:
    return "".join(run.text for run in runs)


def said(table: Table) -> list[list[str]]:
    return [["; ".join(map(words, cell.paragraphs)) for cell in row] for row in table.rows]


LINES = {
    "table": "Terms",
    "header": ["Term", "Known"],
    "lines": [["Why", "{a.why}"], ["Which", "{a.hidden}"], ["More", "{a.note}"], ["Room", " "]],
}


@pytest.mark.parametrize(
    ("keys", "answers", "cells"),
    [
        ({}, {}, ["To help.", "–", "Not given", "; "]),
        ({}, {"a.why": None}, ["Not answered yet", "–", "Not given", "; "]),
        ({}, {"a.many": "yes", "a.hidden": "All"}, ["To help.", "All", "Not given", "; "]),
        ({"blank": "To be agreed"}, {}, ["To help.", "To be agreed", "To be agreed", "; "]),
        (
            {"blank": "To be agreed"},
            {"a.why": None, "a.many": "yes", "a.hidden": "All", "a.note": "So"},
            ["To be agreed", "All", "So", "; "],
        ),
    ],
)
def test_a_line_says_what_is_known_and_else_what_its_table_says_of_gaps(
    keys: dict[str, str], answers: dict[str, Any], cells: list[str]
) -> None:
    given = {id_: value for id_, value in {**ANSWERS, **answers}.items() if value is not None}
    (table,) = composed(made({**LINES, **keys}), given)
    assert isinstance(table, Table)
    assert table.header == ("Term", "Known")
    assert [row[1] for row in said(table)] == cells
    assert sum(table.widths) == 100


def test_a_cell_of_several_lines_leaves_out_what_is_not_asked_and_says_one_gap_once() -> None:
    cell = ["{a.why}", "Which: {a.hidden}", "Note: {a.note}", "Again: {a.note}"]
    block = {"table": "T", "header": ["What"], "lines": [[cell]], "blank": "To be agreed"}
    (table,) = composed(made(block))
    assert said(table) == [["To help.; To be agreed"]]


def listing(**keys: Any) -> dict[str, Any]:
    return {"rows": "a.flows", "of": "from", "columns": ["to"], **keys}


@pytest.mark.parametrize(
    ("cell", "column"),
    [
        (listing(), ["Supplier; Hartvale", "–"]),
        (listing(columns=["to", "what"]), ["Supplier, Names; Supplier, Addresses; Hartvale, Counts", "–"]),
        (listing(of="to", columns=["what"]), ["–", "Counts"]),
        ({"rows": "a.parties", "columns": ["name"], "where": DECIDES}, ["Carnmere; Hartvale"] * 2),
        ([listing(), "Why: {a.why}"], ["Supplier; Hartvale; Why: To help.", "Why: To help."]),
    ],
)  # fmt: skip
def test_a_row_is_said_for_each_party_with_the_rows_that_refer_to_it(
    cell: Any, column: list[str]
) -> None:
    row = {"Name": "{name}", "Flows": cell}
    block = {"table": "T", "each": "a.parties", "where": DECIDES, "row": row}
    (table,) = composed(made(block))
    assert table.header == ("Name", "Flows")
    assert [each[0] for each in said(table)] == ["Carnmere", "Hartvale"]
    assert [each[1] for each in said(table)] == column


def test_a_list_of_rows_nobody_answered_is_a_gap() -> None:
    block = {"table": "T", "each": "a.parties", "row": {"Flows": listing()}}
    (table,) = composed(made(block), {"a.many": "no", "a.parties": PARTIES[:1]})
    assert said(table) == [["Not answered yet"]]
    assert table.rows[0][0].paragraphs[0][0].tone is Tone.UNANSWERED


NONE = "Nothing comes to it."
TO_IT = {"rows": "a.flows", "of": "to", "columns": ["what"], "otherwise": NONE}
TABLE_TO_IT = {"table": "T", "each": "a.flows", "of": "to", "row": {"What": "{what}"}, "otherwise": NONE}  # fmt: skip


@pytest.mark.parametrize("piece", [TO_IT, TABLE_TO_IT])
def test_within_a_party_only_its_rows_are_said_and_otherwise_that_there_are_none(
    piece: dict[str, Any],
) -> None:
    block = {"each": "a.parties", "blocks": [{"heading": "{name}"}, piece]}
    blocks = composed(made(block))
    assert [each.text for each in blocks if isinstance(each, Heading)] == [
        "Carnmere", "Hartvale", "Supplier",
    ]  # fmt: skip
    rest = [each for each in blocks if not isinstance(each, Heading)]
    assert [isinstance(each, Paragraph) for each in rest] == [True, False, False]
    assert words(rest[0].runs) == NONE
    assert [said(table) for table in rest[1:]] == [[["Counts."]], [["Names"], ["Addresses"]]]


def test_the_first_rows_are_said_and_the_others_counted() -> None:
    table, rest = composed(made({"rows": "a.flows", "columns": ["what"], "first": 2}))
    assert said(table) == [["Names"], ["Addresses"]]
    assert words(rest.runs) == "Not shown here: 1 of 3 (What goes?)."
    (table,) = composed(made({"rows": "a.flows", "columns": ["what"], "first": 3}))
    assert len(table.rows) == 3


@pytest.mark.parametrize(
    ("source", "plain", "named"),
    [
        ("Why: {a.why}", "Not answered yet", "[Not answered yet: Why is it done?]"),
        ("More: {a.many} {a.note}", "No Not given", "No [Not answered yet: Anything else?]"),
    ],
)
def test_a_gap_may_be_named_by_what_was_asked(source: str, plain: str, named: str) -> None:
    answers = {"a.many": "no", "a.parties": PARTIES}
    for gaps, expected in (("plain", plain), ("named", named)):
        (block,) = composed(made({"text": source}, gaps=gaps), answers)
        assert words(block.runs).split(": ", 1)[1] == expected
    (block,) = composed(made({"text": "{a.why}"}, gaps="named"), ANSWERS)
    assert words(block.runs) == "To help."


def test_a_column_of_a_party_is_a_gap_of_its_own() -> None:
    block = {"each": "a.parties", "blocks": [{"text": "{name}: {post}"}]}
    lines = [words(each.runs) for each in composed(made(block, gaps="named"))]
    assert lines[:2] == ["Carnmere: Ada", "Hartvale: [Not answered yet: Who reads post?]"]


@pytest.mark.parametrize(
    ("many", "lines"),
    [("yes", ["Many."]), ("no", ["Few."]), ("unsure", ["Few."]), (None, ["Few."])],
)
def test_else_is_said_where_a_condition_does_not_surely_hold(
    many: str | None, lines: list[str]
) -> None:
    block = {
        "if": {"===": [{"var": "a.many"}, "yes"]},
        "blocks": [{"text": "Many."}],
        "else": [{"text": "Few."}],
    }
    answers = {"a.many": many} if many else {}
    assert [words(each.runs) for each in composed(made(block), answers)] == lines


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("Why: {a.why}", "Why: To help."),
        ("Note: {a.note}", "Nothing known."),  # blank, and may be
        ("Which: {a.hidden}", "Nothing known."),  # not asked
        ("Why: {a.why} {a.note}", "Nothing known."),
    ],
)
def test_else_is_said_where_a_text_names_what_nobody_answered(source: str, line: str) -> None:
    block = {"text": source, "else": [{"text": "Nothing known."}]}
    assert [words(each.runs) for each in composed(made(block))] == [line]


@pytest.mark.parametrize(("first", "lines"), [(1, ["Hartvale"]), (2, ["Hartvale", "Supplier"])])
def test_of_the_rows_that_may_pass_the_first_are_walked_through(
    first: int, lines: list[str]
) -> None:
    rows = [{"name": "Carnmere", "role": "works"}, *PARTIES[1:2], {"name": "Supplier", "role": "decides"}]  # fmt: skip
    block = {"each": "a.parties", "where": DECIDES, "first": first, "blocks": [{"text": "{name}"}]}
    found = composed(made(block), {**ANSWERS, "a.parties": rows})
    assert [words(each.runs) for each in found] == lines


@pytest.mark.parametrize(("many", "there"), [("yes", True), ("no", False), (None, False)])
def test_a_paper_is_called_for_only_where_its_condition_surely_holds(
    many: str | None, there: bool
) -> None:
    catalogue = made({"text": "x"}, **{"if": {"===": [{"var": "a.many"}, "yes"]}})
    found = evaluate(catalogue, {"a.many": many} if many else {}, tiny.ON)
    assert called_for(catalogue, found.facts, found.route) == (["paper"] if there else [])


LONG = "One sentence here. Another sentence there. And a last one that goes on."


@pytest.mark.parametrize(
    ("most", "expected"),
    [
        (len(LONG), LONG),
        (60, "One sentence here. Another sentence there. …"),
        (30, "One sentence here. …"),
        (14, "One …"),
    ],
)
def test_an_answer_is_cut_where_a_sentence_or_a_word_ends(most: int, expected: str) -> None:
    assert text.shorten(LONG, most) == expected
    (block,) = composed(made({"text": "{a.why}"}, at_most=most), {**ANSWERS, "a.why": LONG})
    assert words(block.runs) == expected


def test_one_endless_word_is_cut_too() -> None:
    assert len(text.shorten("x" * 500, 40)) <= 40


ROW = {"Name": "{name}"}


@pytest.mark.parametrize(
    ("blocks", "keys", "fault"),
    [
        ([{"table": "T", "header": ["A", "B"], "lines": [["a"]]}], {}, "not as many cells"),
        ([{"table": "T"}], {}, "a table has 'header' and 'lines', or 'row'"),
        ([{**LINES, "row": ROW}], {}, "a table has 'header' and 'lines', or 'row'"),
        ([{"text": "x"}], {"as": "csv"}, "'as: csv' is one table"),
        ([{"text": "x"}], {"as": "pdf"}, "'word' or 'csv'"),
        ([{"text": "x"}], {"for": "nobody"}, "there are no readers 'nobody'"),
        ([{"text": "x"}], {"if": {"===": [{"var": "a.mony"}, "yes"]}}, "'a.mony'"),
        ([{"table": "T", "row": {"A": "{a.mony}"}}], {}, "'{a.mony}'"),
        ([{"table": "T", "row": {"A": listing(rows="a.flow")}}], {}, "no rows are called 'a.flow'"),
        ([{"table": "T", "row": {"A": listing(columns=["too"])}}], {}, "there is no column 'too'"),
        ([{"table": "T", "row": {"A": listing(of="frim")}}], {}, "there is no column 'frim'"),
        ([{"table": "T", "row": {"A": listing(where={"===": [{"var": "x"}, "y"]})}}], {}, "'x'"),
        ([{"table": "T", "each": "a.parties", "row": {"A": "{nome}"}}], {}, "'{nome}'"),
    ],
)
def test_a_paper_that_cannot_be_written_is_a_fault(
    blocks: list[dict[str, Any]], keys: dict[str, Any], fault: str
) -> None:
    lines = tiny.lines_of(files(*blocks, **keys))
    assert lines
    assert any(fault in line and line.startswith("outputs/paper.yaml:") for line in lines), lines


def test_readers_that_the_pipeline_names_are_known() -> None:
    pipeline = {"readers": {"boards": "For boards"}}
    outline = {"title": "P", "file": "p", "for": "boards", "blocks": [{"text": "x"}]}
    named = tiny.sources(QUESTIONS, pipeline=pipeline)
    assert not tiny.lines_of({**named, "outputs/paper.yaml": json.dumps(outline).encode()})
