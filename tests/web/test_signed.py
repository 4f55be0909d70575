"""Starting from a signed document: it is kept, settles its stages, and only what later stages read is asked."""

from __future__ import annotations

import io
import re
import zipfile
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.test import TestResponse, encode_multipart

from app.wsgi import create_app
from tests.brought import pdf
from tests.web.attacker import Attacker, settings
from tests.web.audit import faults

START = "/start/signed"
GIVEN = {
    "project.title": "Warm homes",
    "signed.kind": "dpia",
    "signed.date-day": "3",
    "signed.date-month": "5",
    "signed.date-year": "2026",
    "signed.by": "A. Example, SIRO, Carnmere\nB. Example, SIRO, Brookvale",
}


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory, repository: Path) -> Flask:
    return create_app(settings(tmp_path_factory.mktemp("signed"), repository), demonstration=True)


@pytest.fixture
def lead(app: Flask) -> Attacker:
    return Attacker(app, app.test_client()).be("lead")


def begin(who: Attacker, content: bytes | None = pdf(), **other: Any) -> TestResponse:
    """Send the page with these answers."""
    said = {**GIVEN, **{name.replace("__", "."): value for name, value in other.items()}}
    data: MultiDict[str, Any] = MultiDict([("csrf_token", who.token), *said.items()])
    file = FileStorage(io.BytesIO(content or b""), filename="Signed DPIA.pdf" if content else "")
    data.add("signed.file", file)
    mark, body = encode_multipart(data)
    kind = f'multipart/form-data; boundary="{mark}"'
    return who.client.post(START, data=body, content_type=kind)


@pytest.fixture
def begun(lead: Attacker) -> str:
    answer = begin(lead)
    assert answer.status_code == 302
    return str(answer.headers["Location"])


def words(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", html)).split())


def page(who: Attacker, path: str) -> str:
    html = who.client.get(path).text
    assert not faults(html)
    return html


def test_the_start_page_leads_to_it_and_so_does_changing_what_was_written_elsewhere(
    lead: Attacker,
) -> None:
    assert f'href="{START}"' in page(lead, "/")
    assert f'href="{START}"' in page(lead, "/start/change")


def test_its_page_asks_for_the_document_its_date_and_who_signed(lead: Attacker) -> None:
    said = words(page(lead, START))
    for asked in ("What do you call it?", "What is signed already?", "Who signed it?"):
        assert asked in said
    assert "(optional)" not in said


def test_the_stages_it_stands_for_are_settled_and_say_by_which_document(
    lead: Attacker, begun: str
) -> None:
    said = words(page(lead, begun))
    assert (
        "Settled by the signed document: Idea, Concept review, Statement of intent and DPIA" in said
    )
    assert said.count("By the signed document") == 4
    assert "Signed already A DPIA: Signed DPIA.pdf" in said
    assert "3 May 2026, by A. Example, SIRO, Carnmere; B. Example, SIRO, Brookvale" in said
    report = words(page(lead, f"{begun}/report"))
    assert "Signed DPIA.pdf, signed on 3 May 2026 by A. Example, SIRO, Carnmere" in report
    assert re.search(r"SHA-256 [0-9a-f]{64}", report)


def test_the_document_is_kept_and_fetched_to_the_byte(lead: Attacker, begun: str) -> None:
    html = page(lead, f"{begun}/idea/signed-already")
    found = re.search(rf'href="({begun}/files/[0-9a-f]{{64}})"', html)
    assert found
    assert lead.client.get(found[1]).data == pdf()


def test_documents_list_it_among_their_attachments(lead: Attacker, begun: str) -> None:
    with zipfile.ZipFile(
        io.BytesIO(lead.client.get(f"{begun}/documents/sharing_agreement.docx").data)
    ) as made:
        said = re.sub(r"<[^>]*>", "", made.read("word/document.xml").decode())
    assert "Signed DPIA.pdf" in said
    assert "Annex H: Attachments" in said


def test_the_project_stands_at_the_first_stage_after_the_document(
    lead: Attacker, begun: str
) -> None:
    assert "Sharing agreement" in words(page(lead, "/projects"))
    carry_on = lead.client.get(f"{begun}/continue")
    assert carry_on.status_code == 302
    assert carry_on.headers["Location"].startswith(begun)
    assert "/report" not in carry_on.headers["Location"]


def test_of_settled_stages_only_what_later_stages_read_is_asked(lead: Attacker, begun: str) -> None:
    tasks = page(lead, f"{begun}/stages/dpia")
    assert f"{begun}/dpia/views" not in tasks  # nothing of the agreement reads it
    concept = page(lead, f"{begun}/stages/concept_review")
    assert f'href="{begun}/concept_review/' in concept


def test_what_is_left_of_settled_stages_stands_among_the_tasks_of_the_next(
    lead: Attacker, begun: str
) -> None:
    tasks = page(lead, f"{begun}/stages/sharing_agreement")
    assert f'href="{begun}/idea/motivate"' in tasks
    shown = re.findall(r'name="seen" value="([^"]+)"', page(lead, f"{begun}/idea/motivate"))
    token = {"csrf_token": lead.token, "release": lead.release, "seen": shown, "go": "on"}
    outcome = {"project.outcome": "Warm homes for all", "project.benefits_people": "Tenants"}
    saved = lead.client.post(f"{begun}/idea/motivate", data=token | outcome)
    assert saved.status_code == 302
    assert "/stages/idea" not in saved.headers["Location"]
    assert saved.headers["Location"] != f"{begun}/idea/motivate"


@pytest.mark.parametrize("kind", ["intent", "agreement"])
def test_other_kinds_settle_other_stages(lead: Attacker, kind: str) -> None:
    begun = str(begin(lead, signed__kind=kind).headers["Location"])
    said = words(page(lead, begun))
    assert ("and Statement of intent." in said) == (kind == "intent")
    assert ("Sharing agreement and Record and short agreement." in said) == (kind == "agreement")


@pytest.mark.parametrize(
    ("missing", "says"),
    [
        ("project.title", "Enter a title"),
        ("signed.kind", "Choose what is signed already"),
        ("signed.by", "Enter who signed it"),
        ("signed.date-year", "must include a year"),
    ],
)
def test_what_is_missing_is_told_and_what_was_typed_stays(
    lead: Attacker, missing: str, says: str
) -> None:
    answer = begin(lead, pdf(), **{missing.replace(".", "__"): ""})
    assert answer.status_code == 200
    assert not faults(answer.text)
    assert says in words(answer.text)
    assert "Choose the document again" in words(answer.text)
    kept = "Warm homes" if missing != "project.title" else "B. Example"
    assert kept in answer.text


def test_a_document_of_tomorrow_is_not_signed_yet(lead: Attacker) -> None:
    assert "still to come" in words(begin(lead, pdf(), **{"signed__date-year": "2199"}).text)


def test_without_a_document_nothing_is_begun(lead: Attacker) -> None:
    before = lead.kept()
    answer = begin(lead, None)
    assert "Choose the signed document" in words(answer.text)
    assert lead.kept() == before


def test_a_hostile_document_is_refused_and_what_was_typed_stays(lead: Attacker) -> None:
    before = lead.kept()
    answer = begin(lead, b"MZ" + bytes(60))
    assert "does not begin like one" in words(answer.text)
    assert "B. Example" in answer.text
    assert lead.kept() == before


def test_who_may_not_begin_a_project_may_not_begin_one_so(app: Flask) -> None:
    dpo = Attacker(app, app.test_client()).be("dpo")
    before = dpo.kept()
    assert begin(dpo).status_code == 403
    assert dpo.kept() == before
