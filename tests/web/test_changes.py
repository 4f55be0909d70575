"""What changes in a draft and between releases, and what it does to live projects, on pages."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

import pytest
from flask import Flask

from app.actions.definitions.drafts import (
    Typed,
    begin_draft,
    draft_files,
    open_draft,
    save_draft_file,
)
from app.actions.definitions.previewing import run_preview
from app.actions.definitions.previews import preview_of
from app.actions.demonstration import persona_of
from app.actions.jobs import PREVIEW, Job
from app.store.database import read, write
from app.web.site import Site
from tests.web.conftest import Person

PATH = "questionnaires/concept_review.yaml"
AT = datetime(2026, 11, 22, 10, tzinfo=UTC)
ASK = "ask: Does it include any of these?"
OPTION = "              none: None of these\n            exclusive: none"


def site_of(product: Flask) -> Site:
    found: Site = product.extensions["fingerpost"]
    return found


def begin(product: Flask, *edits: tuple[str, str]) -> str:
    """A draft with these edits of one file; its id."""
    with write(site_of(product).engine) as conn:
        editor = persona_of(conn, "editor")
        draft_id = begin_draft(conn, editor, "spring wording", AT)
        draft = open_draft(conn, editor, draft_id)
        text = draft_files(conn, draft)[PATH].decode()
        for old, new in edits:
            assert old in text
            text = text.replace(old, new, 1)
        save_draft_file(conn, editor, draft_id, Typed(PATH, text.encode(), draft.version, AT))
    return str(draft_id)


def work(product: Flask, preview_id: str) -> None:
    """Do what the worker does."""
    site = site_of(product)
    done = Job(UUID(int=1), PREVIEW, {"preview": preview_id}, 1)
    run_preview(site.engine, site.catalogues, done, AT)


@pytest.fixture
def editor(someone: Person) -> Person:
    """A LOTI editor at a browser."""
    return someone.be("editor")


def see(editor: Person, draft_id: str) -> str:
    """Ask what a draft does; the id of the preview."""
    editor.open(f"/definitions/drafts/{draft_id}/changes")
    editor.post(f"/definitions/drafts/{draft_id}/previews")
    return editor.page.path.rsplit("/", 1)[-1]


def test_a_draft_says_what_changes_with_the_words_marked(product: Flask, editor: Person) -> None:
    draft_id = begin(product, (ASK, "ask: Do the records include any of these?"))
    page = editor.open(f"/definitions/drafts/{draft_id}/changes")

    assert "1 change." in page.text
    assert "Concept review: question “Sensitive information”" in page.text
    assert "<del>Does it</del> include any of these?" in page.html
    assert "<ins>Do the records</ins> include any of these?" in page.html
    assert "Wording" in page.text


def test_a_draft_without_changes_says_so(product: Flask, editor: Person) -> None:
    draft_id = begin(product)
    page = editor.open(f"/definitions/drafts/{draft_id}/changes")

    assert "Nothing differs" in page.text
    editor.post(f"/definitions/drafts/{draft_id}/previews", status=404)


def test_a_statement_of_law_is_marked(product: Flask, editor: Person) -> None:
    said = "why: These are special category data."
    draft_id = begin(product, (said, "why: These are called special category data."))
    page = editor.open(f"/definitions/drafts/{draft_id}/changes")

    assert "1 statement of law" in page.text
    assert "Law" in page.text


def test_a_draft_with_faults_says_what_to_do(product: Flask, editor: Person) -> None:
    draft_id = begin(product, ("type: multi", "type: multy"))
    page = editor.open(f"/definitions/drafts/{draft_id}/changes")

    assert "mend them to see what changes" in page.text


def test_a_preview_waits_refreshes_itself_and_tells_what_it_found(
    product: Flask, editor: Person
) -> None:
    one_more = OPTION.replace(
        "none: None", "immigration: Immigration status\n              none: None", 1
    )
    draft_id = begin(product, (OPTION, one_more))
    preview_id = see(editor, draft_id)
    waiting = editor.client.get(f"/definitions/previews/{preview_id}")

    assert waiting.headers["Refresh"] == "3"
    assert "Waiting to begin" in editor.page.text
    assert "Stop looking" in editor.page.text

    work(product, preview_id)
    page = editor.open(f"/definitions/previews/{preview_id}")
    assert "Refresh" not in editor.client.get(f"/definitions/previews/{preview_id}").headers
    assert "live projects would change, on their own answers" in page.text
    assert "Question to look at again: Sensitive information" in page.text
    assert "Immigration status" in page.text

    listed = editor.follow("of “Question to look")
    assert "FP-0001" in listed.text
    assert "London Borough of Carnmere" in listed.text
    editor.follow("What it does to live projects")
    assert editor.page.path.endswith(preview_id)


def test_a_hint_changes_no_project(product: Flask, editor: Person) -> None:
    draft_id = begin(product, ("hint: Count a field", "hint: Always count a field"))
    preview_id = see(editor, draft_id)
    work(product, preview_id)
    page = editor.open(f"/definitions/previews/{preview_id}")

    assert page.text.startswith("Draft: spring wording") or "Draft: spring wording" in page.text
    assert "0 of" in page.text
    assert "Nothing signed changes." in page.text


def test_a_preview_can_be_stopped(product: Flask, editor: Person) -> None:
    draft_id = begin(product, (ASK, "ask: Which of these?"))
    preview_id = see(editor, draft_id)
    page = editor.post(f"/definitions/previews/{preview_id}/cancel")
    work(product, preview_id)

    assert "Somebody stopped looking" in page.text
    with read(site_of(product).engine) as conn:
        assert preview_of(conn, preview_id).preview.state == "cancelled"


def test_releases_are_compared(product: Flask, editor: Person) -> None:
    page = editor.open("/definitions/releases/1/changes/1")

    assert "From release 1 to release 1" in page.text
    assert "Nothing differs" in page.text
    editor.open("/definitions/releases/1/changes/99", status=404)


@pytest.mark.parametrize("role", ["lead", "signatory"])
def test_previews_are_for_those_who_write_definitions(
    product: Flask, someone: Person, role: str
) -> None:
    draft_id = begin(product, (ASK, "ask: Any of these?"))
    preview_id = see(someone.be("editor"), draft_id)
    someone.be(role)

    someone.open(f"/definitions/previews/{preview_id}", status=404)
    someone.open(f"/definitions/drafts/{draft_id}/changes", status=404)
    someone.open(f"/definitions/previews/{preview_id}/effects/1", status=404)


def test_an_officer_sees_a_preview_and_begins_none(product: Flask, someone: Person) -> None:
    draft_id = begin(product, (ASK, "ask: Some of these?"))
    preview_id = see(someone.be("editor"), draft_id)
    someone.be("dpo")

    someone.open(f"/definitions/previews/{preview_id}")
    someone.open(f"/definitions/drafts/{draft_id}/changes")
    assert "See what it does" not in someone.page.text
    someone.post(f"/definitions/drafts/{draft_id}/previews", status=404)


def test_a_deletion_says_how_many_projects_hold_an_answer_and_whose(
    product: Flask, editor: Person
) -> None:
    draft_id = begin(product)
    at = f"/definitions/drafts/{draft_id}"
    question = editor.open(f"{at}/remove/question/data.special").text
    option = editor.open(f"{at}/remove-option/genetic/of/question/data.special").text

    assert "3 live projects hold such an answer: London Borough of Carnmere (3)." in question
    assert "No live project holds such an answer." in option


def test_what_is_not_there_is_not_found(editor: Person) -> None:
    for path in (
        "previews/nothing",
        f"previews/{UUID(int=7)}",
        f"previews/{UUID(int=7)}/effects/1",
    ):
        editor.open(f"/definitions/{path}", status=404)
