"""What a hostile browser may send in a form, and that nothing comes of it but an honest answer."""

import io
import re
from html import unescape
from pathlib import Path
from typing import Any
from uuid import uuid4
from zipfile import ZipFile

import pytest
from flask import Flask

from app.store.database import Busy
from app.wsgi import create_app
from tests.web.attacker import AT, MARKUP, PAGE, ROWS, Attacker, gets, settings


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory, repository: Path) -> Flask:
    """A demonstration of our own: what is broken here is seen by no other test."""
    return create_app(settings(tmp_path_factory.mktemp("safety"), repository), demonstration=True)


@pytest.fixture
def attacker(product: Flask) -> Attacker:
    return Attacker(product, product.test_client()).be("lead")


# Forged forms


FORGED = {
    "an address that is not on the page": {"data.special": "health"},
    "an address that is nowhere": {"x.validate": "1"},
    "no address": {"a/b/c/d": "1"},
    "a row of another page": {"risks.register/1/title": "Mine now"},
    "what is worked out": {"dpia.screening": "not_required"},
    "columns of the store": {"status": "closed", "stage": "agreement", "version": "99"},
}


@pytest.mark.parametrize("fields", FORGED.values(), ids=FORGED)
def test_what_the_page_does_not_ask_is_not_written(
    attacker: Attacker, fields: dict[str, str]
) -> None:
    before = attacker.kept()
    assert attacker.save(PAGE, **fields).status_code == 302
    assert attacker.save(f"{PAGE}/save", **fields).status_code == 200
    assert attacker.kept() == before


@pytest.mark.parametrize("value", ["illegal", "", "new'--", "NEW", "\x00"])
def test_a_code_that_is_no_option_is_never_an_answer(attacker: Attacker, value: str) -> None:
    path = f"{AT}/idea/start"
    version = attacker.version("project.door")
    attacker.save(path, seen=version, **{"project.door": value or "zzz"})
    answer = attacker.client.get(path).text
    assert attacker.version("project.door") == version
    assert "zzz" not in answer.split("<main")[1].split("</form>")[0] or "another look" in answer


@pytest.mark.parametrize("release", ["", "1", "x" * 10_000, "2238c8c9-a7a0-46de-8125-43507dc38666"])
def test_a_release_that_was_never_published_is_refused(attacker: Attacker, release: str) -> None:
    before = attacker.kept()
    sent = {"release": release, "seen": "project.outcome=0", "project.outcome": "x"}
    assert attacker.post(PAGE, **sent).status_code in (400, 404)
    assert attacker.kept() == before


def test_a_version_from_the_future_overwrites_nothing(attacker: Attacker) -> None:
    before = attacker.kept()
    for seen in (999_999, 999_999_999):
        answer = attacker.save(PAGE, seen=seen, **{"project.outcome": "Overwritten blindly"})
        assert "meanwhile" in answer.text or "changed" in answer.text
    for odd in ("x", "-1", "²", "9" * 5000, "=="):
        sent = {"release": attacker.release, "seen": f"project.outcome={odd}"}
        attacker.post(PAGE, **sent, **{"project.outcome": "Overwritten blindly"})
    assert attacker.kept() == before
    assert "Overwritten blindly" not in attacker.client.get(f"{AT}/stages/idea/check").text


def test_fields_sent_twice_are_read_once(attacker: Attacker) -> None:
    version = attacker.version("idea.good")
    sent = {"release": attacker.release, "seen": [f"idea.good={version}"] * 3}
    attacker.post(PAGE, **sent, **{"idea.good": ["The first", "The second"]})
    shown = attacker.client.get(PAGE).text
    assert "The first" in shown
    assert "The second" not in shown


def test_a_row_is_removed_only_from_its_own_page_and_only_as_it_was_seen(
    attacker: Attacker,
) -> None:
    before = attacker.kept()
    wrong = attacker.post(
        f"{PAGE}/risks.register/1/remove", release=attacker.release, seen="1", agree="yes"
    )
    assert wrong.status_code == 404
    for seen in ("0", "999999", "x", "9" * 5000):
        attacker.post(f"{ROWS}/1/remove", release=attacker.release, seen=seen)
        assert attacker.client.get(f"{ROWS}/1").status_code == 200
    assert attacker.kept() == before


def test_a_row_that_is_not_there_is_not_made_by_writing_in_it(attacker: Attacker) -> None:
    before = attacker.kept()
    address = "idea.problems/999/problem"
    assert attacker.save(f"{ROWS}/999", **{address: "From nowhere"}).status_code < 500
    assert attacker.kept() == before


def test_bodies_and_forms_have_a_largest_size(attacker: Attacker) -> None:
    client, token = attacker.client, attacker.token
    big = client.post(PAGE, data={"csrf_token": token, "project.outcome": "x" * 2_100_000})
    assert big.status_code == 413
    assert "too much at once" in big.text
    many = "&".join(f"a{n}=1" for n in range(100_000))
    kind = "application/x-www-form-urlencoded"
    answer = client.post("/start/new", data=many, content_type=kind)
    assert answer.status_code == 413
    assert len(answer.data) < 10_000
    parts = {f"a{n}": "" for n in range(2100)}
    parted = client.post(PAGE, data=parts, content_type="multipart/form-data")
    assert parted.status_code == 413
    assert client.post(PAGE, data=b"\xff%zz&=&&", content_type=kind).status_code == 400


# Texts that are shown back


def _words(content: bytes) -> str:
    with ZipFile(io.BytesIO(content)) as package:
        return "".join(package.read(n).decode() for n in package.namelist() if n.endswith(".xml"))


def test_markup_is_text_on_every_page_and_in_every_document(attacker: Attacker) -> None:
    start = f"{AT}/idea/start"
    for path, address, said in (
        (start, "project.title", MARKUP[:120]),
        (PAGE, "project.outcome", MARKUP),
    ):
        attacker.save(path, seen=attacker.version(address), **{address: said})
    attacker.post(f"{PAGE}/colleague", to_whom=MARKUP, note=MARKUP)
    attacker.post(f"{AT}/flags/R27/dismiss", reason=MARKUP)
    paths = [p for p in gets(attacker.app) if not p.endswith((".docx", ".json"))]
    paths += [f"{AT}/documents/{o}" for o in ("risk_report", "statement_of_intent", "questions")]
    shown = 0
    for path in (*paths, PAGE, start, f"{PAGE}/colleague", f"{AT}/report?show=answered"):
        answer = attacker.client.get(path, follow_redirects=True)
        if answer.mimetype == "application/zip":
            continue  # the files of a release, as they were published
        html = answer.text
        assert "<script>alert" not in html, path
        assert "<img src=x" not in html, path
        assert "</textarea><b>" not in html, path
        assert "49 R&amp;D" not in html, path
        shown += "alert(1)" in unescape(html)
    assert shown > 10
    for output in ("risk_report", "dpia", "questions"):
        answer = attacker.client.get(f"{AT}/documents/{output}.docx")
        assert answer.status_code == 200
        assert "<script" not in _words(answer.data)
        assert re.fullmatch(
            r'attachment; filename="FP-0001_\w+\.docx"', answer.headers["Content-Disposition"]
        )
    assert "&lt;script&gt;" in _words(attacker.client.get(f"{AT}/documents/risk_report.docx").data)


UNPRINTABLE = {"NUL": "\x00", "vertical tab": "\x0b", "escape": "\x1b[2J", "no character": "\uffff"}
TYPED = {
    "a reason": ("lead", f"{AT}/flags/R96/dismiss", "reason", {}),
    "advice": ("dpo", f"{AT}/advice", "advice", {}),
    "a lifting": ("dpo", f"{AT}/flags/R10/lift", "reason", {}),
    "a note": ("lead", f"{PAGE}/colleague", "note", {"to_whom": "A colleague"}),
    "a name": ("lead", f"{PAGE}/colleague", "to_whom", {}),
}


@pytest.mark.parametrize("character", UNPRINTABLE.values(), ids=UNPRINTABLE)
@pytest.mark.parametrize(("role", "path", "name", "more"), TYPED.values(), ids=TYPED)
def test_what_no_document_can_carry_is_refused_and_kept_on_the_page(
    attacker: Attacker, role: str, path: str, name: str, more: dict[str, str], character: str
) -> None:
    attacker.be(role)
    before = attacker.kept()
    answer = attacker.post(path, **more, **{name: f"before{character}after"})
    assert answer.status_code == 200
    assert "<title>Error:" in answer.text
    assert "cannot be printed after “before”" in answer.text
    assert attacker.kept() == before


def test_an_unprintable_answer_is_kept_beside_the_answer_and_documents_still_come(
    attacker: Attacker,
) -> None:
    version = attacker.version("project.benefits_people")
    attacker.save(PAGE, seen=version, **{"project.benefits_people": "a\x00b"})
    assert "cannot be printed" in attacker.client.get(PAGE).text
    assert attacker.version("project.benefits_people") == version
    assert attacker.client.get(f"{AT}/documents/risk_report.docx").status_code == 200


def test_a_text_cannot_turn_the_reading_direction_of_what_follows(attacker: Attacker) -> None:
    turned = "Agreed by \u202eedirrevo\u202c and \u2066hidden\u2069"
    version = attacker.version("idea.good")
    attacker.save(PAGE, seen=version, **{"idea.good": turned})
    attacker.post(f"{AT}/flags/R54/dismiss", reason=turned)
    for path in (PAGE, f"{AT}/stages/idea/check", f"{AT}/history", f"{AT}/report?show=answered"):
        html = attacker.client.get(path).text
        assert not re.search("[\u202a-\u202e\u2066-\u2069]", html), path
    assert "edirrevo" in attacker.client.get(PAGE).text


def test_a_text_of_100_000_characters_is_refused_with_what_was_typed(attacker: Attacker) -> None:
    version = attacker.version("project.outcome")
    attacker.save(PAGE, seen=version, **{"project.outcome": "long " * 20_000})
    html = attacker.client.get(PAGE).text
    assert "this has 99,999" in html
    assert html.count("long long") > 0
    assert attacker.version("project.outcome") == version


# Acts


@pytest.mark.parametrize("role", ["lead", "ig_lead", "dpo", "editor"])
def test_only_a_signatory_signs(attacker: Attacker, role: str) -> None:
    attacker.be(role)
    before = attacker.kept()
    answer = attacker.post(f"{AT}/stages/statement_of_intent/sign", seal="0" * 64, agree="yes")
    assert answer.status_code == (404 if role == "editor" else 403)
    assert attacker.kept() == before


def test_a_wrong_seal_signs_nothing(attacker: Attacker) -> None:
    attacker.be("signatory")
    before = attacker.kept()
    for stage in ("idea", "statement_of_intent", "sharing_agreement"):
        for seal in ("", "0" * 64, "x"):
            answer = attacker.post(
                f"{AT}/stages/{stage}/sign", seal=seal, agree="yes", signatory_id=str(uuid4())
            )
            assert answer.status_code in (200, 404, 409), stage
    assert attacker.kept() == before


def test_no_stage_is_closed_by_another_or_twice_or_out_of_turn(attacker: Attacker) -> None:
    for role in ("lead", "ig_lead", "dpo", "signatory", "editor"):
        attacker.be(role)
        before = attacker.kept()
        for stage in ("idea", "dpia", "sharing_agreement", "x"):
            answer = attacker.post(f"{AT}/stages/{stage}/close")
            assert answer.status_code in (403, 404, 409), (role, stage)
        assert attacker.kept() == before


def test_the_same_act_sent_twice_is_one_act(attacker: Attacker) -> None:
    attacker.be("dpo")
    _send(attacker, "Said once.")
    once = attacker.kept()
    _send(attacker, "Said once.")
    assert attacker.kept() == once


def test_advice_that_was_not_read_as_it_stands_is_not_sent(attacker: Attacker) -> None:
    attacker.be("dpo")
    before = attacker.kept()
    attacker.post(f"{AT}/advice", advice="Not read.", proceed="go")
    for fields in ({}, {"read": "advice"}, {"read": "advice", "seen_draft": "0" * 64}):
        attacker.post(f"{AT}/advice/send", **fields)
    assert attacker.kept() == before


def _send(attacker: Attacker, words: str) -> None:
    """Write advice, and send it as it was read."""
    attacker.post(f"{AT}/advice", advice=words, proceed="go")
    page = attacker.client.get(f"{AT}/advice/send").text
    seen = re.search(r'name="seen_draft" value="([^"]+)"', page)
    assert seen
    attacker.post(f"{AT}/advice/send", read="advice", seen_draft=seen[1])


@pytest.mark.parametrize("role", ["lead", "ig_lead", "dpo", "signatory", "editor"])
def test_no_forged_form_dismisses_a_stop(attacker: Attacker, role: str) -> None:
    attacker.be(role)
    before = attacker.kept()
    answer = attacker.post(f"{AT}/flags/R10/dismiss", reason="It does not matter.", blocks="")
    assert answer.status_code == (404 if role == "editor" else 403)
    assert attacker.kept() == before


# What was typed survives an error


@pytest.mark.parametrize("status", [400, 503])
def test_what_was_typed_is_kept_and_shown_as_text(
    attacker: Attacker, monkeypatch: pytest.MonkeyPatch, status: int
) -> None:
    fields = {
        "csrf_token": attacker.token if status != 400 else "old",
        "release": attacker.release,
        "seen": "project.outcome=0",
        "project.outcome": MARKUP,
        '"><script>': "a name",
    }

    def busy(*_: Any, **__: Any) -> None:
        raise Busy

    if status == 503:
        monkeypatch.setattr("app.web.pages.posting.save_page", busy)
    answer = attacker.client.post(PAGE, data=fields)
    assert answer.status_code == status
    assert MARKUP in unescape(answer.text)
    assert "<script>" not in answer.text
    assert f'action="{PAGE}"' in answer.text
    assert 'value="old"' not in answer.text
    assert ("Retry-After" in answer.headers) is (status == 503)
