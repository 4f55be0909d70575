"""The statutory gateways: all there, offered by kind of organisation and purpose, and the traps."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

from app.actions.answers_file import read_answers
from app.core.assessment import assess
from app.core.facts import facts, facts_given
from app.core.offering import Offered, offered, offered_to_rows
from app.core.rules import Entry
from app.settings import content_root
from tests.definitions.mutation import ON
from tests.shipped import shipped_catalogue

CATALOGUE = shipped_catalogue()
PROGRAM = CATALOGUE.program
GATEWAYS = PROGRAM.offers["law.gateway_list"]
LEGACY = PROGRAM.offers["law.legacy_list"].rule
EXEMPTIONS = PROGRAM.offers["law.exemption_list"].rule
ENTRIES = {entry.code: entry for entry in GATEWAYS.rule.entries}
RELIED_ON = [entry for entry in GATEWAYS.rule.entries if entry.code != "another"]
Given = Mapping[str, Any]


def to_route(route: Given, on: date = ON, **others: Any) -> Offered:
    """What is offered to one legal route."""
    given = {name.replace("__", "."): value for name, value in others.items()}
    found = facts_given(PROGRAM, {"law.routes": [{"role": "controller", **route}], **given}, on)
    (only,) = offered_to_rows(GATEWAYS, found)
    return only


def why_not(found: Offered, code: str) -> str | None:
    return next((near.because for near in found.near if near.entry.code == code), None)


def test_all_59_gateways_and_the_exemptions_are_there_each_in_one_list() -> None:
    every = [e.code for e in (*RELIED_ON, *LEGACY.entries, *EXEMPTIONS.entries)]
    assert {f"G{n:02}" for n in range(1, 60)} | {"X1"} <= set(every)
    assert len(every) == len(set(every))


@pytest.mark.parametrize("entry", RELIED_ON, ids=lambda entry: entry.code)
def test_a_gateway_says_all_that_a_lawyer_asks_first(entry: Entry) -> None:
    for key in ("title", "text", "because", "act", "section", "kind", "who", "limits", "extent"):
        assert getattr(entry, key), key
    assert entry.source
    assert entry.checked is False or isinstance(entry.checked, str)


KINDS = ("mandatory", "permissive", "function", "general", "request regime")


@pytest.mark.parametrize("entry", RELIED_ON, ids=lambda entry: entry.code)
def test_a_gateway_permits_obliges_or_is_a_function(entry: Entry) -> None:
    assert (entry.kind or "").startswith(KINDS)


@pytest.mark.parametrize("entry", RELIED_ON, ids=lambda entry: entry.code)
def test_a_gateway_has_an_example_in_which_it_is_offered_and_one_in_which_it_is_not(
    entry: Entry,
) -> None:
    assert entry.raised_by
    assert entry.not_by


# Offered or not, to whom and for what; with words of the reason for what is not.
TRAPS = [
    ("G01", {"kind": "borough", "purpose": "homelessness"}, {}, None),
    ("G01", {"kind": "nhs", "purpose": "homelessness"}, {}, "No NHS body was on the list"),
    ("G01", {"kind": "voluntary", "purpose": "homelessness"}, {}, "provide services to a listed"),
    ("G01", {"kind": "tfl", "purpose": "homelessness"}, {}, "not found on the list"),
    ("G04", {"kind": "nhs", "purpose": "benefits_debt"}, {}, "Schedule 7"),
    ("G05", {"kind": "nhs", "purpose": "fraud"}, {}, "Schedule 8"),
    ("G06", {"kind": "nhs", "purpose": "statistics_research"}, {}, "health and adult social care"),
    ("G27", {"kind": "borough", "purpose": "serious_violence", "part": "gives"}, {}, None),
    ("G27", {"kind": "nhs", "purpose": "serious_violence", "part": "receives"}, {}, None),
    (
        "G27",
        {"kind": "nhs", "purpose": "serious_violence", "part": "gives"},
        {},
        "never covers patient information",
    ),
    (
        "G09",
        {"kind": "police", "purpose": "crime_disorder"},
        {"data__identifiability": "aggregate"},
        None,
    ),
    (
        "G09",
        {"kind": "police", "purpose": "crime_disorder"},
        {"data__identifiability": "direct"},
        "Look at section 115",
    ),
    (
        "G08",
        {"kind": "voluntary", "purpose": "crime_disorder", "part": "gives"},
        {"data__identifiability": "direct"},
        None,
    ),
    (
        "G08",
        {"kind": "voluntary", "purpose": "crime_disorder", "part": "receives"},
        {},
        "only a relevant authority receives",
    ),
    ("G20", {"kind": "police", "purpose": "safeguarding_adults", "part": "gives"}, {}, None),
    (
        "G20",
        {"kind": "police", "purpose": "safeguarding_adults", "part": "receives"},
        {},
        "Only the Board itself can ask",
    ),
    ("G39", {"kind": "borough", "purpose": "council_tax"}, {}, None),
    ("G39", {"kind": "police", "purpose": "council_tax"}, {}, "no power to give"),
    ("G24", {"kind": "nhs", "purpose": "homelessness"}, {}, None),
    ("G24", {"kind": "police", "purpose": "homelessness"}, {}, "police are not on the list"),
    ("G44", {"kind": "nhs", "purpose": "health_care"}, {}, None),
    ("G44", {"kind": "nhs", "purpose": "statistics_research"}, {}, "not planning, research"),
    ("G15", {"kind": "police", "purpose": "safeguarding_children"}, {}, "function of councils"),
]


@pytest.mark.parametrize(("code", "route", "others", "reason"), TRAPS)
def test_a_trap_is_seen_before_anyone_walks_into_it(
    code: str, route: Given, others: Given, reason: str | None
) -> None:
    found = to_route(route, **others)
    assert (code in [entry.code for entry in found.entries]) is (reason is None)
    if reason is None:
        assert why_not(found, code) is None
    else:
        assert reason in (why_not(found, code) or "")


# What is chosen all the same raises a flag; what is chosen as the law has it does not.
CHOSEN = [
    ("R87", {"gateways": ["G01"], "kind": "nhs"}, True),
    ("R87", {"gateways": ["G01"], "kind": "borough"}, False),
    ("R80", {"gateways": ["G05"], "dea_listed": "no"}, True),
    ("R81", {"gateways": ["G27"], "excluded_information": "yes"}, True),
    ("R81", {"gateways": ["G27"], "excluded_information": "no"}, False),
    ("R82", {"gateways": ["G09"]}, True),
    ("R83", {"gateways": ["G20"], "board_request": "no"}, True),
    ("R83", {"gateways": ["G20"], "board_request": "yes"}, False),
    ("R84", {"gateways": ["G39"], "council_tax_limited": "no"}, True),
    ("R84", {"gateways": ["G39"], "council_tax_limited": "yes"}, False),
    ("R85", {"gateways": ["G37"], "dwp_listed": "no"}, True),
    ("R86", {"gateways": ["G24"], "consent_to_refer": "no"}, True),
    ("R86", {"gateways": ["G24"], "consent_to_refer": "yes"}, False),
    ("R89", {"gateways": ["G44"], "purpose": "statistics_research"}, True),
    ("R90", {"gateways": ["G31"], "channel_limits": "no"}, True),
]


@pytest.mark.parametrize(("flag", "route", "raised"), CHOSEN)
def test_a_gateway_stretched_beyond_its_words_is_flagged(
    flag: str, route: Given, raised: bool
) -> None:
    given = {
        "law.routes": [{"id": 1, "role": "controller", **route}],
        "parties.list": [{"id": 1, "kind": route.get("kind", "borough"), "role": "controller"}],
        "data.identifiability": "direct",
    }
    said = assess(facts_given(PROGRAM, given, ON), "dpia")
    assert next(each.raised for each in said.flags if each.id == flag) is raised


def test_what_is_repealed_is_recognised_in_an_older_agreement_and_never_an_option() -> None:
    column = next(c for c in PROGRAM.questions["law.routes"].columns if c.id == "gateways")
    codes = [entry.code for entry in LEGACY.entries]
    assert {"G23", "G36"} <= set(codes)
    assert not set(codes) & set(column.labels)
    assert "X1" not in column.labels
    old = facts_given(PROGRAM, {"project.kind": "renewal"}, ON)
    assert [e.code for e in offered(PROGRAM.offers["law.legacy_list"], old).entries] == codes
    new = facts_given(PROGRAM, {"project.kind": "new"}, ON)
    assert offered(PROGRAM.offers["law.legacy_list"], new).entries == ()


def test_a_gateway_is_not_offered_before_it_is_in_force() -> None:
    route = {"kind": "borough", "purpose": "homelessness"}
    day_before, first_day = (
        [e.code for e in to_route(route, on).entries]
        for on in (date(2018, 9, 30), date(2018, 10, 1))
    )
    assert "G24" not in day_before
    assert "G24" in first_day


def test_a_processor_is_offered_no_gateway() -> None:
    route = {"role": "processor", "kind": "private", "purpose": "homelessness"}
    assert offered_to_rows(GATEWAYS, facts_given(PROGRAM, {"law.routes": [route]}, ON)) == ()


def test_before_there_are_routes_each_kind_of_organisation_is_looked_at_for_each_purpose() -> None:
    parties = [{"id": n, "kind": "borough", "role": "controller"} for n in range(1, 34)]
    given = {
        "parties.list": [*parties, {"id": 34, "kind": "nhs", "role": "controller"}],
        "project.purposes": ["homelessness", "health_care"],
    }
    rows = offered_to_rows(GATEWAYS, facts_given(PROGRAM, given, ON))
    assert [(each.row or {})["kind"] for each in rows] == ["borough"] * 2 + ["nhs"] * 2


# A route is chosen once for each kind of organisation, role and purpose.

SAMPLE = content_root() / "questionnaires" / "samples" / "homelessness_data_linking.yaml"


def with_like_boroughs(more: int) -> dict[str, Any]:
    """The answers of the sample with so many more boroughs that do what its first one does."""
    answers: dict[str, Any] = read_answers("sample", SAMPLE.read_bytes(), PROGRAM)
    parties = answers["parties.list"]
    first = next(row for row in parties if row["kind"] == "borough")
    top = max(row["id"] for row in parties)
    likes = [{**first, "id": top + n, "name": f"Borough {n}"} for n in range(1, more + 1)]
    return {**answers, "parties.list": [*parties, *likes]}


def test_33_more_like_boroughs_add_no_question_no_route_and_no_flag() -> None:
    few, many = (facts(PROGRAM, with_like_boroughs(more), ON) for more in (0, 33))
    assert len(many.values["parties.list"]) == len(few.values["parties.list"]) + 33
    assert many.shown == few.shown
    own = many.waiting - few.waiting
    columns = PROGRAM.questions["parties.list"]
    # What is new is about each borough by itself, and nothing that the lead owes.
    assert {address.split("/")[0] for address in own} <= {"parties.list"}
    assert not [a for a in own if columns.column(a.split("/")[2]).required]
    assert len(many.values["law.routes"]) == len(few.values["law.routes"])
    raised = [{flag.id for flag in assess(each).raised()} for each in (few, many)]
    assert raised[0] == raised[1]


def test_a_borough_that_is_not_like_the_others_needs_a_route_of_its_kind() -> None:
    answers = with_like_boroughs(1)
    answers["parties.list"][-1].update(kind="fire")
    raised = {flag.id for flag in assess(facts(PROGRAM, answers, ON), "dpia").raised()}
    assert "R04" in raised
