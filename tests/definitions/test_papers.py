"""The documents for controllers, boards and committees, written for the samples."""

from __future__ import annotations

import csv
import io
import re
import shutil
import subprocess
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from app.actions.answers_file import read_answers
from app.actions.assessments import document, documents, evaluate, told, written
from app.catalogue import Catalogue, load
from app.core.blocks import Clause, Heading, Matrix, Part, Table
from app.core.questions import Question
from app.core.record import Record
from tests.definitions.texts import texts
from tests.shipped import shipped_catalogue

ROOT = Path(__file__).parent.parent.parent
SAMPLES = ROOT / "questionnaires" / "samples"
ON = date(2026, 11, 22)
LINKING, CONTRACT, HUB = "homelessness_data_linking", "low_risk_contract", "safeguarding_hub"
NAMES = (LINKING, CONTRACT, HUB)
PAPERS = (
    "concept_note", "board_summary", "board_referral", "ethics_escalation",
    "processor_checklist", "privacy_notice", "record_of_processing",
)  # fmt: skip
WRITTEN = ("text", "long_text", "justification")
MARK = "Never asked, so never said"


@cache
def catalogue() -> Catalogue:
    return shipped_catalogue()


@cache
def answers(name: str) -> Mapping[str, Any]:
    content = (SAMPLES / f"{name}.yaml").read_bytes()
    return read_answers(name, content, catalogue().program)


@cache
def sample(name: str) -> Record:
    return told(evaluate(catalogue(), answers(name), ON))


def said(record: Record, output: str) -> str:
    return "\n".join(texts(document(catalogue(), record, output).blocks))


def sections(record: Record, output: str) -> list[str]:
    blocks = document(catalogue(), record, output).blocks
    named = (b for b in blocks if isinstance(b, Heading | Part | Clause))
    return [block.text if isinstance(block, Heading) else block.title for block in named]


SUMMARY = [
    "Decision sought", "Purpose", "Who, and whose information", "Benefit",
    "The gravest risks to people", "Advice of the data protection officer", "What happens next",
]  # fmt: skip
NOTE = [
    "What is asked of information governance leads", "What is proposed", "Who takes part",
    "The information in outline", "Is an impact assessment needed?", "First flags",
    "What nobody knows yet",
]  # fmt: skip
NOTICE = [
    "What we do, and why", "Who we are", "Whose information, and which", "Where we get it",
    "The law that lets us", "Whom we give it to", "How long we keep it", "Your rights",
    "If you want to complain",
]  # fmt: skip
COMMITTEE = [
    "Why it comes to you", "What you are asked", "Sponsors", "Summary", "The law",
    "Where the work is done", "Groups of people, and those at risk", "How it is done", "The data",
    "What people think",
]  # fmt: skip
REFERRAL = [
    "The proposal in short", "Who gains and who could lose", "What the ethics self-assessment says",
    "What people think of it", "The gravest risks to people", "Questions for the board",
    "Advice of the board, and what was done about it",
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "output", "wanted"),
    [
        *((name, "board_summary", SUMMARY) for name in NAMES),
        *((name, "concept_note", NOTE) for name in NAMES),
        *((name, "privacy_notice", NOTICE) for name in NAMES),
        (LINKING, "ethics_escalation", [*COMMITTEE[:5], "Other bodies that have looked at it"]),
        (HUB, "ethics_escalation", COMMITTEE),
        (LINKING, "board_referral", REFERRAL),
        *((name, "processor_checklist", []) for name in NAMES),
    ],
)
def test_a_paper_has_its_sections_in_order(name: str, output: str, wanted: list[str]) -> None:
    found = [title for title in sections(sample(name), output) if title in wanted]
    assert list(dict.fromkeys(found)) == wanted


def parties(name: str, *roles: str) -> list[str]:
    rows = sample(name).facts.values["parties.list"]
    return [row["name"] for row in rows if row["role"] in roles]


@pytest.mark.parametrize("name", NAMES)
def test_each_organisation_that_decides_has_one_row_in_the_record_of_processing(name: str) -> None:
    content = written(catalogue(), sample(name), "record_of_processing").decode("utf-8-sig")
    header, *rows = csv.reader(io.StringIO(content, newline=""), strict=True)
    assert [row[0] for row in rows] == parties(name, "controller", "joint")
    assert {len(row) for row in rows} == {len(header)}
    # What the law asks of a controller's record: none of these is blank.
    asked = ("Purposes", "Categories of people", "Special category data", "Recipients",
             "Sent outside the United Kingdom", "Time limits", "Security in general")  # fmt: skip
    assert {title: "" for title in asked if title not in header} == {}
    assert [
        row[header.index(title)]
        for row in rows
        for title in asked
        if row[header.index(title)] in ("", "–")
    ] == []


@pytest.mark.parametrize(
    ("output", "roles", "title"),
    [
        ("privacy_notice", ("controller", "joint", "unsure"), "Privacy notice of {}"),
        ("processor_checklist", ("processor",), "Terms for {}"),
    ],
)
@pytest.mark.parametrize("name", NAMES)
def test_a_document_for_each_organisation_has_a_part_for_each(
    name: str, output: str, roles: tuple[str, ...], title: str
) -> None:
    blocks = document(catalogue(), sample(name), output).blocks
    parts = [block.title for block in blocks if isinstance(block, Part)]
    wanted = [title.format(each) for each in parties(name, *roles)]
    assert wanted
    assert parts[: len(wanted)] == wanted
    assert len(parts) - len(wanted) == (output == "privacy_notice")


def unasked(name: str) -> dict[str, str]:
    """A text for every question that the route does not ask."""
    found = sample(name).facts
    questions: Mapping[str, Question] = catalogue().program.questions
    return {
        id_: MARK
        for id_, question in questions.items()
        if id_ not in found.shown and question.type in WRITTEN and not question.check
    }


def test_an_assessment_tells_its_risks_by_the_numbers_of_its_matrix() -> None:
    blocks = document(catalogue(), sample(LINKING), "dpia").blocks
    tables = [block for block in blocks if isinstance(block, Table) and "Risk" in block.header]
    (matrix,) = (block for block in blocks if isinstance(block, Matrix))
    marks = {mark.number: mark.title for line in matrix.cells for at in line for mark in at.before}
    assert len(tables) == 3
    for table in tables:
        said = [["".join(run.text for run in c.paragraphs[0]) for c in row] for row in table.rows]
        assert {number: title for number, title, *_ in said} == marks


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_printed_that_was_never_asked(name: str) -> None:
    given = {**answers(name), **unasked(name)}
    assert len(given) > len(answers(name))
    record = told(evaluate(catalogue(), given, ON))
    for output in PAPERS:
        assert MARK not in said(record, output), output


def test_what_was_asked_and_answered_is_printed() -> None:
    given = {**answers(LINKING), "project.summary": MARK}
    record = told(evaluate(catalogue(), given, ON))
    assert [output for output in PAPERS if MARK not in said(record, output)] == []


@pytest.mark.parametrize("name", NAMES)
def test_the_same_answers_give_the_same_bytes(name: str) -> None:
    again = load(ROOT)
    fresh = told(evaluate(again, dict(answers(name)), ON))
    for output in PAPERS:
        assert written(again, fresh, output) == written(catalogue(), sample(name), output), output


NOBODY = {"data.personal": "no", "data.identifiability": "not_about_people"}
EACH = {"concept_note", "board_summary", "processor_checklist", "privacy_notice", "record_of_processing"}  # fmt: skip


@pytest.mark.parametrize(
    ("name", "change", "papers"),
    [
        (LINKING, {}, {*EACH, "ethics_escalation", "board_referral"}),
        (LINKING, {"ethics.board": "no"}, {*EACH, "ethics_escalation"}),
        (LINKING, {"ethics.board": "review"}, {*EACH, "ethics_escalation", "board_referral"}),
        (CONTRACT, {}, EACH),
        (CONTRACT, {"ethics.board": "proposal"}, {*EACH, "ethics_escalation", "board_referral"}),
        (CONTRACT, {"ethics.direct_id": "2"}, {*EACH, "ethics_escalation"}),
        (CONTRACT, {"ethics.direct_id": "1"}, EACH),
        (CONTRACT, NOBODY, {"concept_note", "board_summary"}),
    ],
)  # fmt: skip
def test_a_project_is_offered_the_papers_that_its_answers_call_for(
    name: str, change: dict[str, str], papers: set[str]
) -> None:
    found = evaluate(catalogue(), {**answers(name), **change}, ON)
    assert set(documents(catalogue(), found.facts, found.route)) & set(PAPERS) == papers


def test_a_project_without_a_supplier_is_offered_no_processor_terms() -> None:
    rows = [row for row in answers(LINKING)["parties.list"] if row["role"] != "processor"]
    found = evaluate(catalogue(), {**answers(LINKING), "parties.list": rows}, ON)
    assert "processor_checklist" not in documents(catalogue(), found.facts, found.route)


OWN = "To: Data ethics board of the London Borough of Carnmere"
THEIRS = "To: Ethics panel (London Borough of Carnmere)"
NOBODY_YET = (
    "the ethics board or committee that London Borough of Carnmere names. It is not named yet"
)


@pytest.mark.parametrize(
    ("change", "bodies", "line"),
    [
        ({}, (), OWN),
        ({}, ("Ethics panel",), OWN),
        ({"ethics.board": "no"}, ("Ethics panel",), THEIRS),
        ({"ethics.body": None}, ("Ethics panel", "Another board"), THEIRS),
        ({"ethics.body": None}, (None, "Another board"), NOBODY_YET),
        ({"ethics.board": "no"}, (), NOBODY_YET),
    ],
)
def test_the_paper_goes_to_the_body_that_the_leading_organisation_names(
    change: dict[str, str | None], bodies: tuple[str | None, ...], line: str
) -> None:
    given = {id_: said for id_, said in {**answers(LINKING), **change}.items() if said is not None}
    rows = [dict(row) for row in given["parties.list"]]
    for row, body in zip(rows, bodies, strict=False):
        row.update({"ethics_body": body} if body else {})
    record = told(evaluate(catalogue(), {**given, "parties.list": rows}, ON))
    for output in ("ethics_escalation", "board_referral"):
        paper = said(record, output).replace("\n", "")
        assert [each for each in (OWN, THEIRS, NOBODY_YET) if each in paper] == [line]


@pytest.mark.parametrize("output", ["board_summary", "board_referral"])
def test_a_board_is_told_of_children_and_of_information_about_crime(output: str) -> None:
    change = {"subjects.children": "main", "data.criminal": "allegations"}
    record = told(evaluate(catalogue(), {**answers(LINKING), **change}, ON))
    short = next(
        each
        for each in document(catalogue(), record, output).blocks
        if isinstance(each, Table) and each.caption == "In short"
    )
    cells = ["".join(run.text for line in row[1].paragraphs for run in line) for row in short.rows]
    labels = {id_: catalogue().program.questions[id_].options for id_ in change}
    for id_, code in change.items():
        assert any(str(labels[id_][code]) in cell for cell in cells), code


@pytest.mark.parametrize("settled", ["rights", "complaints"])
def test_a_privacy_notice_names_the_protocol_that_settles_who_answers(settled: str) -> None:
    under = {
        "concept.protocol": "covered",
        "protocol.name": "Common protocol",
        "protocol.date": "2024-04-01",
    }
    for settles, times in (([settled], 1), (["disputes"], 0)):
        change = {**under, "protocol.settles": settles}
        record = told(evaluate(catalogue(), {**answers(LINKING), **change}, ON))
        notices = len(parties(LINKING, "controller", "joint"))
        found = said(record, "privacy_notice").count("by the protocol “")
        assert found == times * notices


@pytest.mark.parametrize(
    ("blank", "gap"),
    [
        ("ret.length", "For how long, or until when?"),
        ("rights.lead", "Who is the contact for requests?"),
        ("dpo.contact", "How can people and the regulator reach the data protection officer?"),
    ],
)
def test_what_a_privacy_notice_needs_and_nobody_answered_is_a_named_gap(
    blank: str, gap: str
) -> None:
    given = {id_: value for id_, value in answers(LINKING).items() if id_ != blank}
    before = said(sample(LINKING), "privacy_notice")
    after = said(told(evaluate(catalogue(), given, ON)), "privacy_notice")
    assert f"[Not answered yet: {gap}]" not in before
    assert after.count(f"[Not answered yet: {gap}]") == len(parties(LINKING, "controller", "joint"))


def test_a_term_that_no_answer_settles_is_to_be_agreed() -> None:
    text = said(sample(LINKING), "processor_checklist")
    assert "parties.subprocessors" not in answers(LINKING)
    given = {**answers(LINKING), "parties.subprocessors": "no"}
    more = said(told(evaluate(catalogue(), given, ON)), "processor_checklist")
    assert text.count("To be agreed") == more.count("To be agreed") + 1


# Pages


def filled(length: int) -> dict[str, Any]:
    """The hub with every written answer as long as it may be, 40 organisations and 24 risks."""
    sentence = "Wherever anybody shares anything, somebody asks why it is needed and who sees it. "
    given = dict(answers(HUB))
    for id_, question in catalogue().program.questions.items():
        if id_ in given and question.type in WRITTEN and not question.check:
            most = question.max_length or (300 if question.type == "text" else length)
            given[id_] = (sentence * (most // len(sentence) + 1))[:most]
    for id_, count in (("parties.list", 40), ("risks.register", 24)):
        given[id_] = [
            {**given[id_][n % len(given[id_])], "id": n + 1}
            | (
                {"title": sentence * 3, "measures": sentence * 30}
                if id_ == "risks.register"
                else {}
            )
            for n in range(count)
        ]
    return given


@pytest.mark.skipif(shutil.which("soffice") is None, reason="there is no LibreOffice here")
def test_the_summary_for_a_board_has_two_pages_at_most(tmp_path: Path) -> None:
    records = {name: sample(name) for name in NAMES}
    records["filled"] = told(evaluate(catalogue(), filled(19_000), ON))
    for name, record in records.items():
        content = written(catalogue(), record, "board_summary")
        (tmp_path / f"{name}.docx").write_bytes(content)
    command = ["soffice", "--headless", f"-env:UserInstallation={(tmp_path / 'home').as_uri()}"]
    command += ["--convert-to", "pdf", "--outdir", str(tmp_path)]
    command += [str(path) for path in sorted(tmp_path.glob("*.docx"))]
    subprocess.run(command, check=True, capture_output=True)
    page = re.compile(rb"/Type\s*/Page\b")
    pages = {p.stem: len(page.findall(p.read_bytes())) for p in tmp_path.glob("*.pdf")}
    assert pages.keys() == records.keys()
    assert {name: count for name, count in pages.items() if not 1 <= count <= 2} == {}


def test_a_referral_shows_the_canvas_where_one_was_made() -> None:
    box = {"id": 1, "box": "negative", "notes": "Families could feel watched.", "status": "for_review", "priority": "high"}  # fmt: skip
    made = {"frameworks.chosen": ["odi_ethics_canvas"], "canvas.boxes": [box]}
    asked = {**answers(LINKING), "ethics.board": "proposal"}
    without, there = (told(evaluate(catalogue(), {**asked, **more}, ON)) for more in ({}, made))
    assert "Families could feel watched." in said(there, "board_referral")
    assert "The data ethics canvas" not in sections(without, "board_referral")


def test_a_notice_names_every_right_that_the_basis_gives() -> None:
    portable = "in a form that another organisation's computers can read"
    for art6, there in (("a", True), ("b", True), ("e", False), ("f", False)):
        routes = [{**answers(CONTRACT)["law.routes"][0], "art6": art6}]
        record = told(evaluate(catalogue(), {**answers(CONTRACT), "law.routes": routes}, ON))
        notice = said(record, "privacy_notice").replace("\n", "")
        assert (portable in notice) is there, art6
        assert "We answer within one month" in notice
