"""Releases and moving between them, as people meet them: on a tiny catalogue of two stages."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from flask import Flask

from app.actions.answers import Posted, save_changes
from app.actions.catalogues import Notes
from app.actions.definitions.releases import publish_files
from app.actions.demonstration import persona_of
from app.actions.pages import summarise
from app.actions.projects import NewProject, start_project
from app.core.sheet import Change
from app.settings import Settings
from app.store.database import read, write
from app.web.site import Site
from app.wsgi import create_app
from tests.tiny import flag, sources
from tests.web.conftest import Person, statements

AT = datetime(2026, 11, 22, 9, tzinfo=UTC)
KIND = {
    "id": "a.kind",
    "type": "choice",
    "ask": "What kind is it?",
    "options": {"red": "Red", "blue": "Blue"},
}
NOTE = {"id": "a.note", "type": "text", "ask": "Anything else?", "required": False}
STAGES = [
    {"id": "idea", "title": "Idea", "questionnaires": ["q"], "closed_by": "lead"},
    {"id": "deal", "title": "Deal", "closed_by": "lead", "signed": "deal", "documents": ["deal"]},
]
PIPELINE = {
    "people": {
        "lead": {"title": "Project lead"},
        "ig_lead": {"title": "IG lead"},
        "dpo": {"title": "DPO"},
        "signatory": {"title": "Signatory"},
    },
    "stages": STAGES,
    "route": {
        "id": "x.route",
        "title": "Route",
        "outcomes": [
            {"code": "full", "label": "Full", "otherwise": True, "stages": ["idea", "deal"]}
        ],
    },
}
RULES = {"flags": [flag({"===": [{"var": "a.kind"}, "red"]}, "F1")]}


def deal(words: str) -> bytes:
    blocks = [{"heading": "Deal"}, {"text": words}]
    return json.dumps({"title": "Deal", "file": "deal", "blocks": blocks}).encode()


def files(
    kind: Mapping[str, Any] = KIND,
    rules: Mapping[str, Any] = RULES,
    words: str = "It is {a.kind}.",
    **converters: Any,
) -> dict[str, bytes]:
    pipeline = {**PIPELINE, "converters": converters}
    made = sources([kind, NOTE], rules, pipeline=pipeline)
    return {**made, "outputs/deal.yaml": deal(words)}


SPLIT = {**KIND, "options": {"crimson": "Crimson", "scarlet": "Scarlet", "blue": "Blue"}}
SPLIT_RULES = {"flags": [flag({"===": [{"var": "a.kind"}, "crimson"]}, "F1")]}


@pytest.fixture
def small(tmp_path: Path) -> Flask:
    """The application on a tiny catalogue, with the demonstration's people and no project."""
    content = tmp_path / "content"
    for path, text in {**files(), "questionnaires/samples/demo.yaml": b"[]\n"}.items():
        (content / path).parent.mkdir(parents=True, exist_ok=True)
        (content / path).write_bytes(text)
    settings = Settings(
        secret_key="only-for-tests-0123456789-abcdefghijkl",  # noqa: S106
        fingerpost_content=content,
        database_url=f"sqlite:///{tmp_path / 'small.sqlite3'}",
        trusted_hosts=("localhost",),
    )
    app = create_app(settings, demonstration=True)
    app.config["PROPAGATE_EXCEPTIONS"] = True
    return app


def site_of(app: Flask) -> Site:
    found: Site = app.extensions["fingerpost"]
    return found


@pytest.fixture
def reference(small: Flask) -> str:
    """A project whose questions are all answered, under release 1."""
    site = site_of(small)
    released = site.catalogues.newest()
    with write(site.engine) as conn:
        lead = persona_of(conn, "lead")
        summary = summarise(released, AT.date())
        new = NewProject("Warm homes", "new", "idea", released.release.id, AT)
        made = start_project(conn, lead, new, summary)
        given = {
            "x.title": "Warm homes",
            "a.kind": "red",
            "x.list/+1": {"name": lead.organisation_name},
        }
        changes = [Change(address, value) for address, value in given.items()]
        posted = Posted(changes, "q/p", AT, released.release.id)
        save_changes(conn, lead, made, posted, summary)
    return made


@pytest.fixture
def lead(small: Flask, reference: str) -> Person:
    return Person(small, small.test_client()).be("lead")


def publish(app: Flask, made: Mapping[str, bytes], must_move: str | None = None) -> int:
    notes = Notes("LOTI", "What changed.", AT, "editor")
    return publish_files(site_of(app).catalogues, made, notes, must_move).number


# The pages of releases


def test_releases_are_listed_and_each_tells_its_files_and_who_is_on_it(
    small: Flask, lead: Person
) -> None:
    publish(small, files(SPLIT, SPLIT_RULES))
    lead.open("/definitions/releases")
    assert "2 releases" in lead.page.text
    assert "Release 2 What changed." in lead.page.text

    lead.follow("Release 2")
    lead.follow("What changed since the release before")
    assert "What kind is it?" in lead.page.text
    lead.follow("Releases")
    lead.follow("Release 1")
    assert "Warm homes" in lead.page.text
    lead.follow("Q")
    assert "What kind is it?" in lead.page.text


def test_what_is_downloaded_is_what_was_published_to_the_byte(small: Flask, lead: Person) -> None:
    got = lead.client.get("/definitions/releases/1/download").data

    with ZipFile(BytesIO(got)) as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == files()


@pytest.mark.parametrize("path", ["9", "9/download", "1/files/rules/none.yaml"])
def test_what_was_never_published_is_not_found(lead: Person, path: str) -> None:
    lead.open(f"/definitions/releases/{path}", status=404)


def test_whoever_sees_no_projects_sees_none_on_a_release(lead: Person) -> None:
    lead.be("editor").open("/definitions/releases/1")

    assert "Warm homes" not in lead.page.text
    assert "1 of other organisations" in lead.page.text


# Moving


def test_before_moving_everything_is_shown_and_afterwards_the_same(
    small: Flask, lead: Person, reference: str
) -> None:
    publish(small, files(SPLIT, SPLIT_RULES, options={"a.kind": {"red": ["crimson", "scarlet"]}}))
    lead.open(f"/projects/{reference}")
    before = lead.follow("Release 1: move to another").text
    for said in (
        "1 to be answered again",
        "What kind is it? Red",
        "Title of F1 Flag Raised Not known yet",
        "Move to release 2",
    ):
        assert said in before

    lead.post(f"/projects/{reference}/move")
    after = lead.page.text
    assert "Moved from release 1 to release 2" in after
    for said in ("1 to be answered again", "What kind is it? Red", "Raised Not known yet"):
        assert said in after
    assert "0 questions newly asked" in after
    lead.follow("What kind is it?")
    assert lead.page.path == f"/projects/{reference}/q/p"

    lead.open(f"/projects/{reference}/q/p")
    assert "answered “Red” on 22 November 2026, when it read “What kind is it?”" in lead.page.text


def test_moving_back_restores_the_answer_and_the_flag(
    small: Flask, lead: Person, reference: str
) -> None:
    publish(small, files(SPLIT, SPLIT_RULES))
    lead.open(f"/projects/{reference}/move")
    lead.post(f"/projects/{reference}/move")
    lead.follow("See what moving back to release 1 would do")
    assert "Title of F1 Flag Not known yet Raised" in lead.page.text
    lead.post(f"/projects/{reference}/move")

    lead.open(f"/projects/{reference}/q/p")
    assert "when it read" not in lead.page.text
    lead.open(f"/projects/{reference}")
    assert "1 other flag raised" in lead.page.text


def test_a_page_opened_before_a_move_is_not_saved_after_it_and_what_was_typed_is_kept(
    small: Flask, lead: Person, reference: str
) -> None:
    page = f"/projects/{reference}/q/p"
    publish(small, files(SPLIT, SPLIT_RULES))
    other = Person(small, small.test_client()).be("ig_lead")
    lead.open(page)
    other.open(f"/projects/{reference}/move")
    other.post(f"/projects/{reference}/move")

    lead.post(page, status=409, **{"a.note": "Typed meanwhile"})
    assert "Typed meanwhile" in lead.page.html


def test_a_project_that_changed_since_the_list_was_shown_is_not_moved(
    small: Flask, lead: Person, reference: str
) -> None:
    publish(small, files(SPLIT, SPLIT_RULES))
    lead.open(f"/projects/{reference}/move")
    shown = lead.page
    lead.open(f"/projects/{reference}/q/p")
    lead.post(f"/projects/{reference}/q/p", **{"a.note": "More", "a.kind": "blue"})
    lead.page = shown

    lead.post(f"/projects/{reference}/move", status=409)
    assert "since you were shown" in lead.page.text


@pytest.mark.parametrize(("role", "status"), [("ig_lead", 200), ("dpo", 403), ("signatory", 403)])
def test_the_lead_or_the_ig_lead_moves_a_project(
    small: Flask, lead: Person, reference: str, role: str, status: int
) -> None:
    publish(small, files(SPLIT, SPLIT_RULES))
    lead.be(role).open(f"/projects/{reference}/move")
    assert ("moves it." in lead.page.text) == (status == 403)
    hidden = {} if status == 200 else {"to": "2", "sheet": "2", "project": "1"}
    lead.post(f"/projects/{reference}/move", status=status, **hidden)


def test_a_project_does_not_move_to_where_its_stage_is_not(
    small: Flask, lead: Person, reference: str
) -> None:
    made = files()
    pipeline = json.loads(made["questionnaires/pipeline.yaml"])
    pipeline["stages"][0]["id"] = "thought"
    pipeline["route"]["outcomes"][0]["stages"][0] = "thought"
    publish(small, {**made, "questionnaires/pipeline.yaml": json.dumps(pipeline).encode()})

    lead.open(f"/projects/{reference}/move")
    assert "Release 2 has no stage “Idea”, which this project has reached." in lead.page.text
    lead.post(f"/projects/{reference}/move", status=403, to="2", sheet="2", project="1")


def test_the_history_tells_of_a_move_and_of_every_answer_it_touched(
    small: Flask, lead: Person, reference: str
) -> None:
    publish(small, files(SPLIT, SPLIT_RULES))
    lead.open(f"/projects/{reference}/move")
    lead.post(f"/projects/{reference}/move")
    lead.open(f"/projects/{reference}/history")

    assert "moved the project to release 2" in lead.page.text
    assert "took out What kind is it?" in lead.page.text


def test_a_restricted_answer_is_not_told_by_a_move_to_whom_it_is_not_shown(
    small: Flask, lead: Person, reference: str
) -> None:
    publish(small, files({**KIND, "restricted": True, "for": "ig_lead"}))
    publish(small, files(SPLIT, SPLIT_RULES))
    for number in (2, 3):
        lead.be("ig_lead").open(f"/projects/{reference}/move?to={number}")
        lead.post(f"/projects/{reference}/move")
    assert "What kind is it? Red" in lead.page.text
    moved = lead.page.path

    for path in (moved, f"/projects/{reference}/move", f"/projects/{reference}/q/p"):
        lead.be("lead").open(path)
        assert "Red" not in lead.page.text.replace("Restricted", ""), path


# Projects that must move


def test_a_project_that_must_move_says_so_on_its_pages_and_cannot_close_its_stage(
    small: Flask, lead: Person, reference: str
) -> None:
    publish(small, files(), None)
    publish(small, files(words="Otherwise."), must_move="A power was repealed.")
    for path in ("", "/move", "/q/p", "/stages/idea", "/stages/idea/close", "/advice", "/history"):
        lead.open(f"/projects/{reference}{path}")
        assert "This project must move to release 2 A power was repealed." in lead.page.text, path

    lead.open(f"/projects/{reference}/stages/idea/close")
    assert "This project must move to release 2" in lead.page.text
    lead.post(f"/projects/{reference}/stages/idea/close", status=409)

    lead.open(f"/projects/{reference}")
    assert "It waits for the move to a newer release." in lead.page.text
    lead.follow("See what moving would change")
    lead.post(f"/projects/{reference}/move")
    lead.open(f"/projects/{reference}/stages/idea/close")
    assert "must move to release" not in lead.page.text
    lead.post(f"/projects/{reference}/stages/idea/close")


def test_another_worker_sees_at_once_that_a_project_must_move(
    small: Flask, lead: Person, reference: str
) -> None:
    other = create_app(site_of(small).settings, demonstration=True)
    there = Person(other, other.test_client()).be("lead")
    there.open(f"/projects/{reference}")
    assert "must move to release" not in there.page.text

    publish(small, files(words="Otherwise."))
    lead.be("editor").open("/definitions/releases/2")
    lead.follow("Say that projects must move to it")
    lead.post("/definitions/releases/2/must-move", reason="")
    assert "Write a reason" in lead.page.text
    lead.post("/definitions/releases/2/must-move", reason="A power was repealed.")
    assert "must move to this one" in lead.page.text

    there.open(f"/projects/{reference}")
    assert "A power was repealed." in there.page.text

    lead.follow("Projects need not move after all")
    lead.post("/definitions/releases/2/must-move", reason="It was not.")
    there.open(f"/projects/{reference}")
    assert "must move to release" not in there.page.text


def test_a_dpo_says_why_a_project_need_not_move_and_documents_print_it(
    small: Flask, lead: Person, reference: str
) -> None:
    publish(small, files(words="Otherwise."), must_move="A power was repealed.")
    lead.be("dpo").open(f"/projects/{reference}/move")
    lead.follow("Say why this project need not move")
    lead.post(f"/projects/{reference}/move/stay", reason="It does not rely on that power.")

    lead.be("lead").open(f"/projects/{reference}/documents/deal")
    assert "Need not move to release 2. It does not rely on that power." in lead.page.text
    lead.open(f"/projects/{reference}/stages/idea/close")
    assert "must move to release 2" not in lead.page.text
    assert "This project need not move to release 2" in lead.page.text
    lead.post(f"/projects/{reference}/stages/idea/close")

    lead.open(f"/projects/{reference}/move")
    lead.post(f"/projects/{reference}/move")
    lead.open(f"/projects/{reference}/documents/deal")
    assert "Need not move" not in lead.page.text


def test_nobody_but_a_dpo_says_so_and_of_no_project_that_need_not_move(
    small: Flask, lead: Person, reference: str
) -> None:
    lead.be("dpo").open(f"/projects/{reference}/move/stay", status=404)
    publish(small, files(words="Otherwise."), must_move="A power was repealed.")
    lead.be("lead").open(f"/projects/{reference}/move")
    lead.post(f"/projects/{reference}/move/stay", status=403, reason="I say so.")


def test_the_pages_of_a_project_take_no_statement_more_for_it(
    small: Flask, lead: Person, reference: str
) -> None:
    publish(small, files(words="Otherwise."), must_move="A power was repealed.")
    for path in ("", "/q/p", "/stages/idea"):
        lead.open(f"/projects/{reference}{path}")
        with statements(site_of(small).engine) as sent:
            lead.open(f"/projects/{reference}{path}")
        assert len(sent) == 2, (path, sent)


# Signatures


def signed(lead: Person, reference: str) -> None:
    lead.be("lead").open(f"/projects/{reference}/stages/idea/close")
    lead.post(f"/projects/{reference}/stages/idea/close")
    lead.be("signatory").open(f"/projects/{reference}/stages/deal/sign")
    lead.post(f"/projects/{reference}/stages/deal/sign", agree="yes")
    lead.be("lead")


def state(lead: Person, reference: str) -> str:
    text = lead.open(f"/projects/{reference}/stages/deal/sign").text
    return "stale" if "Out of date: what it covers has changed" in text else "holds"


def move_to(lead: Person, reference: str, number: int) -> str:
    before = lead.open(f"/projects/{reference}/move?to={number}").text
    lead.post(f"/projects/{reference}/move")
    return before


RENAMED = {**KIND, "id": "b.kind"}
RENAMED_RULES = {"flags": [flag({"===": [{"var": "b.kind"}, "red"]}, "F1")]}


@pytest.mark.parametrize(
    ("after", "then"),
    [
        pytest.param(
            files(RENAMED, RENAMED_RULES, "It is {b.kind}.", questions={"a.kind": "b.kind"}),
            "holds",
            id="only a name is another: the document reads the same",
        ),
        pytest.param(
            files(words="It is {a.kind}, and more."), "stale", id="the document reads otherwise"
        ),
        pytest.param(files(SPLIT, SPLIT_RULES), "stale", id="an answer it prints is asked again"),
    ],
)
def test_a_signature_holds_while_its_document_reads_the_same_and_again_after_moving_back(
    small: Flask, lead: Person, reference: str, after: Mapping[str, bytes], then: str
) -> None:
    signed(lead, reference)
    publish(small, after)
    assert state(lead, reference) == "holds"

    told = move_to(lead, reference, 2)
    assert ("Deal, signed for" in told) == (then == "stale")
    assert state(lead, reference) == then

    move_to(lead, reference, 1)
    assert state(lead, reference) == "holds"


def test_a_signature_that_was_out_of_date_stays_so_whatever_an_answer_is_called(
    small: Flask, lead: Person, reference: str
) -> None:
    signed(lead, reference)
    lead.open(f"/projects/{reference}/q/p")
    lead.post(f"/projects/{reference}/q/p", **{"a.kind": "blue"})
    assert state(lead, reference) == "stale"

    publish(small, files(RENAMED, RENAMED_RULES, "It is {b.kind}.", questions={"a.kind": "b.kind"}))
    move_to(lead, reference, 2)
    assert state(lead, reference) == "stale"


def test_what_was_signed_stays_as_it_is_to_the_byte(
    small: Flask, lead: Person, reference: str
) -> None:
    from app.store.tables import document

    signed(lead, reference)
    engine = site_of(small).engine
    with read(engine) as conn:
        before = conn.execute(document.select()).all()
    publish(small, files(words="Otherwise."))
    move_to(lead, reference, 2)

    with read(engine) as conn:
        assert conn.execute(document.select()).all() == before
    assert len(before) == 1


def test_a_move_there_and_back_is_told_in_the_chain_of_acts(
    small: Flask, lead: Person, reference: str
) -> None:
    publish(small, files(words="Otherwise."))
    move_to(lead, reference, 2)
    move_to(lead, reference, 1)
    lead.open(f"/projects/{reference}/history")

    assert "moved the project to release 2" in lead.page.text
    assert "moved the project to release 1" in lead.page.text
