"""Where a person is in a questionnaire, what is unfinished, and where they go on."""

from __future__ import annotations

from typing import Any

import pytest

from app.core.journey import Journey, Status, journey
from tests.tiny import evaluate, page, section, tiny


def asked(name: str, **keys: Any) -> dict[str, Any]:
    return {"id": name, "type": "text", "ask": f"What is {name}?", **keys}


ROWS = {
    "id": "c.rows",
    "type": "rows",
    "ask": "Which?",
    "none": "There are none",
    "columns": [
        {"id": "name", "type": "text", "ask": "Name"},
        {"id": "note", "type": "text", "ask": "Note", "required": False},
    ],
}
PAGES = [
    page([asked("a.lead"), asked("a.dpo", **{"for": "dpo"})], "one"),
    page([asked("b.more", required=False)], "two"),
    page([ROWS], "three"),
    page([asked("d.gated")], "four", show_if={"===": [{"var": "e.gate"}, "yes"]}),
]
GATE = [page([{"id": "e.gate", "type": "yes_no", "ask": "More?", "unsure": False}], "gate")]
CATALOGUE = tiny(sections=[section(GATE, "first"), section(PAGES, "rest")])


def walked(answers: dict[str, Any], *, optional: tuple[str, ...] = ()) -> Journey:
    return journey(evaluate(CATALOGUE, answers), CATALOGUE.questionnaires, ["q"], optional)


def pages(found: Journey) -> list[str]:
    return [step.page.id for step in found.steps]


@pytest.mark.parametrize(
    ("answers", "wanted"),
    [
        ({}, ["gate", "one", "two", "three", "last"]),
        ({"e.gate": "no"}, ["gate", "one", "two", "three", "last"]),
        ({"e.gate": "yes"}, ["gate", "one", "two", "three", "four", "last"]),
    ],
)
def test_the_journey_holds_the_pages_that_are_surely_asked(
    answers: dict[str, Any], wanted: list[str]
) -> None:
    assert pages(walked(answers)) == wanted


@pytest.mark.parametrize(
    ("answers", "wanted", "lead"),
    [
        ({}, {"lead": ("a.lead",), "dpo": ("a.dpo",)}, Status.YOURS),
        ({"a.lead": "x"}, {"dpo": ("a.dpo",)}, Status.OTHERS),
        ({"a.lead": "x", "a.dpo": "y"}, {}, Status.COMPLETE),
    ],
)
def test_a_page_is_unfinished_for_whoever_still_owes_an_answer(
    answers: dict[str, Any], wanted: dict[str, tuple[str, ...]], lead: Status
) -> None:
    step = walked(answers).step("q", "one")
    assert step is not None
    assert step.unfinished == wanted
    assert step.status("lead") is lead
    assert (step.asked, step.answered) == (2, len(answers))


def test_nothing_is_owed_on_a_page_whose_questions_may_be_left_blank() -> None:
    step = walked({}).step("q", "two")
    assert step is not None
    assert step.complete
    assert (step.asked, step.answered) == (1, 0)


@pytest.mark.parametrize(
    ("rows", "owed"),
    [
        (None, ("c.rows",)),
        ([], None),
        ([{"id": 1}], ("c.rows/1/name",)),
        ([{"id": 1, "name": "x"}], None),
        ([{"id": 1, "name": "x"}, {"id": 2, "note": "y"}], ("c.rows/2/name",)),
    ],
)
def test_rows_owe_the_required_columns_of_each_row_or_the_word_that_there_are_none(
    rows: list[dict[str, Any]] | None, owed: tuple[str, ...] | None
) -> None:
    step = walked({} if rows is None else {"c.rows": rows}).step("q", "three")
    assert step is not None
    assert step.unfinished.get("lead") == owed


def test_nothing_is_owed_on_a_questionnaire_that_is_only_offered() -> None:
    found = walked({}, optional=("q",))
    assert all(step.complete for step in found.steps)
    assert found.onward(None, "lead", ["q"]) is None


@pytest.mark.parametrize(
    ("at", "person", "answers", "wanted"),
    [
        (None, "lead", {}, "gate"),
        ("gate", "lead", {"e.gate": "no"}, "one"),
        ("one", "lead", {"e.gate": "no"}, "three"),
        ("last", "lead", {}, "gate"),
        ("one", "dpo", {}, None),
        ("two", "dpo", {}, "one"),
        ("one", "dpo", {"a.dpo": "x"}, None),
    ],
)
def test_a_person_goes_on_to_the_next_page_they_owe_something_on_then_to_earlier_ones(
    at: str | None, person: str, answers: dict[str, Any], wanted: str | None
) -> None:
    found = walked(answers)
    step = None if at is None else found.step("q", at)
    onward = found.onward(step, person, ["q"])
    assert (onward.page.id if onward else None) == wanted


def test_an_offered_questionnaire_leads_from_page_to_page_to_its_end() -> None:
    found = walked({}, optional=("q",))
    visited, step = [], found.offered(None, "q")
    while step is not None:
        visited.append(step.page.id)
        step = found.offered(step, "q")
    assert visited == pages(found)


def test_a_page_the_answers_do_not_lead_to_is_no_step() -> None:
    assert walked({"e.gate": "no"}).step("q", "four") is None
