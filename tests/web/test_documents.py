"""Documents: what the preview says is what the Word file holds."""

import csv
import io
import zipfile

import pytest
from docx import Document

from tests.web.conftest import Person

PAPERS = ("concept_note", "board_summary", "processor_checklist", "privacy_notice")
FULL = (
    *("statement_of_intent", "dpia", "ethics", "sharing_agreement", "risk_report", "questions"),
    *(*PAPERS, "ethics_escalation", "board_referral"),
)
SHORT = ("condensed_agreement", "risk_report", "ethics", "questions", *PAPERS)
FILES = {
    "concept_note": "concept_review_note",
    "processor_checklist": "processor_terms",
    "privacy_notice": "privacy_notices",
    "ethics_escalation": "ethics_paper",
}
CASES = ("request_form", "decision_form")
DOCUMENTS = [
    (reference, output)
    for reference, outputs in (("FP-0001", FULL), ("FP-0002", CASES), ("FP-0003", SHORT))
    for output in outputs
]


@pytest.mark.parametrize(("reference", "output"), DOCUMENTS)
def test_every_document_of_the_route_can_be_read_and_opened_in_word(
    someone: Person, reference: str, output: str
) -> None:
    someone.open("/")
    page = someone.open(f"/projects/{reference}/documents/{output}")
    word = someone.client.get(page.link("Download for Word"))
    assert str(word.mimetype).endswith("wordprocessingml.document")
    name = word.headers["Content-Disposition"]
    assert name == f'attachment; filename="{reference}_{FILES.get(output, output)}.docx"'
    text = "\n".join(paragraph.text for paragraph in Document(io.BytesIO(word.data)).paragraphs)
    title = page.read.headings[0][1]
    assert title in text


def test_the_same_answers_on_the_same_day_give_the_same_bytes(someone: Person) -> None:
    someone.open("/")
    path = "/projects/FP-0002/documents/sharing_agreement.docx"
    first, second = (someone.client.get(path).data for _ in range(2))
    assert first == second
    assert zipfile.ZipFile(io.BytesIO(first)).testzip() is None


def test_a_preview_counts_what_is_not_answered_yet(someone: Person) -> None:
    someone.open("/")
    assert "still to come" in someone.open("/projects/FP-0001/documents/dpia").text


@pytest.mark.parametrize("output", ["nothing", "../risk_report", "nothing.docx"])
def test_a_document_that_does_not_exist_is_not_found(someone: Person, output: str) -> None:
    someone.open("/")
    someone.open(f"/projects/FP-0001/documents/{output}", 404)


@pytest.mark.parametrize(
    ("reference", "output"),
    [
        ("FP-0001", "condensed_agreement"),
        ("FP-0001", "request_form"),
        ("FP-0001", "protocol"),
        ("FP-0003", "decision_form"),
    ],
)
def test_a_document_that_the_answers_do_not_call_for_is_not_found(
    someone: Person, reference: str, output: str
) -> None:
    someone.open("/")
    someone.open(f"/projects/{reference}/documents/{output}", 404)
    someone.open(f"/projects/{reference}/documents/{output}.docx", 404)


def test_a_document_of_others_is_not_found(someone: Person) -> None:
    someone.open("/")
    someone.open("/projects/FP-0404/documents/risk_report", 404)
    someone.open("/projects/FP-0404/documents/risk_report.docx", 404)


RECORD = "/projects/FP-0001/documents/record_of_processing"


def test_a_table_is_read_record_by_record_and_saved_for_a_spreadsheet(someone: Person) -> None:
    someone.open("/")
    page = someone.open(RECORD)
    saved = someone.client.get(page.link("Download for a spreadsheet"))
    assert saved.content_type == "text/csv; charset=utf-8"
    name = "FP-0001_record_of_processing.csv"
    assert saved.headers["Content-Disposition"] == f'attachment; filename="{name}"'
    assert saved.headers["X-Content-Type-Options"] == "nosniff"
    text = saved.data.decode("utf-8-sig")
    header, *rows = csv.reader(io.StringIO(text, newline=""), strict=True)
    assert rows
    for said in (*header, *(row[0] for row in rows)):
        assert said in page.text


@pytest.mark.parametrize("path", [f"{RECORD}.docx", "/projects/FP-0001/documents/risk_report.csv"])
def test_a_document_is_saved_only_as_what_it_is(someone: Person, path: str) -> None:
    someone.open("/")
    someone.open(path, 404)


def test_the_page_of_a_project_groups_its_documents_by_whom_they_are_for(someone: Person) -> None:
    someone.open("/")
    text = someone.open("/projects/FP-0001").text
    titles = [
        "To agree and sign",
        "For data protection officers and information governance leads",
        "For boards and committees",
        "For each organisation's own records",
        "To prepare",
    ]
    found = [text.find(title) for title in titles]
    assert -1 not in found
    assert found == sorted(found)
    assert "Other documents" not in text
