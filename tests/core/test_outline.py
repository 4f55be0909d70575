"""What the outline of a document may say beyond plain texts: clauses in parts, forms, offers, faults."""

from __future__ import annotations

import json
from typing import Any

import pytest

from app.actions.assessments import ANSWERS_ALONE, evaluate, told
from app.catalogue import BadDefinitions, Catalogue, compile_catalogue
from app.core.blocks import Clause, Facts, Table, Tone
from app.core.outline import compose
from tests import tiny

QUESTIONS = (
    {"id": "a.settled", "type": "yes_no", "ask": "Is it settled?"},
    {
        "id": "a.how",
        "type": "text",
        "ask": "How is it done?",
        "show_if": {"===": [{"var": "a.settled"}, "no"]},
        "unsure": "hide",
    },
    {"id": "a.note", "type": "text", "ask": "Anything else?", "required": False},
)
SETTLED = {"===": [{"var": "a.settled"}, "yes"]}


ENTRY = {"code": "e", "title": "An entry", "because": "It helps.", "limits": "Not abroad."}
RULES = {"offers": [{"id": "a.offer", "title": "Offered", "entries": [ENTRY]}]}


def made(*blocks: dict[str, Any]) -> Catalogue:
    outline = {"title": "Paper", "file": "paper", "blocks": blocks}
    files = {**tiny.sources(QUESTIONS, RULES), "outputs/paper.yaml": json.dumps(outline).encode()}
    return compile_catalogue(files)


def composed(catalogue: Catalogue, **answers: Any) -> list[Any]:
    given = {key.replace("_", ".", 1): value for key, value in answers.items()}
    record = told(evaluate(catalogue, given, tiny.ON), ANSWERS_ALONE)
    return list(compose(catalogue.outlines["paper"], record).blocks)


def words(runs: Any) -> str:
    return "".join(run.text for run in runs)


CLAUSE = {
    "clause": "Requests",
    "locked": True,
    "text": "Somebody answers.",
    "parts": [{"if": SETTLED, "text": "The protocol says who."}, "It is done so: {a.how}"],
    "then": [{"text": "Nobody waits.", "parts": ["At all."]}, {"text": "Done so: {a.how}"}],
}


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({"a_settled": "yes"}, ["The protocol says who."]),
        ({"a_settled": "no", "a_how": "By post"}, ["It is done so: By post"]),
        ({"a_settled": "no"}, ["It is done so: Not answered yet"]),
        ({}, []),
    ],
)
def test_a_lettered_text_is_said_only_where_its_condition_surely_holds(
    answers: dict[str, str], said: list[str]
) -> None:
    clause = composed(made(CLAUSE), **answers)[0]
    assert [words(part) for part in clause.parts] == said


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({}, ["Both: Not answered yet Not given"]),
        ({"a_note": "No."}, ["Both: Not answered yet No.", "Besides: No."]),
    ],
)
def test_a_text_that_names_only_what_may_be_left_blank_and_was_is_left_out(
    answers: dict[str, str], said: list[str]
) -> None:
    both, besides = "Both: {a.settled} {a.note}", "Besides: {a.note}"
    clause, *paragraphs = composed(
        made(
            {"clause": "C", "text": "T.", "parts": [both, besides]},
            {"text": f"{both}\n\n{besides}"},
        ),
        **answers,
    )
    assert [words(part) for part in clause.parts] == said
    assert [words(each.runs) for each in paragraphs] == said


@pytest.mark.parametrize(("settled", "paragraphs"), [("yes", 2), ("no", 3)])
def test_further_paragraphs_stand_under_the_title_of_their_clause_and_are_locked_with_it(
    settled: str, paragraphs: int
) -> None:
    clauses = composed(made(CLAUSE), a_settled=settled, a_how="By post")
    assert all(isinstance(each, Clause) and each.locked for each in clauses)
    assert [each.title for each in clauses] == ["Requests", "", ""][:paragraphs]
    assert words(clauses[1].parts[0]) == "At all."


def test_a_form_says_what_is_known_and_leaves_room_to_write() -> None:
    fields = {"Who": "", "How": "{a.how}", "When": "Day and time"}
    (form,) = composed(made({"form": "Request", "fields": fields}), a_settled="yes")
    assert isinstance(form, Facts)
    assert [label for label, _ in form.pairs] == ["Who", "How", "When"]
    said = [[words(line) for line in cell.paragraphs] for _, cell in form.pairs]
    assert said == [["", ""], ["", ""], ["Day and time", "", ""]]
    (form,) = composed(made({"form": "Request", "fields": fields}), a_settled="no")
    assert form.pairs[1][1].paragraphs[0][0].tone is Tone.UNANSWERED


OFFERED = {"part": "offers", "offer": "a.offer"}


@pytest.mark.parametrize(
    ("header", "titles", "cells"),
    [
        ([], ["What", "Why it is offered", "Limits and source"], 3),
        (["Step", "Reason"], ["Step", "Reason"], 2),
        (["Step", "Reason", "Bounds"], ["Step", "Reason", "Bounds"], 3),
    ],
)
def test_the_columns_of_an_offer_may_have_titles_of_their_own(
    header: list[str], titles: list[str], cells: int
) -> None:
    (table,) = composed(made({**OFFERED, "header": header}))
    assert isinstance(table, Table)
    assert (list(table.header), len(table.rows[0])) == (titles, cells)
    assert (len(table.widths), sum(table.widths)) == (cells, 100)


def test_facts_say_what_is_known_and_that_the_rest_was_not_given() -> None:
    (facts,) = composed(
        made({"facts": "Ways", "fields": {"How": "{a.how}", "Settled": "{a.settled}"}}),
        a_settled="yes",
    )
    assert [(label, words(cell.paragraphs[0])) for label, cell in facts.pairs] == [
        ("How", "Not given"),
        ("Settled", "Yes"),
    ]


@pytest.mark.parametrize(
    ("block", "fault"),
    [
        ({**OFFERED, "header": ["Alone"]}, "the two or three of an offer"),
        ({"heading": "Request", "header": ["A", "B"]}, "the two or three of an offer"),
        ({"clause": "Requests", "parts": ["a"]}, "a clause has a text"),
        ({"form": "Request"}, "a form have 'fields'"),
        ({"heading": "Request", "fields": {"Who": ""}}, "a form have 'fields'"),
        ({"form": "Request", "fields": {"Who": "{a.hwo}"}}, "nothing is called '{a.hwo}'"),
        ({**CLAUSE, "then": [{"text": "{a.hwo}"}]}, "nothing is called '{a.hwo}'"),
        (
            {"clause": "A", "text": "b", "parts": [{"if": {"var": "a.sttled"}, "text": "c"}]},
            "a.sttled",
        ),
    ],
)
def test_what_an_outline_gets_wrong_is_a_fault(block: dict[str, Any], fault: str) -> None:
    with pytest.raises(BadDefinitions) as bad:
        made(block)
    assert fault in "\n".join(bad.value.lines)
