"""Traps of the law and contradictions of answers, as a careful data protection officer meets them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from app.core.assessment import assess
from app.core.facts import facts
from tests.definitions.mutation import ON
from tests.definitions.test_screening import QUIET
from tests.shipped import shipped_catalogue

PROGRAM = shipped_catalogue().program
Answers = dict[str, Any]

# A full route: three like boroughs and a charity share about people who may lose their home.
FULL: Answers = {
    **QUIET,
    "data.special": ["health"],
    "subjects.relationship": "power",
    "subjects.groups": ["residents"],
    "project.purposes": ["homelessness"],
    "data.collected_on": "task",
    "parties.list": [
        {"id": 1, "kind": "borough", "group": "all_boroughs", "role": "joint", "part": "both", "nation": "england"},
        {"id": 2, "kind": "voluntary", "group": "one", "role": "controller", "part": "both", "nation": "england"},
    ],
    "share.flows": [
        {"id": 1, "from": 1, "to": 2, "identifies": "named", "method": "portal"},
        {"id": 2, "from": 2, "to": 1, "identifies": "named", "method": "portal"},
    ],
    "intent.positions": [],
    "share.trigger": "bulk",
    "data.items": [{"id": 1, "item": "Name", "sends": 1, "receives": 2, "identifying": "yes", "direct": "yes", "special": "no"}],
    "sec.hosted_by": "own",
    "ret.period": "fixed",
    "ret.in_schedule": "yes",
    "risks.matrix": "ico_3x3",
    "risks.register": [],
}  # fmt: skip
BOROUGH: Answers = {
    "id": 1, "kind": "borough", "part": "both", "role": "joint", "purpose": "homelessness", "regime": "part2", "art6": "e",
    "power": "function", "gateways": ["G25"], "in_force": "confirmed", "art9": "g", "schedule1": "6", "apd": "exists",
    "art10": "not_needed", "confidence": "not_owed", "bars": ["none"], "status": "confirmed",
}  # fmt: skip
CHARITY: Answers = {
    "id": 2, "kind": "voluntary", "part": "both", "role": "controller", "purpose": "homelessness", "regime": "part2", "art6": "f",
    "art9": "a", "art10": "not_needed", "confidence": "not_owed", "bars": ["none"], "status": "confirmed",
}  # fmt: skip
SUPPLIER: Answers = {"id": 3, "kind": "private", "part": "both", "role": "processor", "purpose": "homelessness"}  # fmt: skip


def outcomes(answers: Answers, on: date = ON) -> dict[str, str]:
    """Every rule's outcome over these answers, given on top of a full route."""
    told = {**FULL, "law.routes": [BOROUGH, CHARITY], **answers}
    said = assess(
        facts(PROGRAM, told, on), "sharing_agreement"
    )  # what was a task is a flag by then
    return {flag.id: flag.result.value for flag in said.flags}


def routes(**borough: Any) -> Answers:
    return {"law.routes": [{**BOROUGH, **borough}, CHARITY]}


def flow(**first: Any) -> Answers:
    return {"share.flows": [{**FULL["share.flows"][0], **first}, FULL["share.flows"][1]]}


def risk(effect: str, *ratings: str) -> Answers:
    """One risk: likelihood and severity before and after."""
    keys = ("likelihood", "severity", "residual_likelihood", "residual_severity")
    return {
        "risks.register": [{"id": 1, "effect": effect, **dict(zip(keys, ratings, strict=True))}]
    }


NEW = {"proc.new_purpose": "yes"}
HIGH = risk("accepted", "probable", "severe", "probable", "severe")
ASKED = {
    **HIGH,
    "sign.regulator_ref": "IC-1",
    "sign.regulator_sent": "2026-10-01",
    "sign.regulator_longer": "no",
    "sign.regulator_pauses": [],
}

# What the warnings of the legal gateway say, and the rule that says it.
WARNINGS: list[tuple[str, str, Answers, Answers]] = [
    ("W1 legitimate interests are not for a public body's own tasks", "R07", routes(art6="f"), {}),
    ("W1 nor are recognised ones", "R07", routes(art6="ea"), {}),
    ("W2 consent is not free where one side holds power", "R08", routes(art6="a", consent_free="yes", consent_stop="yes"), {}),
    ("W3 a purpose that fits is no basis", "R04", {**NEW, "law.compat": "annex2", **routes(art6="none_yet")}, {**NEW, "law.compat": "annex2"}),
    ("W4 sensitive information needs a second condition", "R16", routes(art9="none_yet"), {}),
    ("W4 and often a third", "R17", routes(schedule1="none_yet"), {}),
    ("W4 and a policy document", "R18", routes(apd="draft"), routes(schedule1="2", art9="h", apd="draft")),
    ("W5 information about crime needs a condition of its own", "R19", {"data.criminal": "allegations", **routes(art10="none_yet")}, {"data.criminal": "allegations", **routes(art10="official_authority")}),
    ("W6 a power is not a duty", "R91", routes(art6="c", power="permissive"), routes(art6="c", power="mandatory")),
    ("W7 a general power alone is fragile", "R06", routes(power="general"), {}),
    ("W8 an exemption is not a gateway", "R97", {"law.exemptions": ["crime_tax"], "law.exemptions_recorded": "yes"}, {"law.exemptions": ["crime_tax"], "law.exemptions_recorded": "yes", "share.trigger": "case"}),
    ("W9 confidence stands apart", "R10", {"data.given_in_confidence": "yes", **routes(confidence="none_yet")}, {"data.given_in_confidence": "yes", **routes(confidence="statute")}),
    ("W10 an order is cited", "R21", routes(art6="order", order_kind="letter"), routes(art6="order", order_kind="direction", order_binds="obliges")),
    ("W11 the receiver needs a basis of its own", "R04", {"law.routes": [BOROUGH]}, {}),
    ("W12 a supplier needs a contract", "R67", {"parties.list": [*FULL["parties.list"], {"id": 3, "kind": "private", "group": "one", "role": "processor", "part": "both", "nation": "england"}], "parties.art28": "draft"}, {}),
    ("W12 and no gateway of its own", "R04", {"law.routes": [BOROUGH, {**SUPPLIER, "kind": "voluntary"}]}, {"law.routes": [BOROUGH, CHARITY, SUPPLIER]}),
    ("W13 a memorandum is no agreement", "R79", {"share.started": "statement_only"}, {"share.started": "agreement"}),
    ("W14 sensitive information in decisions by machine alone", "R24", {"proc.uses": ["decide"], "proc.adm": "solely", "proc.significant": "yes", "adm.special_condition": "none_yet"}, {"proc.uses": ["decide"], "proc.adm": "assists", "proc.significant": "yes", "adm.special_condition": "none_yet"}),
    ("W15 s.17A names nobody", "R82", routes(gateways=["G09"]), {"data.identifiability": "aggregate", **routes(gateways=["G09"])}),
    ("W16 the serious violence power leaves patients out", "R81", routes(gateways=["G27"], excluded_information="yes"), routes(gateways=["G27"], excluded_information="no")),
    ("W17 a power may not be in force", "R09", routes(gateways=["G11"], in_force="check"), {}),
]  # fmt: skip

TRAPS: list[tuple[str, str, Answers, Answers]] = [
    ("no power", "R05", routes(power="none"), {}),
    ("an assessment that the law requires and nobody makes", "R134", {"data.matching": "yes", "data.match_key": "uprn", "dpia.state": "not_doing"}, {"dpia.state": "not_doing"}),
    ("a route under Part 3 needs no Article 6 basis", "R20", routes(regime="part3", le_basis="none_yet", art6="none_yet"), routes(art6="none_yet")),
    ("three of five factors against", "R111", {**NEW, "law.compat": "test", "law.compat_link": "no", "law.compat_context": "no", "law.compat_nature": "no", "law.compat_effects": "yes", "law.compat_safeguards": "yes"}, {**NEW, "law.compat": "test", "law.compat_link": "yes", "law.compat_context": "no", "law.compat_nature": "no", "law.compat_effects": "yes", "law.compat_safeguards": "yes"}),
    ("a public body answers a request for its own task", "R112", {**NEW, "law.compat": "annex2", "law.compat_annex2": "request"}, {**NEW, "law.compat": "annex2", "law.compat_annex2": "request", "law.routes": [{**BOROUGH, "part": "receives"}, CHARITY]}),
    ("the same list for what was given by consent", "R112", {**NEW, "data.collected_on": "consent", "law.consent_reuse": "annex2", "law.compat_annex2": "none_yet"}, {**NEW, "data.collected_on": "consent", "law.consent_reuse": "new_consent"}),
    ("agreement implied beyond direct care", "R113", routes(confidence="consent", confidence_consent="implied"), routes(confidence="consent", confidence_consent="implied", purpose="health_care")),
    ("support under section 251 applied for", "R114", routes(confidence="s251", s251_support="applied"), routes(confidence="s251", s251_support="given")),
    ("paragraph 8 for anything but monitoring", "R115", routes(schedule1="8"), routes(schedule1="8", purpose="equality_monitoring")),
    ("an exception for regular transfers", "R116", {"transfer.restricted": "yes", "transfer.mechanism": "exception"}, {"transfer.restricted": "yes", "transfer.mechanism": "exception", "share.trigger": "case"}),
    ("the data bridge not looked at", "R117", {"transfer.restricted": "yes", "transfer.mechanism": "regulations", "transfer.approved": "us_unchecked"}, {"transfer.restricted": "yes", "transfer.mechanism": "regulations", "transfer.approved": "eea"}),
    ("a giver declines", "R110", {"intent.positions": [{"id": 1, "party": 2, "position": "declines"}]}, {"intent.positions": [{"id": 1, "party": 2, "position": "conditions"}]}),
    ("its items as well", "R110", {"intent.positions": [{"id": 1, "party": 1, "position": "declines"}], "share.flows": [FULL["share.flows"][1]]}, {"intent.positions": [{"id": 1, "party": 1, "position": "declines"}], "share.flows": [FULL["share.flows"][1]], "data.items": [{**FULL["data.items"][0], "sends": 2}]}),
    ("a high risk and no answer", "R76", {**HIGH, "sign.regulator": "none_yet"}, {**risk("reduced", "probable", "severe", "possible", "significant"), "sign.regulator": "none_yet"}),
    ("a warning that nothing followed", "R76", {**ASKED, "sign.regulator": "answered", "sign.regulator_outcome_date": "2026-11-20", "sign.regulator_outcome": "warning", "sign.regulator_followed": "no"}, {**ASKED, "sign.regulator": "answered", "sign.regulator_outcome_date": "2026-11-20", "sign.regulator_outcome": "limit", "sign.regulator_followed": "yes"}),
    ("a ban", "R76", {**ASKED, "sign.regulator": "answered", "sign.regulator_outcome_date": "2026-11-20", "sign.regulator_outcome": "ban"}, {**ASKED, "sign.regulator": "answered", "sign.regulator_outcome_date": "2026-11-20", "sign.regulator_outcome": "go"}),
    ("a review that is overdue", "R77", {"review.cycle": "months_6", "review.date": "2026-11-20"}, {"review.cycle": "months_6", "review.date": "2026-11-21"}),
]  # fmt: skip

CONTRADICTIONS: list[tuple[str, str, Answers, Answers]] = [
    ("coded, and a flow with names", "C01", {"data.identifiability": "pseudonymised", "data.items": []}, {"data.identifiability": "pseudonymised", "data.items": [], "share.flows": [{"id": 1, "from": 1, "to": 2, "identifies": "coded", "method": "portal"}]}),
    ("coded, and an item that is a name", "C01", {"data.identifiability": "pseudonymised", "share.flows": []}, {"data.identifiability": "pseudonymised", "share.flows": [], "data.items": [{**FULL["data.items"][0], "direct": "no"}]}),
    ("no supplier, and a supplier's systems", "C02", {"sec.hosted_by": "supplier"}, {}),
    ("for ever, and a schedule", "C03", {"ret.period": "indefinite"}, {"ret.period": "indefinite", "ret.in_schedule": "no"}),
    ("no children, and pupils", "C04", {"subjects.groups": ["pupils"]}, {"subjects.groups": ["pupils"], "subjects.children": "some"}),
    ("no children, and a school gives", "C04", {"parties.list": [*FULL["parties.list"], {"id": 3, "kind": "school", "group": "one", "role": "controller", "part": "gives", "nation": "england"}]}, {}),
    ("nothing sensitive, and a sensitive item", "C05", {"data.special": ["none"], "data.items": [{**FULL["data.items"][0], "special": "yes"}]}, {"data.items": [{**FULL["data.items"][0], "special": "yes"}]}),
    ("nothing about crime, and suspects", "C06", {"subjects.groups": ["suspects"]}, {}),
    ("measures, and the rating as before", "C07", risk("reduced", "possible", "significant", "possible", "significant"), risk("reduced", "possible", "significant", "remote", "significant")),
    ("accepted as it is, and rated lower", "C07", risk("accepted", "probable", "severe", "remote", "severe"), risk("accepted", "probable", "severe", "probable", "severe")),
    ("patients, and no health record", "C08", {"subjects.groups": ["patients"], "data.nhs_confidential": "no"}, {"subjects.groups": ["patients"], "data.nhs_confidential": "yes"}),
]  # fmt: skip

EVERY = [*WARNINGS, *TRAPS, *CONTRADICTIONS]


@pytest.mark.parametrize(
    ("rule", "raised", "clear"), [e[1:] for e in EVERY], ids=[e[0] for e in EVERY]
)
def test_a_trap_is_seen_and_what_comes_close_is_not(
    rule: str, raised: Answers, clear: Answers
) -> None:
    assert outcomes(raised)[rule] == "raised"
    assert outcomes(clear)[rule] == "clear"


def test_each_of_the_seventeen_warnings_has_a_rule() -> None:
    assert {name.split()[0] for name, *_ in WARNINGS} == {f"W{n}" for n in range(1, 18)}


@pytest.mark.parametrize(
    ("sent", "longer", "pauses", "on", "left", "over"),
    [
        ("2026-10-01", "no", [], "2026-10-01", 56, "clear"),
        ("2026-10-01", "no", [], "2026-11-26", 0, "clear"),
        ("2026-10-01", "no", [], "2026-11-27", -1, "raised"),
        ("2026-10-01", "yes", [], "2026-11-27", 41, "clear"),
        ("2026-10-01", "no", [("2026-10-10", "2026-10-20")], "2026-11-27", 9, "clear"),
    ],
)
def test_the_regulator_has_eight_weeks_or_fourteen_without_the_days_it_waited(
    sent: str, longer: str, pauses: list[tuple[str, str]], on: str, left: int, over: str
) -> None:
    asked = [{"id": n, "asked": a, "answered": b} for n, (a, b) in enumerate(pauses, 1)]
    told = {
        **FULL,
        **ASKED,
        "sign.regulator": "sent",
        "sign.regulator_sent": sent,
        "sign.regulator_longer": longer,
        "sign.regulator_pauses": asked,
    }
    day = date.fromisoformat(on)
    assert facts(PROGRAM, told, day).values["sign.regulator_left"] == left
    assert outcomes(told, day)["R131"] == over


@pytest.mark.parametrize(
    ("ended", "answer", "outcome"),
    [
        ("2026-11-26", None, "raised"),
        ("2026-11-27", None, "clear"),
        ("2026-11-27", "2026-10-11", "raised"),
    ],
)
def test_time_has_run_out_only_after_the_last_day(
    ended: str, answer: str | None, outcome: str
) -> None:
    pauses = [{"id": 1, "asked": "2026-10-10", "answered": answer}] if answer else []
    told = {
        **ASKED,
        "sign.regulator": "expired",
        "sign.regulator_outcome_date": ended,
        "sign.regulator_pauses": pauses,
    }
    assert outcomes(told)["R118"] == outcome


def test_a_pause_that_has_not_ended_leaves_the_clock_open() -> None:
    told = {
        **FULL,
        **ASKED,
        "sign.regulator": "sent",
        "sign.regulator_pauses": [{"id": 1, "asked": "2026-10-10"}],
    }
    flags = {flag.id: flag for flag in assess(facts(PROGRAM, told, ON)).flags}
    assert flags["R131"].needs == ("sign.regulator_pauses/1/answered",)


@pytest.mark.parametrize(
    ("scale", "row", "rating"),
    [
        ("ico_3x3", {"likelihood": "possible", "severity": "severe"}, "high"),
        ("ico_3x3", {"likelihood_four": "maximum", "severity_four": "maximum"}, None),
        ("cnil_4x4", {"likelihood_four": "limited", "severity_four": "maximum"}, "high"),
        ("cnil_4x4", {"likelihood_four": "negligible", "severity_four": "limited"}, "low"),
        ("cnil_4x4", {"likelihood": "possible", "severity": "severe"}, None),
    ],
)
def test_a_project_rates_its_risks_on_the_scale_it_chose(
    scale: str, row: dict[str, str], rating: str | None
) -> None:
    told = {**FULL, "risks.matrix": scale, "risks.register": [{"id": 1, **row}]}
    (found,) = facts(PROGRAM, told, ON).values["risks.register"]
    assert found.get("rating") == rating


NAMED, CODED, SAFE = (
    {"identifies": "named", "method": "paper"},
    {"identifies": "coded", "method": "media"},
    {"identifies": "named", "method": "sftp"},
)


@pytest.mark.parametrize(
    ("flows", "rating"),
    [
        ([], "not_assessed"),
        ([SAFE], "low"),
        ([SAFE, CODED], "low"),
        ([CODED, CODED], "significant"),
        ([CODED] * 4, "significant"),
        ([CODED] * 5, "high"),
        ([SAFE, NAMED], "high"),
        ([{"identifies": "unsure", "method": "portal"}] * 2, "significant"),
        ([{"identifies": "named", "method": "unsure"}] * 2, "significant"),
        ([{"identifies": "unsure", "method": "paper"}] * 5, "high"),
        ([{"identifies": "counts", "method": "plain_email"}], "low"),
    ],
)
def test_the_flows_have_one_rating(flows: list[Answers], rating: str) -> None:
    told = {**FULL, "share.flows": [{"id": n, "from": 1, "to": 2, **f} for n, f in enumerate(flows, 1)]}  # fmt: skip
    assert facts(PROGRAM, told, ON).values["flows.rating"] == rating


def test_a_policy_document_is_asked_for_where_the_list_of_paragraphs_says_so() -> None:
    listed = {e.code: e for e in PROGRAM.offers["law.schedule1_list"].rule.entries}
    article = {"1": "b", "2": "h", "3": "i", "4": "j"}
    for para in PROGRAM.questions["law.routes"].column("schedule1").options:
        if para == "none_yet":
            continue
        route = {**BOROUGH, "art9": article.get(para, "g"), "schedule1": para, "to_authority": "no"}
        told = {**FULL, "law.routes": [route]}
        (found,) = facts(PROGRAM, told, ON).values["law.routes"]
        needed = str(listed[para].limits).startswith("Policy document: needed")
        assert ("apd" in found) is needed, para


def test_no_policy_document_is_needed_for_telling_the_police() -> None:
    for para in ("10", "27"):
        route = {**BOROUGH, "schedule1": para, "to_authority": "yes"}
        (found,) = facts(PROGRAM, {**FULL, "law.routes": [route]}, ON).values["law.routes"]
        assert "apd" not in found, para


@pytest.mark.parametrize("rule", ["R04", "R05", "R67", "R74", "R21", "R12"])
def test_what_stops_the_dpia_or_the_agreement_stops_the_short_agreement_too(rule: str) -> None:
    (flag,) = (each.rule for each in PROGRAM.flags if each.rule.id == rule)
    assert "short_record" in flag.blocks


def test_a_rule_that_nobody_confirmed_stops_nothing() -> None:
    said = assess(facts(PROGRAM, {**FULL, **routes(gateways=["G01"], dea_listed="no")}, ON))
    (flag,) = (flag for flag in said.flags if flag.id == "R80")
    assert (flag.raised, flag.rule.checked, flag.blocks) == (True, False, ())


def test_children_and_danger_raise_the_severity_of_a_flag_by_one_step() -> None:
    def severity(answers: Answers) -> str | None:
        said = assess(facts(PROGRAM, {**FULL, **answers}, ON))
        return next(flag.severity for flag in said.flags if flag.id == "C06")

    suspects = {"subjects.groups": ["suspects"]}
    assert severity(suspects) == "significant"
    assert severity({**suspects, "subjects.children": "main"}) == "severe"
    assert severity({**suspects, "proc.physical_harm": "yes"}) == "severe"


def test_every_rule_of_law_has_a_source_an_extent_and_what_it_means_for_people() -> None:
    for each in PROGRAM.flags:
        rule = each.rule
        if rule.kind == "flag" and rule.id[0] in "RC":
            assert rule.source, rule.id
            assert rule.extent, rule.id
            assert rule.harm, rule.id
            assert rule.likelihood, rule.id
            assert rule.severity, rule.id
            assert rule.measures, rule.id


CELLS: dict[str, dict[str, tuple[str, ...]]] = {
    "ico_3x3": {
        "severe": ("low", "high", "high"),
        "significant": ("low", "medium", "high"),
        "minimal": ("low", "low", "low"),
    },
    "cnil_4x4": {
        "maximum": ("medium", "high", "high", "high"),
        "significant": ("low", "medium", "high", "high"),
        "limited": ("low", "medium", "medium", "medium"),
        "negligible": ("low", "low", "low", "low"),
    },
}


@pytest.mark.parametrize(("scale", "end"), [("ico_3x3", ""), ("cnil_4x4", "_four")])
def test_every_cell_of_a_matrix_rates_as_the_table_says(scale: str, end: str) -> None:
    likelihoods = list(PROGRAM.matrices[scale].likelihood)
    for severity, ratings in CELLS[scale].items():
        for likelihood, rating in zip(likelihoods, ratings, strict=True):
            row = {"id": 1, f"likelihood{end}": likelihood, f"severity{end}": severity}
            told = {**FULL, "risks.matrix": scale, "risks.register": [row]}
            (found,) = facts(PROGRAM, told, ON).values["risks.register"]
            assert found["rating"] == rating, (severity, likelihood)


@pytest.mark.parametrize(
    ("answers", "rating"),
    [
        ({}, "low"),
        ({"subjects.vulnerable": "yes"}, "medium"),
        ({"proc.physical_harm": "yes"}, "medium"),
    ],
)
def test_severe_harm_to_people_at_risk_is_never_low(answers: Answers, rating: str) -> None:
    row = {"id": 1, "likelihood": "remote", "severity": "severe"}
    told = {**FULL, **answers, "risks.register": [row]}
    (found,) = facts(PROGRAM, told, ON).values["risks.register"]
    assert found["rating"] == rating
