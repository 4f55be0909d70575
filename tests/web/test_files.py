"""Files that answer questions: brought, refused, kept, given back, listed, and seen by whom they may be."""

from __future__ import annotations

import io
import json
import re
import zipfile
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from sqlalchemy import func, select
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.test import TestResponse, encode_multipart

from app.actions.access.policy import GOVERNANCE, OVERSIGHT, SEES, Relation
from app.store.database import read
from app.store.files import file
from app.store.tables import answer_event
from app.web.limits import MOST_WITH_FILES
from app.wsgi import create_app
from tests.brought import GOOD, HOSTILE, docx, pdf, png
from tests.web.attacker import Attacker, settings
from tests.web.audit import faults
from tests.web.matrix import MAIN, Matrix, populate

AT = f"/projects/{MAIN}"
FLOWS, SAFE = f"{AT}/dpia/flows", f"{AT}/dpia/protection"
DIAGRAM, REPORT = "share.flow_file", "sec.pentest_file"


def can_be_sent(what: str) -> bool:
    """Whether a form can carry such a name at all."""
    name = HOSTILE[what][0]
    return bool(name.strip()) and "\n" not in name


@pytest.fixture(scope="module")
def matrix(tmp_path_factory: pytest.TempPathFactory, repository: Path) -> Matrix:
    return populate(
        create_app(settings(tmp_path_factory.mktemp("files"), repository), demonstration=True)
    )


@pytest.fixture(scope="module")
def ig_lead(matrix: Matrix) -> Attacker:
    return somebody(matrix, "ig_lead")


def somebody(matrix: Matrix, role: str, relation: Relation = Relation.OWN) -> Attacker:
    return Attacker(matrix.app, matrix.client(matrix.people[relation, role]))


def bring(
    who: Attacker, name: str, content: bytes, at: str = FLOWS, of: str = DIAGRAM, **typed: Any
) -> TestResponse:
    """Send a page with a file, as its form would."""
    seen = [f"{address}={who.version(address)}" for address in (of, *typed)]
    data: MultiDict[str, Any] = MultiDict(
        [("csrf_token", who.token), ("release", who.release), ("go", "on")]
        + [("seen", each) for each in seen]
        + list(typed.items())
    )
    return send(who, f"{at}/files", of, name, content, data)


def send(
    who: Attacker, path: str, of: str, name: str, content: bytes, data: MultiDict[str, Any]
) -> TestResponse:
    """Post a form with a file, made whole in memory: no file of the test's is left open."""
    data.add(of, FileStorage(io.BytesIO(content), filename=name))
    mark, body = encode_multipart(data)
    kind = f'multipart/form-data; boundary="{mark}"'
    return who.client.post(path, data=body, content_type=kind)


def leave(who: Attacker, **typed: Any) -> TestResponse:
    """Send the page without choosing a file."""
    return bring(who, "", b"", **typed)


def page(who: Attacker, at: str = FLOWS) -> str:
    html = who.client.get(at).text
    assert not faults(html)
    return html


def link(html: str) -> str:
    """Where the file of a page is fetched."""
    found = re.search(rf'href="({AT}/files/[0-9a-f]{{64}})"', html)
    assert found, html
    return found[1]


def events(matrix: Matrix, address: str) -> list[Any]:
    with read(matrix.engine) as conn:
        rows = conn.scalars(
            select(answer_event.c.new)
            .where(answer_event.c.address == address)
            .order_by(answer_event.c.seq)
        )
        return [json.loads(row) if row else None for row in rows]


def kept(matrix: Matrix) -> int:
    with read(matrix.engine) as conn:
        return conn.scalar(select(func.count()).select_from(file)) or 0


@pytest.fixture(autouse=True)
def nothing_there(ig_lead: Attacker) -> None:
    """Each test begins without a diagram."""
    leave(ig_lead, **{f"{DIAGRAM}-remove": "yes"})


# Bringing a file


def test_the_page_asks_for_a_file_and_says_what_it_takes(ig_lead: Attacker) -> None:
    html = page(ig_lead)
    assert 'enctype="multipart/form-data"' in html
    assert f'action="{FLOWS}/files"' in html
    assert 'accept=".pdf,.png,.jpg,.jpeg,.docx,.xlsx"' in html
    assert "10 MB at most" in html


def test_a_page_without_such_a_question_posts_where_it_always_did(ig_lead: Attacker) -> None:
    html = page(ig_lead, f"{AT}/dpia/concerns")
    assert f'action="{AT}/dpia/concerns"' in html
    assert "multipart" not in html


@pytest.mark.parametrize("name", GOOD)
def test_a_good_file_is_kept_named_on_its_page_and_given_back_to_the_byte(
    matrix: Matrix, ig_lead: Attacker, name: str
) -> None:
    content = GOOD[name]()
    assert bring(ig_lead, name, content).status_code == 302
    html = unescape(page(ig_lead))
    assert f">{name}</a>" in html
    found = ig_lead.client.get(link(html))
    assert found.data == content
    answer = events(matrix, DIAGRAM)[-1]
    assert (answer["name"], answer["size"]) == (name, len(content))


def test_what_is_typed_beside_a_file_is_saved_with_it(matrix: Matrix, ig_lead: Attacker) -> None:
    bring(ig_lead, "a.png", png(), **{"share.trigger": "case"})
    assert events(matrix, "share.trigger")[-1] == "case"
    assert events(matrix, DIAGRAM)[-1]["name"] == "a.png"


def test_a_page_sent_without_choosing_a_file_keeps_the_one_there_is(
    matrix: Matrix, ig_lead: Attacker
) -> None:
    bring(ig_lead, "a.png", png())
    before = events(matrix, DIAGRAM)
    leave(ig_lead, **{"share.trigger": "both"})
    assert events(matrix, DIAGRAM) == before
    assert "a.png" in page(ig_lead)


# Refusing a file


@pytest.mark.parametrize("what", [what for what in HOSTILE if can_be_sent(what)])
def test_a_hostile_file_is_refused_with_its_message_and_nothing_of_it_is_kept(
    matrix: Matrix, ig_lead: Attacker, what: str
) -> None:
    name, make, says = HOSTILE[what]
    before = kept(matrix)
    answer = bring(ig_lead, name, make())
    if answer.status_code != 302:  # what reads the form already refuses such a name
        assert answer.status_code == 400
        return
    html = unescape(page(ig_lead))
    assert 'class="govuk-error-summary' in html
    assert says in html
    assert (kept(matrix), events(matrix, DIAGRAM)[-1]) == (before, None)


def test_what_was_typed_beside_a_refused_file_is_saved(matrix: Matrix, ig_lead: Attacker) -> None:
    leave(ig_lead, **{"share.trigger": "bulk"})
    answer = bring(ig_lead, "a.exe", b"MZ", **{"share.trigger": "both"})
    assert answer.headers["Location"] == FLOWS
    assert events(matrix, "share.trigger")[-1] == "both"
    assert "kind that is not taken" in page(ig_lead)


def test_a_refused_file_leaves_the_one_that_was_there(matrix: Matrix, ig_lead: Attacker) -> None:
    bring(ig_lead, "good.pdf", pdf())
    bring(ig_lead, "bad.pdf", b"MZ")
    html = page(ig_lead)
    assert "good.pdf" in html
    assert "bad.pdf" in html
    assert events(matrix, DIAGRAM)[-1]["name"] == "good.pdf"


def test_after_a_refusal_the_page_leads_on_without_a_file(ig_lead: Attacker) -> None:
    bring(ig_lead, "bad.pdf", b"MZ")
    assert "govuk-error-summary" in page(ig_lead)
    leave(ig_lead)
    assert "govuk-error-summary" not in page(ig_lead)


def test_saving_as_one_types_leaves_files_and_their_refusals_alone(
    matrix: Matrix, ig_lead: Attacker
) -> None:
    bring(ig_lead, "bad.pdf", b"MZ")
    before = events(matrix, DIAGRAM)
    posted = {DIAGRAM: "", "share.trigger": "case"}
    answer = ig_lead.save(f"{FLOWS}/save", seen=99, **posted).get_json()
    assert "does not begin like one" in answer["errors"][DIAGRAM]
    assert events(matrix, DIAGRAM) == before


@pytest.mark.parametrize("path", [FLOWS, f"{FLOWS}/save", f"{FLOWS}/files"])
def test_an_answer_that_names_a_file_cannot_be_typed(
    matrix: Matrix, ig_lead: Attacker, path: str
) -> None:
    forged = json.dumps(
        {"hash": "0" * 64, "name": "a.pdf", "kind": "pdf", "size": 9, "at": "2026-01-01T00:00:00Z"}
    )
    before = events(matrix, DIAGRAM)
    ig_lead.save(path, seen=99, **{DIAGRAM: forged})
    assert events(matrix, DIAGRAM) == before


# Sizes


def test_only_where_files_are_brought_a_form_may_be_large(ig_lead: Attacker) -> None:
    large = pdf(b"% " + b"x" * 3_000_000 + b"\n")
    assert bring(ig_lead, "large.pdf", large).status_code == 302
    assert "large.pdf" in page(ig_lead)
    for path in (FLOWS, f"{FLOWS}/save", f"{AT}/idea/motivate", "/start/new"):
        form = MultiDict([("csrf_token", ig_lead.token)])
        answer = send(ig_lead, path, DIAGRAM, "a.pdf", large, form)
        assert answer.status_code == 413, path


def test_more_than_two_large_files_are_refused_before_they_are_read(ig_lead: Attacker) -> None:
    answer = bring(ig_lead, "a.pdf", bytes(MOST_WITH_FILES))
    assert answer.status_code == 413
    assert "choose a smaller file" in answer.text


# Replacing and taking away


def test_a_file_that_is_replaced_stays_in_the_history(matrix: Matrix, ig_lead: Attacker) -> None:
    bring(ig_lead, "first.pdf", pdf())
    first = link(page(ig_lead))
    bring(ig_lead, "second.png", png())
    html = page(ig_lead)
    assert "second.png" in html
    assert "first.pdf" not in html
    assert ig_lead.client.get(first).data == pdf()
    names = [each and each["name"] for each in events(matrix, DIAGRAM)[-2:]]
    assert names == ["first.pdf", "second.png"]
    assert "first.pdf" in ig_lead.client.get(f"{AT}/history?of={DIAGRAM}").text


def test_a_file_is_taken_away_with_a_box(matrix: Matrix, ig_lead: Attacker) -> None:
    bring(ig_lead, "first.pdf", pdf())
    assert "Take this file away" in page(ig_lead)
    leave(ig_lead, **{f"{DIAGRAM}-remove": "yes"})
    assert "first.pdf" not in page(ig_lead)
    assert events(matrix, DIAGRAM)[-1] is None


def test_the_same_file_brought_twice_is_kept_once(matrix: Matrix, ig_lead: Attacker) -> None:
    bring(ig_lead, "once.pdf", pdf(b"% once\n"))
    before = kept(matrix)
    bring(ig_lead, "twice.pdf", pdf(b"% once\n"))
    assert kept(matrix) == before
    assert "twice.pdf" in page(ig_lead)


# Giving back


def test_a_file_is_only_ever_saved_and_never_shown_within_the_site(ig_lead: Attacker) -> None:
    bring(ig_lead, "Verträge “A”.pdf", pdf())
    answer = ig_lead.client.get(link(page(ig_lead)))
    told = answer.headers["Content-Disposition"]
    assert told.startswith("attachment; ")
    assert unquote(told.rpartition("''")[2]) == "Verträge “A”.pdf"
    assert told.isascii()
    assert answer.headers.getlist("Content-Security-Policy") == [
        "default-src 'none'; sandbox; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
    ]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"


def test_whoever_sees_the_project_may_fetch_it_and_nobody_else(
    matrix: Matrix, ig_lead: Attacker
) -> None:
    bring(ig_lead, "a.pdf", pdf())
    path = link(page(ig_lead))
    for (relation, role), actor in matrix.people.items():
        sees = {
            Relation.OWN: SEES,
            Relation.PARTICIPATING: SEES,
            Relation.SPONSOR: SEES,  # the people are those of the first
            Relation.OFF_TEAM: OVERSIGHT,
        }.get(relation, frozenset())
        answer = matrix.client(actor).get(path)
        assert (answer.status_code == 200) == (role in sees), (relation, role)
        assert answer.status_code in {200, 404}


def test_a_file_of_one_project_is_not_found_under_another(ig_lead: Attacker) -> None:
    bring(ig_lead, "a.pdf", pdf())
    path = link(page(ig_lead))
    other = path.replace(MAIN, "FP-0002")
    assert ig_lead.client.get(f"/projects/{MAIN}/files/{'0' * 64}").status_code == 404
    assert ig_lead.client.get(other).status_code == 404


def test_a_file_of_a_restricted_question_is_fetched_by_those_who_look_after_information(
    matrix: Matrix,
) -> None:
    security = somebody(matrix, "security")
    security.save(SAFE, seen=99, **{"sec.pentest": "yes"})
    content = pdf(b"% findings\n")
    assert bring(security, "Findings.pdf", content, SAFE, REPORT).status_code == 302
    path = link(page(security, SAFE))
    for role in sorted(SEES):
        who = somebody(matrix, role)
        sees = role in GOVERNANCE
        assert who.client.get(path).status_code == (200 if sees else 404), role
        assert ("Findings.pdf" in page(who, SAFE)) == sees, role
    lead = somebody(matrix, "lead")
    assert bring(lead, "a.pdf", pdf(), SAFE, REPORT).status_code == 403
    security_word, annex = _word(security, "dpia"), _word(security, "restricted_annex")
    assert "Findings.pdf" not in security_word
    assert "Findings.pdf" in annex


# Documents


def test_documents_list_files_with_name_kind_size_hash_and_question(ig_lead: Attacker) -> None:
    content = docx()
    bring(ig_lead, "Flows 2026.docx", content)
    hashed = link(page(ig_lead)).rpartition("/")[2]
    for output in ("dpia", "sharing_agreement"):
        said = _word(ig_lead, output)
        assert "Flows 2026.docx" in said
        assert "Word file, 1 KB" in said
        assert hashed[:8] in said
        assert "Data-flow diagram" in said


def _word(who: Attacker, output: str) -> str:
    found = who.client.get(f"{AT}/documents/{output}.docx").data
    with zipfile.ZipFile(io.BytesIO(found)) as packed:
        return re.sub(r"<[^>]*>", "", packed.read("word/document.xml").decode())
