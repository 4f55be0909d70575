"""What blocks several stages: each of them that the route has, and one of them named."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from app.actions.answers_file import read_answers
from app.actions.assessments import About, evaluate, told
from app.catalogue import Catalogue
from app.core.telling import assessment_data
from tests.shipped import shipped_catalogue
from tests.tiny import ON, flag, page, section, tiny

KIND = {"id": "a.kind", "type": "choice", "ask": "Which?", "options": {"a": "A", "b": "B"}}
LATE = {"id": "b.done", "type": "choice", "ask": "Done?", "options": {"no": "No", "done": "Done"}}
NOT_DONE = {"===": [{"var": "b.done"}, "no"]}


def stage(name: str, *questionnaires: str) -> dict[str, Any]:
    return {
        "id": name,
        "title": name.title(),
        "questionnaires": questionnaires,
        "closed_by": "lead",
    }


PIPELINE = {
    "stages": [stage("first", "q"), stage("long"), stage("short"), stage("last")],
    "route": {
        "id": "x.route",
        "title": "Route",
        "outcomes": [
            {
                "code": "short",
                "label": "Short",
                "when": {"===": [{"var": "a.kind"}, "a"]},
                "stages": ["first", "short", "last"],
            },
            {
                "code": "neither",
                "label": "Neither",
                "when": {"===": [{"var": "a.kind"}, "b"]},
                "stages": ["first", "last"],
            },
            {
                "code": "full",
                "label": "Full",
                "otherwise": True,
                "stages": ["first", "long", "short", "last"],
            },
        ],
    },
}


@pytest.mark.parametrize(
    ("answers", "named", "held"),
    [
        ({"a.kind": "a"}, "short", {"short", "last"}),
        ({"a.kind": "b"}, "short", set()),
        ({}, "long", {"long", "short", "last"}),
    ],
    ids=["one of them on the route", "none on the route", "both on the route"],
)
def test_a_flag_that_blocks_two_stages_holds_up_those_that_the_route_has(
    answers: dict[str, Any], named: str, held: set[str]
) -> None:
    blocking = flag(NOT_DONE, blocks=["short", "long"], checked="2026-01-01")
    rules = {"flags": [blocking]}
    catalogue = tiny(rules=rules, sections=[section([page([KIND, LATE])])], pipeline=PIPELINE)
    record = told(evaluate(catalogue, {**answers, "b.done": "no"}, ON), About(reference="FP-1"))
    assert {each.stage.id for each in record.standings if each.stops} == held
    assert [each.id for each in record.stops] == (["F1"] if held else [])
    assert assessment_data(record)["flags"][0]["blocks"] == named


@pytest.fixture(scope="module")
def shipped(repository: Path) -> Catalogue:
    return shipped_catalogue()


@pytest.mark.parametrize(
    ("flag_id", "given", "stops"),
    [
        ("R67", {"parties.art28": "none_yet"}, True),
        ("R67", {"parties.art28": "draft"}, True),
        ("R67", {"parties.art28": "signed"}, False),
        ("R74", {"dpo.advice_given": "requested"}, True),
        ("R74", {"dpo.advice_given": "none_yet"}, True),
        ("R74", {"dpo.advice_given": "given"}, False),
    ],
)
def test_the_short_agreement_is_not_signed_without_contract_or_advice(
    shipped: Catalogue, repository: Path, flag_id: str, given: dict[str, Any], *, stops: bool
) -> None:
    sample = repository / "questionnaires" / "samples" / "low_risk_contract.yaml"
    answers = read_answers("sample", sample.read_bytes(), shipped.program)
    record = told(evaluate(shipped, answers | given, ON), About(stage="short_record"))
    assert record.route.code == "low_risk"
    short = next(each for each in record.standings if each.stage.id == "short_record")
    assert (flag_id in {each.id for each in short.stops}) is stops
