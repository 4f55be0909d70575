"""What each sample raises: the flags that a careful data protection officer would expect of it."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path

import pytest

from app.actions.answers_file import read_answers
from app.actions.assessments import evaluate, told
from app.core.assessment import Result
from app.core.record import Record
from app.core.report import next_steps
from app.settings import content_root
from tests.shipped import shipped_catalogue

ON = date(2026, 11, 22)
SAMPLES = content_root() / "questionnaires" / "samples"
MOST = 18  # of flags and tasks together: more than that, nobody reads

# sample: route, flags raised, of them stops, and what is merely not done yet
EXPECTED: dict[str, tuple[str, set[str], set[str], set[str]]] = {
    "translation_contract": ("low_risk", set(), set(), {"R46"}),
    "low_risk_contract": ("low_risk", set(), set(), set()),
    "homelessness_data_linking": (
        "full",
        {
            "R10", "R14", "R27", "R40", "R50", "R54", "R105",
            "tolerance.direct_id", "tolerance.indirect_id", "tolerance.legal_gateway",
        },
        {"R10"},
        {"R46", "R74", "R78", "R96"},
    ),
    "safeguarding_hub": (
        "full",
        {"R38", "R40", "R44", "tolerance.direct_id", "tolerance.indirect_id"},
        set(),
        set(),
    ),
    "child_exploitation_hub": (
        "full",
        {
            "R18", "R32", "R38", "R40", "R44", "R50", "R51", "R54", "R65", "R69",
            "tolerance.direct_id", "tolerance.indirect_id", "tolerance.legal_gateway",
        },
        set(),
        {"R46", "R95", "R96"},
    ),
    "note_taking_pilot": (
        "full",
        {
            "R30", "R31", "R39", "R40", "R43", "R45", "R50", "R51", "R117",
            "tolerance.public_benefit", "tolerance.direct_id", "tolerance.indirect_id",
            "tolerance.legal_framework",
        },
        set(),
        {"R46", "R74", "R78"},
    ),
}  # fmt: skip


@cache
def sample(name: str) -> Record:
    catalogue = shipped_catalogue()
    answers = read_answers(name, (SAMPLES / f"{name}.yaml").read_bytes(), catalogue.program)
    return told(evaluate(catalogue, answers, ON))


def test_every_sample_has_a_line_here() -> None:
    found = {file.stem for file in Path(SAMPLES).glob("*.yaml")} - {"demo"}
    assert found == set(EXPECTED)


@pytest.mark.parametrize("name", EXPECTED)
def test_a_sample_raises_what_a_careful_officer_would_expect(name: str) -> None:
    route, flags, stops, tasks = EXPECTED[name]
    record = sample(name)
    assert record.route.code == route
    assert {each.id for each in record.assessment.flags if each.raised} == flags
    stopping = {each.id for standing in record.standings for each in standing.stops}
    assert stopping == stops
    assert {each.id for each in record.assessment.tasks if each.raised} == tasks
    assert len(flags) + len(tasks) <= MOST
    assert not [each.id for each in record.assessment.flags if each.result is Result.ERROR]


@pytest.mark.parametrize("name", ["translation_contract", "low_risk_contract"])
def test_nothing_holds_up_a_small_contract(name: str) -> None:
    for standing in sample(name).standings:
        assert not standing.stops, standing.stage.id
        assert not standing.open_stops, standing.stage.id
        assert not standing.unfinished, standing.stage.id


def test_the_hub_has_ten_parties_and_a_route_for_each_kind_that_decides() -> None:
    values = sample("child_exploitation_hub").facts.values
    parties = values["parties.list"]
    assert len(parties) == 10
    deciding = {each["kind"] for each in parties if each["role"] != "processor"}
    assert {each["kind"] for each in values["law.routes"]} == deciding


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("child_exploitation_hub", "confirms the advice written here"),
        ("note_taking_pilot", "The advice of the data protection officer is given"),
    ],
)
def test_what_comes_next_knows_whether_advice_was_written_down(name: str, words: str) -> None:
    assert any(words in step for step in next_steps(sample(name)))


def test_what_a_decision_answers_is_asked_of_whoever_decides() -> None:
    steps = next_steps(sample("homelessness_data_linking"))
    assert "Information governance lead: answer 1 question of the stage “DPIA”." in steps
    decided = "decide “Measures approved” and “Remaining risk accepted”."
    assert f"Senior information risk owner or signatory: {decided}" in steps
