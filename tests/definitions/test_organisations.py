"""What is asked of organisations: assurance and its gap score, roles and their gaps, dates."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from app import strict_yaml
from app.actions.demonstration import ORGANISATIONS
from app.catalogue import Organisations
from app.core.assessment import assess
from app.core.facts import Facts, facts, facts_given
from app.core.questions import type_of
from app.settings import content_root
from tests.shipped import shipped_catalogue

ON = date(2026, 11, 22)


def organisations() -> Organisations:
    found = shipped_catalogue().organisations
    assert found is not None
    return found


THEIRS = organisations()
FAULTLESS: dict[str, Any] = {
    "org.kind": "borough",
    "org.registered": "registered",
    "org.registered_until": "2026-11-22",
    "assurance.held": ["cyber_essentials"],
    "assurance.until": "2026-11-22",
    "assurance.screening": "all",
    "assurance.training": "all",
    "assurance.given_on": "2025-11-22",
}


def said(answers: dict[str, Any], on: date = ON) -> Facts:
    return facts(THEIRS.program, answers, on)


ASSURANCE: list[tuple[dict[str, Any], int, int, str]] = [
    # changed answers, gaps, gap score, level: 0 significant, 1 limited, more none, -10 expired
    ({}, 0, 0, "significant"),
    ({"org.registered": "exempt"}, 0, 0, "significant"),
    ({"org.registered": "not_registered"}, 1, 1, "limited"),
    ({"org.registered_until": "2026-11-21"}, 1, 1, "limited"),
    ({"assurance.held": ["dspt"]}, 1, 1, "limited"),
    ({"assurance.held": ["iso27001"]}, 0, 0, "significant"),
    ({"assurance.held": ["dspt", "cyber_essentials_plus"]}, 0, 0, "significant"),
    ({"assurance.screening": "some"}, 1, 1, "limited"),
    ({"assurance.screening": "none_yet"}, 1, 1, "limited"),
    ({"assurance.training": "some"}, 1, 1, "limited"),
    ({"assurance.training": "none_yet"}, 1, 1, "limited"),
    ({"assurance.held": ["none_yet"]}, 2, 2, "none"),
    ({"assurance.screening": "some", "assurance.training": "some"}, 2, 2, "none"),
    (
        {
            "org.registered": "not_registered",
            "assurance.held": ["none_yet"],
            "assurance.screening": "none_yet",
            "assurance.training": "none_yet",
        },
        5,
        5,
        "none",
    ),
    # Good for a year, and no longer than the first certificate.
    ({"assurance.given_on": "2025-11-21"}, 0, -10, "expired"),
    ({"assurance.until": "2026-11-21"}, 0, -10, "expired"),
    ({"assurance.held": ["none_yet"], "assurance.given_on": "2025-11-21"}, 2, -10, "expired"),
]


@pytest.mark.parametrize(("changed", "gaps", "score", "level"), ASSURANCE)
def test_assurance_counts_its_gaps_and_expires(
    changed: dict[str, Any], gaps: int, score: int, level: str
) -> None:
    values = said({**FAULTLESS, **changed}).values
    assert values["assurance.gaps"] == gaps
    assert values["assurance.score"] == score
    assert values["assurance.level"] == level


def test_assurance_expires_by_the_day_alone() -> None:
    levels = [
        said(FAULTLESS, on).values["assurance.level"]
        for on in (date(2026, 11, 22), date(2026, 11, 23))
    ]
    assert levels == ["significant", "expired"]


@pytest.mark.parametrize(
    "missing", ["org.registered", "assurance.held", "assurance.screening", "assurance.given_on"]
)
def test_no_level_before_the_five_are_answered(missing: str) -> None:
    values = said({id_: v for id_, v in FAULTLESS.items() if id_ != missing}).values
    assert "assurance.level" not in values


def test_what_nobody_knows_is_no_gap_and_gives_no_level() -> None:
    found = said({**FAULTLESS, "assurance.training": "unsure"})
    assert {"assurance.gaps", "assurance.level"} <= found.waiting


ROLES: list[tuple[str, dict[str, Any], str | None]] = [
    ("role.dpo", {"who.dpo_state": "named"}, "named"),
    ("role.dpo", {"who.dpo_state": "shared"}, "shared"),
    ("role.dpo", {"who.dpo_state": "not_required", "org.public": False}, "not_needed"),
    ("role.dpo", {"who.dpo_state": "not_required", "org.public": True}, "doubtful"),
    ("role.dpo", {"who.dpo_state": "none_yet", "org.public": True}, "nobody"),
    ("role.siro", {"who.siro_state": "named"}, "named"),
    ("role.siro", {"who.siro_state": "none_yet"}, "nobody"),
    ("role.caldicott", {"who.caldicott_state": "named", "org.care": True}, "named"),
    ("role.caldicott", {"who.caldicott_state": "not_needed", "org.care": False}, "not_needed"),
    ("role.caldicott", {"who.caldicott_state": "not_needed", "org.care": True}, "doubtful"),
    ("role.caldicott", {"who.caldicott_state": "none_yet", "org.care": False}, "nobody"),
    ("role.ig_lead", {"who.ig_lead_state": "named", "who.same_person": "no"}, "named"),
    ("role.ig_lead", {"who.ig_lead_state": "named", "who.same_person": "yes"}, "also_dpo"),
    ("role.ig_lead", {"who.ig_lead_state": "none_yet"}, "nobody"),
    ("role.signatory", {"who.signatory_state": "named"}, "named"),
    ("role.signatory", {"who.signatory_state": "none_yet"}, "nobody"),
    (
        "role.signatory",
        {"who.signatory_state": "named", "who.delegation_until": "2026-11-21"},
        "ended",
    ),
    (
        "role.signatory",
        {"who.signatory_state": "named", "who.delegation_until": "2026-11-22"},
        "named",
    ),
    ("record.age", {"record.checked": "2025-11-21"}, "old"),
    ("record.age", {"record.checked": "2025-11-22"}, "current"),
]


@pytest.mark.parametrize(("role", "given", "standing"), ROLES)
def test_a_role_stands_as_the_answers_say(
    role: str, given: dict[str, Any], standing: str | None
) -> None:
    assert facts_given(THEIRS.program, given, ON).values[role] == standing


def test_a_role_of_which_nobody_has_said_anything_has_no_standing() -> None:
    found = said({"org.kind": "borough"})
    for role in THEIRS.pipeline.roles:
        assert role.standing in found.waiting


def test_the_parts_of_the_map_are_all_told_apart() -> None:
    """Every outcome of a role is held, a gap, not needed, or has words of its own."""
    for role in THEIRS.pipeline.roles:
        codes = set(THEIRS.program.scope[role.standing].codes)
        listed = [*role.gaps, *role.needless, *role.held]
        assert len(listed) == len(set(listed))
        assert set(listed) <= codes
        assert "nobody" in role.gaps


def sample() -> list[dict[str, Any]]:
    found = strict_yaml.parse((content_root() / ORGANISATIONS).read_bytes())
    assert found.faults == []
    assert isinstance(found.value, list)
    return found.value


@pytest.mark.parametrize("each", sample(), ids=lambda each: each["name"])
def test_every_answer_of_a_sample_organisation_can_be_read(each: dict[str, Any]) -> None:
    for id_, raw in each["answers"].items():
        question = THEIRS.program.questions[id_]
        reading = type_of(question).from_file(question, raw)
        assert (reading.error, reading.value) == (None, raw)
    for id_ in each["days"]:
        assert THEIRS.program.questions[id_].type == "date"


def test_every_flag_says_its_law_and_that_nobody_has_confirmed_it() -> None:
    for flag in assess(said(FAULTLESS)).flags:
        assert flag.rule.source
        assert flag.rule.checked is False
        assert flag.rule.blocks == ()
