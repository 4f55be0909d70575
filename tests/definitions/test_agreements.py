"""The documents that partners agree and sign, and those that go with them, written for the samples."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from app.actions.answers_file import read_answers
from app.actions.assessments import document, documents, evaluate, told, written
from app.catalogue import Catalogue, load
from app.core.blocks import Clause, Facts, Heading, Part, Signature, Table
from app.core.legislation import legislation
from app.core.outputs import Piece
from app.core.record import Record
from app.core.walks import walk
from tests.definitions.texts import texts
from tests.documents.lint import lint
from tests.shipped import shipped_catalogue

ROOT = Path(__file__).parent.parent.parent
ON = date(2026, 11, 22)
LINKING, CONTRACT, HUB = "homelessness_data_linking", "low_risk_contract", "safeguarding_hub"
NO_NAME: dict[str, Any] = {"protocol.name": None, "protocol.date": None, "protocol.settles": None}
MADE = NO_NAME | {
    "concept.protocol": "protocol",
    "protocol.status": "memorandum",
    "protocol.owner": "Information governance lead, Carnmere",
    "protocol.notice_weeks": 6,
    "protocol.change_rule": "every",
}
URGENT = {
    "project.door": "urgent",
    "project.title": "A family in Elm Street",
    "urgent.risk": "A child of six, threatened at home.",
    "urgent.power": "child",
    "urgent.told": "later",
}
CASES = {
    # document: the sample, what is answered otherwise, the sections in order
    "sharing_agreement": (HUB, {}),
    "statement_of_intent": (HUB, {}),
    "request_form": (HUB, {}),
    "decision_form": (HUB, {}),
    "protocol": (HUB, MADE),
    "memorandum": (HUB, NO_NAME | {"concept.protocol": "memorandum"}),
    "condensed_agreement": (CONTRACT, {}),
    "urgent_record": ("", URGENT),
}


@cache
def catalogue() -> Catalogue:
    return shipped_catalogue()


@cache
def answers(name: str) -> Mapping[str, Any]:
    if not name:
        return {}
    content = (ROOT / "questionnaires" / "samples" / f"{name}.yaml").read_bytes()
    return read_answers(name, content, catalogue().program)


def record(name: str, change: Mapping[str, Any]) -> Record:
    given = {id_: said for id_, said in {**answers(name), **change}.items() if said is not None}
    return told(evaluate(catalogue(), given, ON))


@cache
def case(output: str) -> Record:
    return record(*CASES[output])


def offered(told_: Record) -> list[str]:
    return documents(catalogue(), told_.facts, told_.route)


def said(told_: Record, output: str) -> str:
    return "\n".join(texts(document(catalogue(), told_, output).blocks))


def clauses(told_: Record, output: str) -> list[str]:
    blocks = document(catalogue(), told_, output).blocks
    return [each.title for each in blocks if isinstance(each, Clause) and each.title]


def words(clause: Clause) -> str:
    return "\n".join("".join(run.text for run in runs) for runs in (clause.runs, *clause.parts))


def clause(told_: Record, output: str, title: str) -> str:
    """Everything a clause says, its further paragraphs too."""
    found, open_ = [], False
    for block in document(catalogue(), told_, output).blocks:
        if isinstance(block, Clause):
            open_ = block.title == title or (open_ and not block.title)
            found += [words(block)] if open_ else []
    return "\n".join(found)


# Sections and their order

AGREEMENT = [  # one of each section of the facts, in their order
    "Parties, roles, joining and leaving",
    "Purpose, and why sharing is needed",
    "Passing on to others",
    "Joint controllers",
    "What may be shared",
    "Lawful basis",
    "Sensitive and offence information",
    "Powers and confidentiality",
    "Accuracy and common standards",
    "Rights of the people concerned",
    "Complaints",
    "What people are told",
    "Requests for public information",
    "Security and breaches",
    "Retention, return and destruction",
    "Sending it abroad",
    "Review, checks and change",
    "Start, end and responsibility",
    "Signatures",
]
PROTOCOL = [  # the components of a protocol in the appendix of the workshop
    "Introduction",
    "Aims and objectives",
    "Participating organisations",
    "Legal status of the protocol",
    "Updating the protocol",
    "Purpose of information sharing",
    "Types of information to be shared",
    "Special category data",
    "Related legislation",
    "Data handling requirements",
    "Staff roles and responsibilities",
    "Subject access requests",
    "FOIA requests",
    "Breach of confidentiality",
    "Breach of security",
    "Complaints",
]
ANNEXES = [
    "Annex A: The information",
    "Annex B: Decision form",
    "Annex C: Request form",
    "Annex D: Summary of the assessment",
    "Annex E: Contacts",
    "Annex F: Words used",
    "Annex G: Legislation",
]
INTENT = [
    "Parties and authority to sign",
    "The problem and the outcome",
    "What is proposed",
    "Information in outline",
    "Expected roles",
    "Provisional lawful route, and what is not known",
    "What the parties promise",
    "Governance and costs",
    "Plan and stop points",
    "Equality, ethics and the people concerned",
    "Legal effect",
    "Confidence between the parties",
    "Disputes, leaving and review",
    "Agreement in principle, and signatures",
]


@pytest.mark.parametrize("name", [HUB, LINKING])
def test_an_agreement_has_its_nineteen_sections_whatever_was_answered(name: str) -> None:
    assert clauses(record(name, {}), "sharing_agreement") == AGREEMENT


def test_a_protocol_has_the_sixteen_components_in_order() -> None:
    assert clauses(case("protocol"), "protocol") == PROTOCOL
    assert len(PROTOCOL) == 16


def headings(output: str) -> list[str]:
    blocks = document(catalogue(), case(output), output).blocks
    return [each.text for each in blocks if isinstance(each, Heading) and each.level == 1]


def test_headings_stand_in_order() -> None:
    assert headings("sharing_agreement") == ANNEXES
    assert headings("statement_of_intent") == INTENT


def test_a_common_body_is_followed_by_a_schedule_for_each_party_that_decides() -> None:
    blocks = document(catalogue(), case("sharing_agreement"), "sharing_agreement").blocks
    rows = case("sharing_agreement").facts.values["parties.list"]
    decide = [row["name"] for row in rows if row["role"] != "processor"]
    assert [each.title for each in blocks if isinstance(each, Part)] == [
        "The common body",
        *(f"Schedule for {name}" for name in decide),
        "Signatures and annexes",
    ]
    assert [each.organisation for each in blocks if isinstance(each, Signature)] == decide


def test_each_schedule_holds_the_lawful_basis_of_its_own_party_and_no_other() -> None:
    blocks = document(catalogue(), case("sharing_agreement"), "sharing_agreement").blocks
    held: dict[str, list[str]] = {}
    part = ""
    for block in blocks:
        part = block.title if isinstance(block, Part) else part
        if isinstance(block, Facts) and block.caption.startswith("Legal route"):
            held.setdefault(part, []).append(block.caption)
    assert held == {
        "Schedule for London Borough of Carnmere": ["Legal route: Council"],
        "Schedule for Capital Police Service": ["Legal route: Police"],
        "Schedule for Carnmere community health services": ["Legal route: Health"],
        "Schedule for Schools in Carnmere": ["Legal route: Schools"],
    }


def test_the_schedule_of_a_party_holds_its_flows_though_an_item_names_another_giver() -> None:
    blocks = document(catalogue(), record(LINKING, {}), "sharing_agreement").blocks
    flows: dict[str, list[str]] = {}
    part = ""
    for block in blocks:
        part = block.title if isinstance(block, Part) else part
        if isinstance(block, Table) and block.caption == "Flows from it":
            flows[part] = [row[0].paragraphs[0][0].text for row in block.rows]
    assert flows["Schedule for London Borough of Ivermere"] == ["Hosting supplier"]
    assert flows["Schedule for Northside ICB"] == ["Hosting supplier"]


def test_the_forms_of_the_annexes_ask_what_the_forms_of_their_own_ask() -> None:
    def form(output: str, caption: str) -> list[str]:
        blocks = document(catalogue(), case(output), output).blocks
        return [
            label
            for each in blocks
            if isinstance(each, Facts) and each.caption == caption
            for label, _ in each.pairs
        ]

    for output, caption in (("decision_form", "The decision"), ("request_form", "The request")):
        assert form(output, caption) == form("sharing_agreement", caption) != []


def test_no_form_is_printed_where_nothing_is_decided_person_by_person() -> None:
    text = said(record(LINKING, {}), "sharing_agreement")
    assert "so no form is needed" in text
    assert "Who decided" not in text


# What a protocol has settled

SETTLED = {
    "rights": ("Rights of the people concerned", ["rights.process", "rights.pass_on"]),
    "complaints": ("Complaints", ["compl.route", "compl.lead", "compl.ack30"]),
    "foi": ("Requests for public information", ["foi.lead"]),
    "breach": ("Security and breaches", ["breach.lead", "breach.hours"]),
    "quality": (
        "Accuracy and common standards",
        ["agreement.standards", "agreement.correction_days"],
    ),
    "disputes": ("Start, end and responsibility", ["agreement.leave_weeks", "agreement.dispute"]),
    "audit": ("Review, checks and change", ["agreement.audit"]),
}
NAMED = "the protocol “London information sharing protocol” of 1 April 2024"


@pytest.mark.parametrize("code", SETTLED)
def test_what_the_protocol_settled_is_said_with_its_name_and_date_and_not_asked(code: str) -> None:
    title, questions = SETTLED[code]
    there = record(LINKING, {"protocol.settles": [code]})
    open_ = record(LINKING, {"protocol.settles": ["none"]})
    assert there.facts.shown.isdisjoint(questions)
    assert open_.facts.shown.issuperset(questions)
    assert NAMED in clause(there, "sharing_agreement", title)
    assert NAMED not in clause(open_, "sharing_agreement", title)
    others = [each for each, _ in SETTLED.values() if each != title]
    assert [each for each in others if NAMED in clause(there, "sharing_agreement", each)] == []


# The Acts that it rests on


@pytest.mark.parametrize(
    ("code", "start"),
    [
        # In words, where no day was confirmed, or the day that was; without an Act, nothing.
        ("G01", "Extent: UK. The objectives stand in SI 2018/912."),
        ("G11", "The day on which this duty starts was not confirmed"),
        ("G24", "Extent: England. In force from 1 October 2018."),
        ("G24", None),
    ],
)
def test_an_act_relied_on_says_where_and_from_when_it_applies(code: str, start: str | None) -> None:
    routes = [dict(row) for row in answers(LINKING)["law.routes"]]
    routes[0]["gateways"] = [code] if start else []
    blocks = legislation(
        record(LINKING, {"law.routes": routes[:1]}), Piece.model_validate({"part": "legislation"})
    )
    acts = [row[0] for table in blocks if isinstance(table, Table) for row in table.rows]
    said_ = ["".join(run.text for line in act.paragraphs[1:] for run in line) for act in acts]
    assert [start in each for each in said_] == [True] if start else said_ == []


@pytest.mark.parametrize("protocol", ["protocol", "memorandum", "neither", "unsure"])
def test_without_a_protocol_in_force_everything_is_asked(protocol: str) -> None:
    found = record(LINKING, NO_NAME | {"concept.protocol": protocol})
    assert found.facts.shown.issuperset(id_ for _, ids in SETTLED.values() for id_ in ids)
    assert found.facts.shown.isdisjoint(NO_NAME)
    assert "Under a protocol" not in said(found, "sharing_agreement")


def test_a_condensed_agreement_may_stand_under_a_protocol_too() -> None:
    under = {
        "concept.protocol": "covered",
        "protocol.name": "London information sharing protocol",
        "protocol.date": "2024-04-01",
        "protocol.settles": ["breach", "foi"],
    }
    found = record(CONTRACT, under)
    assert NAMED in clause(found, "condensed_agreement", "Keeping it safe")
    assert NAMED in clause(found, "condensed_agreement", "The people concerned")
    assert "Time within which the others are told" not in said(found, "condensed_agreement")


# What is offered, and when


@pytest.mark.parametrize("output", CASES)
def test_each_document_is_offered_where_the_answers_call_for_it(output: str) -> None:
    assert output in offered(case(output))


@pytest.mark.parametrize(
    ("name", "change", "output"),
    [
        (HUB, {}, "protocol"),
        (HUB, {}, "memorandum"),
        (HUB, MADE, "memorandum"),
        (HUB, {}, "condensed_agreement"),
        (HUB, {}, "urgent_record"),
        (LINKING, {}, "request_form"),
        (LINKING, {}, "decision_form"),
        (CONTRACT, {}, "sharing_agreement"),
        (CONTRACT, {}, "request_form"),
    ],
)
def test_no_document_is_offered_where_the_answers_do_not_call_for_it(
    name: str, change: dict[str, Any], output: str
) -> None:
    assert output not in offered(record(name, change))


def test_the_forms_are_offered_for_a_request_made_once() -> None:
    found = record(CONTRACT, {"proc.duration": "one_off"})
    assert {"request_form", "decision_form"} <= set(offered(found))


@pytest.mark.parametrize(
    ("change", "screening"),
    [
        ({"subjects.relationship": "power"}, "recommended"),
        ({"data.special": ["health"]}, "recommended"),
        ({"subjects.relationship": "power", "data.special": ["health"]}, "required_guidance"),
        ({"data.matching": "yes", "data.match_key": "uprn"}, "required_law"),
        ({"proc.physical_harm": "yes"}, "required_law"),
    ],
)
def test_a_condensed_agreement_is_never_offered_where_an_assessment_is_called_for(
    change: dict[str, Any], screening: str
) -> None:
    found = record(CONTRACT, change)
    assert found.facts.values["dpia.screening"] == screening
    assert "condensed_agreement" not in offered(found)
    assert "sharing_agreement" in offered(found)


@pytest.mark.parametrize("code", ["required_law", "required_guidance"])
def test_nor_on_any_walk_that_leads_to_an_assessment(code: str) -> None:
    pipeline, reached = catalogue().pipeline, 0
    for seed in range(4):
        found = walk(catalogue().program, seed, ON, toward=("dpia.screening", code))
        route = pipeline.path(found.values.get(pipeline.route.id))
        reached += found.values.get("dpia.screening") == code
        assert "condensed_agreement" not in documents(catalogue(), found, route)
    assert reached


def test_a_condensed_agreement_is_not_offered_before_the_screening_is_finished() -> None:
    for blank in ("data.special", "proc.uses", "subjects.count_band", "parties.list"):
        found = record(CONTRACT, {blank: None})
        assert "condensed_agreement" not in offered(found), blank
    assert "condensed_agreement" in offered(record(CONTRACT, {}))


# What is said


def test_a_memorandum_says_that_it_is_no_agreement_before_anything_else() -> None:
    blocks = document(catalogue(), case("memorandum"), "memorandum").blocks
    assert "This memorandum is not an information sharing agreement." in "".join(texts(blocks[0]))
    assert "allows no personal information to move" in "".join(texts(blocks[0]))


@pytest.mark.parametrize(
    ("output", "line"),
    [
        ("statement_of_intent", "No personal data may be shared under this document."),
        ("protocol", "No personal information may be shared under this protocol alone."),
        ("sharing_agreement", "Not in force for a party until that party has signed."),
        ("condensed_agreement", "Not in force for a party until that party has signed."),
    ],
)
def test_the_first_line_says_what_a_document_does_not_allow(output: str, line: str) -> None:
    assert line in "".join(texts(document(catalogue(), case(output), output).blocks[0]))


def test_a_statement_of_intent_holds_no_data_flows() -> None:
    text = said(case("statement_of_intent"), "statement_of_intent")
    flows = case("statement_of_intent").facts.values["share.flows"]
    assert [flow["what"] for flow in flows if flow["what"] in text] == []


@pytest.mark.parametrize(
    "output", ["sharing_agreement", "condensed_agreement", "protocol", "memorandum"]
)
def test_agreed_wording_is_the_same_whatever_was_answered_but_for_the_answers(output: str) -> None:
    """A locked clause begins with words of ours alone: no answer stands in its first text."""
    pieces = [(catalogue().outlines[output].blocks)]
    locked = []
    for each in pieces:
        for piece in each:
            pieces.append(piece.blocks)
            locked += [piece] if piece.locked else []
    assert locked
    assert [piece.clause for piece in locked if "{" in (piece.text or "")] == []


MARK = "Never asked, so never said"


@pytest.mark.parametrize("output", CASES)
def test_nothing_is_printed_that_was_never_asked(output: str) -> None:
    name, change = CASES[output]
    unasked = {
        id_: MARK
        for id_, question in catalogue().program.questions.items()
        if id_ not in case(output).facts.shown
        and question.type in ("text", "long_text", "justification")
        and not question.check
    }
    assert unasked
    assert MARK not in said(record(name, {**unasked, **change}), output)


@pytest.mark.parametrize(
    ("output", "blank"),
    [
        ("sharing_agreement", "compl.lead"),
        ("protocol", "protocol.owner"),
        ("memorandum", "intent.governance"),
        ("condensed_agreement", "short.reasons"),
    ],
)
def test_what_was_asked_and_not_answered_is_shown_as_such(output: str, blank: str) -> None:
    name, change = CASES[output]
    before = said(case(output), output).count("Not answered yet")
    after = said(record(name, {**change, blank: None}), output).count("Not answered yet")
    assert after == before + 1


@pytest.mark.parametrize("output", CASES)
def test_everyone_can_read_the_word_file(output: str) -> None:
    assert lint(written(catalogue(), case(output), output)) == []


@pytest.mark.parametrize("output", CASES)
def test_the_same_answers_give_the_same_bytes(output: str) -> None:
    assert written(catalogue(), case(output), output) == written(
        load(ROOT), record(*CASES[output]), output
    )
