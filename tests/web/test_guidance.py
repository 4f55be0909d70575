"""An organisation's own notes: beside the question for its people, for nobody else, at no cost."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.web.conftest import Person, statements

PAGE = "/guidance/idea/start"
TITLE = "question:project.title"
TOP = "page:idea/start"


@pytest.fixture
def project(someone: Person) -> str:
    """The address of a project whose page begins with its title."""
    someone.be("lead").open("/projects")
    return next(
        link.url for link in someone.page.read.links if link.url.startswith("/projects/FP-")
    )


def write(someone: Person, **notes: str) -> None:
    someone.be("ig_lead").open(PAGE)
    someone.post(PAGE, **notes)


def test_a_note_stands_beside_its_question_with_whose_it_is(someone: Person, project: str) -> None:
    write(someone, **{TITLE: "Begin with **our** reference."})
    text = someone.be("lead").open(f"{project}/idea/start").text

    assert "Note of London Borough of Carnmere Begin with our reference." in text
    assert "The information governance lead," in text
    assert "<strong>our</strong>" in someone.page.html


def test_a_note_at_the_top_of_a_page(someone: Person, project: str) -> None:
    write(someone, **{TOP: "Ring us first."})

    assert "Ring us first." in someone.be("lead").open(f"{project}/idea/start").text


def test_a_note_taken_away_is_gone_and_its_history_is_kept(someone: Person, project: str) -> None:
    write(someone, **{TITLE: "For a while."})
    write(someone, **{TITLE: ""})

    assert "For a while." in someone.page.text
    assert "Taken away" in someone.page.text
    assert "For a while." not in someone.be("lead").open(f"{project}/idea/start").text


def test_a_note_that_is_too_long_stands_there_still_with_what_is_wrong(
    someone: Person, project: str
) -> None:
    typed = "Much too long. " * 200
    write(someone, **{TOP: "Short enough.", TITLE: typed})

    assert typed.strip() in someone.page.text
    assert "2,000 characters" in someone.page.text
    assert "Short enough." in someone.be("lead").open(f"{project}/idea/start").text


def test_a_note_that_somebody_else_changed_meanwhile_is_not_undone(
    someone: Person, project: str
) -> None:
    write(someone, **{TITLE: "As it was."})
    someone.be("ig_lead").open(PAGE)
    seen = someone.page.read.hidden["seen"]
    write(someone, **{TITLE: "As they wrote it."})

    someone.open(PAGE)
    someone.post(PAGE, **{TITLE: "As it was.", TOP: "At the top.", "seen": seen})
    assert "Saved." in someone.page.text
    assert "As they wrote it." in someone.be("lead").open(f"{project}/idea/start").text

    someone.be("ig_lead").open(PAGE)
    someone.post(PAGE, **{TITLE: "As I write it.", TOP: "At the top.", "seen": seen})
    assert "it now says: As they wrote it." in someone.page.text
    someone.post(PAGE, **{TITLE: "As I write it.", TOP: "At the top."})
    assert "As I write it." in someone.be("lead").open(f"{project}/idea/start").text


def test_html_in_a_note_is_shown_as_typed(someone: Person, project: str) -> None:
    write(someone, **{TITLE: "<script>alert(1)</script> [x](javascript:alert(1))"})
    someone.be("lead").open(f"{project}/idea/start")

    assert "&lt;script&gt;" in someone.page.html
    assert "<script>alert" not in someone.page.html
    assert 'href="javascript' not in someone.page.html


@pytest.mark.parametrize("role", ["lead", "editor", "signatory", "party", "security"])
def test_others_do_not_write_notes(someone: Person, role: str) -> None:
    someone.be(role).open(PAGE, status=404)


def test_a_page_of_questions_costs_two_statements_with_notes_too(
    someone: Person, project: str, product: Flask
) -> None:
    write(someone, **{TITLE: "At no cost."})
    someone.be("lead").open(f"{project}/idea/start")
    engine = product.extensions["fingerpost"].engine
    with statements(engine) as sent:
        text = someone.open(f"{project}/idea/start").text

    assert "At no cost." in text
    assert len(sent) == 2, sent


def test_another_process_sees_a_change_at_once(
    someone: Person, project: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from app.actions.definitions import guidance

    write(someone, **{TITLE: "First words."})
    someone.be("lead").open(f"{project}/idea/start")
    here = guidance._notes
    monkeypatch.setattr(guidance, "_notes", type(here)(guidance.KEPT))
    write(someone, **{TITLE: "Second words."})
    monkeypatch.setattr(guidance, "_notes", here)

    assert "Second words." in someone.be("lead").open(f"{project}/idea/start").text
