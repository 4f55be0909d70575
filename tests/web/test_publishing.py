"""Publishing as an editor and an officer at a browser: the page, the bench, the law and the digest."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from flask import Flask

from app.actions.jobs import work_once
from app.proving import WORK
from tests.web.conftest import Person, statements

RULE = "R06"
HINT = "Optional. It helps us make the next project quicker."
Work = Callable[[], None]


@pytest.fixture
def work(product: Flask) -> Work:
    """What `fingerpost work` does, until nothing is left."""
    site = product.extensions["fingerpost"]

    def until_done() -> None:
        while work_once(site.engine, site.catalogues, datetime.now(UTC), WORK):
            pass

    return until_done


@pytest.fixture
def draft(someone: Person) -> str:
    """The address of a draft in which one question is worded anew."""
    someone.be("editor").open("/definitions")
    there = someone.post("/definitions/drafts", name="To publish").path
    someone.open(f"{there}/edit/question/idea.held_up")
    kept = {"name": "What held you up", "hint": HINT}
    someone.post(
        f"{there}/edit/question/idea.held_up", ask="What made you wait?", do="save", **kept
    )
    return there


def test_the_page_says_what_changes_and_what_is_not_done_yet(someone: Person, draft: str) -> None:
    text = someone.open(f"{draft}/publish").text

    assert "question “What held you up”" in text
    assert "What made you wait" in text
    assert "1 change –" in text
    assert "proofs not done yet" in text
    assert "Publish release" not in someone.page.html.split("<h1")[1].split("</h1>")[1]


def test_the_checks_are_run_and_then_it_goes_out_with_notes(
    someone: Person, draft: str, work: Work
) -> None:
    someone.open(f"{draft}/publish")
    assert "Look again" in someone.post(f"{draft}/check").text
    work()
    text = someone.open(f"{draft}/publish").text
    assert "0 projects change; a document reads otherwise" in text
    assert "Enter what changed and why" in someone.post(f"{draft}/publish", notes="").text
    must = someone.post(f"{draft}/publish", notes="Plainer.", move="yes", reason="")
    assert "Enter why projects must move" in must.text
    done = someone.post(f"{draft}/publish", notes="Plainer.", move="no", reason="")
    assert "is published. Projects stay on theirs until someone moves them." in done.text
    assert "Plainer." in done.text


def test_a_draft_of_an_older_release_is_brought_to_the_newest_first(
    someone: Person, draft: str, work: Work
) -> None:
    someone.be("editor").open("/definitions")
    other = someone.post("/definitions/drafts", name="Another").path
    someone.open(f"{other}/edit/question/concept.held_up")
    someone.post(f"{other}/edit/question/concept.held_up", ask="And what made you wait?", do="save")
    someone.open(f"{other}/publish")
    someone.post(f"{other}/check")
    work()
    someone.open(f"{other}/publish")
    someone.post(f"{other}/publish", notes="First.", move="no", reason="")
    text = someone.open(f"{draft}/publish").text
    assert "was published since this draft was begun." in text

    assert "with all its changes." in someone.post(f"{draft}/to-newest").text
    assert "was published since" not in someone.open(f"{draft}/publish").text


def test_a_no_needs_words_and_an_officer_who_was_not_asked_is_not_asked_here(
    someone: Person, draft: str
) -> None:
    someone.be("dpo").open(f"{draft}/publish")

    assert "Do you agree?" not in someone.page.text
    assert "Enter why you say no" in someone.post(f"{draft}/answer", said="no", words="").text


def test_what_was_typed_before_publishing_is_there_after_an_error_that_says_what_is_wrong(
    someone: Person, draft: str
) -> None:
    long = "Too long. " * 1000
    someone.open(f"{draft}/publish")
    text = someone.post(f"{draft}/ask", notes=long, move="yes", reason="Unsafe as it was.").text

    assert text.count("Use 2,000 characters or fewer") == 2, "at the top, and beside the field"
    assert "Enter what changed and why" not in text
    assert long.strip() in text
    assert "Unsafe as it was." in text


@pytest.mark.parametrize("of", ["publish", "bench", "preview"])
@pytest.mark.parametrize("role", ["lead", "ig_lead", "signatory"])
def test_others_know_of_no_draft(someone: Person, draft: str, of: str, role: str) -> None:
    someone.be(role).open(f"{draft}/{of}", status=404)


def test_the_bench_runs_the_examples_of_one_file_and_says_why(someone: Person, draft: str) -> None:
    text = someone.open(f"{draft}/bench?file=rules/screening.yaml").text

    assert "0 not as they say" in text
    assert "Raised by" in text
    assert "These answers do not make it hold" in text
    someone.open(f"{draft}/bench?file=rules/none.yaml", status=404)


def test_an_officer_confirms_the_law_in_place(someone: Person) -> None:
    someone.be("dpo").open(f"/definitions/law/{RULE}")
    text = someone.post(f"/definitions/law/{RULE}", said="confirmed").text
    assert "Confirmed, in a draft with your yes." in text
    assert "The draft it went into" in text
    text = someone.follow("The draft it went into").text
    assert "confirmed by" in text
    assert "said yes" in text


def test_an_officer_disputes_with_a_reason_and_the_digest_shows_it(someone: Person) -> None:
    someone.be("dpo").open("/definitions/law/R11")
    text = someone.post("/definitions/law/R11", said="disputed", reason="").text
    assert "Enter what is not as it says" in text
    someone.post("/definitions/law/R11", said="disputed", reason="The section was repealed.")

    assert "The section was repealed." in someone.be("editor").open("/definitions/digest").text


@pytest.mark.parametrize(("role", "status"), [("editor", 200), ("lead", 404)])
def test_who_sees_what_a_rule_says_of_the_law(someone: Person, role: str, status: int) -> None:
    someone.be(role).open(f"/definitions/law/{RULE}", status=status)

    assert "The law is as it says" not in someone.page.html


def test_an_editor_does_not_confirm_the_law(someone: Person) -> None:
    someone.be("editor").open(f"/definitions/law/{RULE}")
    someone.post(f"/definitions/law/{RULE}", status=403, said="confirmed")


def test_the_digest_reads_few_rows_and_evaluates_nothing(
    someone: Person, product: Flask, work: Work
) -> None:
    work()
    someone.be("editor").open("/definitions/digest")
    with statements(product.extensions["fingerpost"].engine) as sent:
        text = someone.open("/definitions/digest").text

    assert "projects counted" in text
    assert "Pages where people stop" in text
    assert len(sent) <= 6, sent


def test_notes_are_kept_while_the_checks_run(someone: Person, draft: str) -> None:
    someone.open(f"{draft}/edit/question/idea.held_up")
    said = {"shown": "ask", "ask": "What kept you waiting?"}
    someone.post(f"{draft}/edit/question/idea.held_up", do="save", **said)
    someone.open(f"{draft}/publish")
    for _ in ("run the checks", "look again"):
        someone.post(f"{draft}/check", notes="Typed before the checks", move="yes", reason="Unsafe")
        assert "Typed before the checks" in someone.page.text
        assert "Unsafe" in someone.page.text
        assert "Look again" in someone.page.text


def test_what_was_typed_is_kept_where_the_draft_was_changed_meanwhile(
    someone: Person, draft: str
) -> None:
    text = someone.open(f"{draft}/publish").text
    for act in ("ask", "publish"):
        text = someone.post(f"{draft}/{act}", notes="My notes", hash="another", move="no").text
        assert "The draft was changed meanwhile" in text
        assert "My notes" in text


def test_a_statement_of_law_is_not_asked_about_without_an_officer(
    someone: Person, draft: str
) -> None:
    someone.open(f"{draft}/edit/question/data.special")
    said = {"shown": "why", "why": "The law asks for more."}
    someone.post(f"{draft}/edit/question/data.special", do="save", **said)
    someone.open(f"{draft}/publish")
    assert "Which data protection officers do you ask?" in someone.page.text
    assert "do you ask? (optional)" not in someone.page.text
    text = someone.post(f"{draft}/ask", notes="Plainer.", move="no").text
    assert "Choose a data protection officer: only they can agree" in text
    officer = re.search(r'name="people"[^>]*value="([^"]+)"', someone.page.html)
    assert officer
    text = someone.post(f"{draft}/ask", notes="Plainer.", move="no", people=officer.group(1)).text
    assert "They are sent an email" in text
    assert "asked The data protection officer for a yes" in text


def test_two_releases_are_compared_from_the_page_of_the_later(someone: Person, draft: str) -> None:
    someone.be("editor").open("/definitions/releases/3")
    assert "What changed since" in someone.page.text
    someone.follow("Release 1")
    assert "From release 1 to release 3" in someone.page.text
