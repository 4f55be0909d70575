"""Each trigger of the screening alone, on either side of its boundary, and the routes it leads to."""

from __future__ import annotations

from typing import Any

import pytest

from app.core.facts import Facts, facts
from tests.definitions.mutation import ON
from tests.shipped import shipped_catalogue

PROGRAM = shipped_catalogue().program

# A contract with a supplier: nothing in it calls for a DPIA.
QUIET: dict[str, Any] = {
    "project.door": "new",
    "parties.list": [
        {"id": 1, "kind": "borough", "group": "one", "role": "controller", "nation": "england"},
        {"id": 2, "kind": "private", "group": "one", "role": "processor", "nation": "england"},
    ],
    "data.personal": "yes",
    "data.identifiability": "direct",
    "data.special": ["none"],
    "data.criminal": "none",
    "data.highly_personal": ["none"],
    "data.nhs_confidential": "no",
    "data.given_in_confidence": "no",
    "data.matching": "no",
    "proc.new_purpose": "no",
    "subjects.children": "none",
    "subjects.vulnerable": "no",
    "subjects.staff": "no",
    "subjects.relationship": "chosen",
    "subjects.count_band": "100_to_999",
    "subjects.area": "one_borough",
    "proc.duration": "ongoing",
    "proc.uses": ["none"],
    "proc.physical_harm": "no",
    "proc.profiling": "no",
    "proc.denies_service": "no",
    "proc.adm": "none",
    "proc.significant": "no",
    "proc.human_meaningful": "yes",
    "proc.monitor_systematic": "no",
    "proc.monitor_public": "no",
    "proc.tracking": "no",
    "proc.innovative": "no",
    "proc.ai": "none",
    "proc.invisible": "no",
    "proc.marketing": "no",
    "proc.online_service_children": "no",
    "proc.enforcement": "no",
}
TWO_CONTROLLERS = [
    {"id": 1, "kind": "borough", "group": "one", "role": "controller", "nation": "england"},
    {"id": 2, "kind": "borough", "group": "one", "role": "controller", "nation": "england"},
]
ALL_BOROUGHS = [
    {"id": 1, "kind": "borough", "group": "all_boroughs", "role": "joint", "nation": "england"}
]
PATIENTS = [
    {"id": 1, "kind": "nhs", "group": "one", "role": "controller", "nation": "england"},
    {"id": 2, "kind": "private", "group": "one", "role": "processor", "nation": "england"},
]
LARGE = {"subjects.count_band": "1000_to_9999"}  # 2 for people, 1 for the borough, 2 for ever
POWER = {"subjects.relationship": "power"}  # one criterion, and nothing else

DECIDE, WATCH, TECHNOLOGY = (
    {"proc.uses": ["decide"]},
    {"proc.uses": ["watch"]},
    {"proc.uses": ["technology"]},
)
UNSEEN, REACH = {"proc.uses": ["unseen"]}, {"proc.uses": ["reach"]}

OUTCOMES: list[tuple[str, dict[str, Any], str]] = [
    ("nothing", {}, "not_required"),
    # Article 35(3)
    (
        "evaluation",
        DECIDE | {"proc.profiling": "yes", "proc.adm": "assists", "proc.significant": "yes"},
        "required_law",
    ),
    (
        "evaluation without weight",
        DECIDE | {"proc.profiling": "yes", "proc.adm": "assists"},
        "recommended",
    ),
    ("large scale, health", LARGE | {"data.special": ["health"]}, "required_law"),
    ("small scale, health", {"data.special": ["health"]}, "recommended"),
    ("large scale, allegations", LARGE | {"data.criminal": "allegations"}, "required_law"),
    ("large scale alone", LARGE, "recommended"),
    (
        "public places",
        WATCH | LARGE | {"proc.monitor_systematic": "yes", "proc.monitor_public": "yes"},
        "required_law",
    ),
    (
        "public places, small",
        WATCH | {"proc.monitor_systematic": "yes", "proc.monitor_public": "yes"},
        "recommended",
    ),
    # The regulator's ten
    ("1 new technology", TECHNOLOGY | {"proc.innovative": "yes"}, "recommended"),
    ("1 and one more", TECHNOLOGY | POWER | {"proc.innovative": "yes"}, "required_law"),
    (
        "1 a model and one more",
        TECHNOLOGY | POWER | {"proc.ai": "machine_learning"},
        "required_law",
    ),
    (
        "2 access by computer",
        DECIDE | {"proc.denies_service": "yes", "proc.adm": "assists"},
        "required_law",
    ),
    ("2 access by hand", DECIDE | {"proc.denies_service": "yes"}, "recommended"),
    ("3 profiling, large", DECIDE | LARGE | {"proc.profiling": "yes"}, "required_law"),
    ("3 profiling, small", DECIDE | {"proc.profiling": "yes"}, "recommended"),
    ("4 biometric", {"data.special": ["biometric"]}, "recommended"),
    ("4 and one more", POWER | {"data.special": ["biometric"]}, "required_law"),
    ("5 genetic", {"data.special": ["genetic"]}, "recommended"),
    ("5 and one more", POWER | {"data.special": ["genetic"]}, "required_law"),
    ("6 matching", {"data.matching": "yes"}, "required_law"),
    ("7 invisible", UNSEEN | {"proc.invisible": "yes"}, "not_required"),
    ("7 and one more", UNSEEN | POWER | {"proc.invisible": "yes"}, "required_law"),
    ("8 tracking", WATCH | {"proc.tracking": "yes"}, "not_required"),
    ("8 and one more", WATCH | POWER | {"proc.tracking": "yes"}, "required_law"),
    (
        "9 children, advertising",
        REACH | {"subjects.children": "some", "proc.marketing": "yes"},
        "required_law",
    ),
    ("9 adults, advertising", REACH | {"proc.marketing": "yes"}, "not_required"),
    ("9 online service", REACH | {"proc.online_service_children": "yes"}, "required_law"),
    ("10 danger", {"proc.physical_harm": "yes"}, "required_law"),
    ("10 secret address", {"data.highly_personal": ["safe_address"]}, "required_law"),
    # The nine criteria: one, two
    ("one criterion", POWER, "recommended"),
    ("two criteria", POWER | {"data.criminal": "convictions"}, "required_guidance"),
    # Sharing between organisations that decide for themselves
    ("regular sharing", {"parties.list": TWO_CONTROLLERS}, "recommended"),
    ("regular sharing in a group", {"parties.list": ALL_BOROUGHS}, "recommended"),
    (
        "a single exchange",
        {"parties.list": TWO_CONTROLLERS, "proc.duration": "one_off"},
        "not_required",
    ),
    (
        "few people",
        {"parties.list": TWO_CONTROLLERS, "subjects.count_band": "under_100"},
        "not_required",
    ),
]


def found(change: dict[str, Any]) -> Facts:
    return facts(PROGRAM, QUIET | change, ON)


@pytest.mark.parametrize(
    ("change", "outcome"), [case[1:] for case in OUTCOMES], ids=[case[0] for case in OUTCOMES]
)
def test_each_trigger_alone_gives_its_outcome(change: dict[str, Any], outcome: str) -> None:
    assert found(change).values.get("dpia.screening") == outcome


ROUTES: list[tuple[str, dict[str, Any], str]] = [
    ("quiet", {}, "low_risk"),
    ("unsure whether personal", {"data.personal": "unsure"}, "low_risk"),
    ("advertising to adults", REACH | {"proc.marketing": "yes"}, "low_risk"),
    ("someone at risk", {"project.door": "urgent"}, "urgent"),
    ("counts", {"data.personal": "no", "data.identifiability": "aggregate"}, "no_personal_data"),
    (
        "codes are personal",
        {"data.personal": "no", "data.identifiability": "pseudonymised"},
        "low_risk",
    ),
    ("one criterion", POWER, "full"),
    ("a doubt", {"subjects.vulnerable": "unsure"}, "full"),
    (
        "a doubt about a role",
        {"parties.list": [{"id": 1, "group": "one", "role": "unsure", "nation": "england"}]},
        "full",
    ),
    ("told in confidence", {"data.given_in_confidence": "yes"}, "full"),
    (
        "patients' names from a surgery, and nothing on health",
        {"parties.list": PATIENTS, "data.nhs_confidential": "yes"},
        "full",
    ),
    ("new purpose", {"proc.new_purpose": "yes"}, "full"),
    ("may decide about people", DECIDE, "full"),
    (
        "partner abroad",
        {"parties.list": [{"id": 1, "group": "one", "role": "controller", "nation": "outside_uk"}]},
        "full",
    ),
]


@pytest.mark.parametrize(
    ("change", "route"), [case[1:] for case in ROUTES], ids=[case[0] for case in ROUTES]
)
def test_the_answers_lead_to_their_route(change: dict[str, Any], route: str) -> None:
    assert found(change).values.get("project.route") == route


def test_the_route_is_undetermined_while_a_question_that_decides_it_is_blank() -> None:
    blank = {key: value for key, value in QUIET.items() if key != "data.special"}
    result = facts(PROGRAM, blank, ON)
    assert "project.route" in result.waiting
    assert "project.route" not in result.values
