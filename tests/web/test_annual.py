"""The annual report on screen and as a Word file, for those who read it."""

import io

import docx

from tests.web.conftest import Person


def test_an_officer_reads_the_report_and_saves_it_for_word(someone: Person) -> None:
    page = someone.be("dpo").open("/queue")
    page = someone.follow("Annual report to senior management")
    assert "From the data protection officer of London Borough of Carnmere" in page.text
    assert "Where projects wait now" in page.text
    answer = someone.client.get(page.link("Download for Word"))
    said = "\n".join(p.text for p in docx.Document(io.BytesIO(answer.data)).paragraphs)
    assert "Overdue actions" in said


def test_days_that_are_none_are_asked_for_again(someone: Person) -> None:
    page = someone.be("dpo").open("/annual-report?from=2026-12-31&to=2026-01-01")
    assert "the earlier one first" in page.text
    assert someone.client.get("/annual-report.docx?from=x&to=y").status_code == 400


def test_a_lead_is_told_whose_report_it_is(someone: Person) -> None:
    someone.be("lead").open("/annual-report", status=403)
