"""Documents: what the preview says is what the Word file holds."""

import io
import zipfile

import pytest
from docx import Document

from tests.web.conftest import Person

FULL = ("statement_of_intent", "dpia", "ethics", "sharing_agreement", "risk_report", "questions")
SHORT = ("condensed_agreement", "risk_report", "ethics", "questions")
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
    assert name == f'attachment; filename="{reference}_{output}.docx"'
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
