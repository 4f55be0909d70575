"""A page or a question is passed to somebody: shown, mailed, on their first page, and done by itself."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from app.actions.access.policy import Relation
from app.actions.actor import Actor
from app.actions.answers import open_sheet
from app.actions.together.passing import passed
from app.store.accounts import mail
from app.store.database import read, write
from app.store.team import assignment
from app.web.site import day_words, today
from tests.web.attacker import Attacker
from tests.web.conftest import Person, statements
from tests.web.matrix import MAIN, Matrix, populated

AT = f"/projects/{MAIN}"
PAGE = f"{AT}/idea/discover"
IN, OFF, OWN, OTHER = Relation.PARTICIPATING, Relation.OFF_TEAM, Relation.OWN, Relation.OTHER


@pytest.fixture(scope="module")
def matrix(tmp_path_factory: pytest.TempPathFactory, repository: Path) -> Matrix:
    return populated(tmp_path_factory.mktemp("passing"), repository)


@pytest.fixture
def seeded(matrix: Matrix) -> Iterator[Matrix]:
    """People of every role, and nothing passed on."""
    yield matrix
    with write(matrix.engine) as conn:
        conn.execute(assignment.delete().where(assignment.c.page == "idea/discover"))
        conn.execute(mail.delete())


def at(seeded: Matrix, relation: Relation, role: str) -> Person:
    return Person(seeded.app, seeded.client(seeded.people[relation, role]))


def fields(whom: Actor, due: date | None = None, note: str = "") -> dict[str, str]:
    parts = {"day": due.day, "month": due.month, "year": due.year} if due else {}
    said = {"person": str(whom.person_id), "note": note, "to_whom": ""}
    return said | {f"due-{name}": str(value) for name, value in parts.items()}


def pass_on(
    seeded: Matrix, whom: Actor, due: date | None = None, question: str = "", note: str = ""
) -> Person:
    lead = at(seeded, OWN, "lead")
    address = f"{PAGE}/colleague" + (f"?question={question}" if question else "")
    lead.open(address)
    lead.post(address, **fields(whom, due, note))
    return lead


def mails(seeded: Matrix) -> list[tuple[str, str, str]]:
    with read(seeded.engine) as conn:
        found = conn.execute(select(mail.c.recipient, mail.c.subject, mail.c.body))
        return [(row.recipient, row.subject, row.body) for row in found]


def test_a_page_passed_to_somebody_of_another_organisation_is_shown_everywhere(
    seeded: Matrix,
) -> None:
    due = today() + timedelta(days=9)
    whom = seeded.people[IN, "contributor"]
    lead = pass_on(seeded, whom, due, note="The figures of last year will do.")
    assert f"now waits for {whom.name}" in lead.page.text
    said = f"Passed to {whom.name}, by {day_words(due)}."
    assert said in lead.open(PAGE).text
    assert f"Passed to {whom.name} on" in lead.open(f"{AT}/stages/idea").text
    theirs = at(seeded, IN, "contributor").open("/")
    assert "Yours to answer" in theirs.text
    assert f"By {day_words(due)}" in theirs.text or day_words(due) in theirs.text
    assert "The figures of last year will do." in theirs.text
    assert "Yours to answer" not in lead.open("/").text


def test_whoever_is_asked_gets_one_e_mail_that_leads_to_the_page(seeded: Matrix) -> None:
    due = today() + timedelta(days=9)
    pass_on(seeded, seeded.people[IN, "contributor"], due, note="Thank you!")
    ((_, subject, body),) = mails(seeded)
    assert subject.startswith("lead of own asks you to answer “")
    assert f", by {day_words(due)}." in body
    assert "lead of own says: Thank you!" in body
    assert f"{PAGE}\n" in body
    assert "{" not in body


def test_late_things_come_first_and_say_so(seeded: Matrix) -> None:
    whom = seeded.people[IN, "party"]
    pass_on(seeded, whom, today() + timedelta(days=2), "project.problem")
    pass_on(seeded, whom, today())
    with write(seeded.engine) as conn:
        late = today() - timedelta(days=1)
        open_ = assignment.c.question.is_(None)
        conn.execute(update(assignment).where(open_).values(due_on=late))
    text = at(seeded, IN, "party").open("/").text
    table = text.split("Yours to answer")[1]
    assert table.index("late") < table.index(day_words(today() + timedelta(days=2)))


def test_a_dpo_finds_it_in_the_queue_as_well(seeded: Matrix) -> None:
    pass_on(seeded, seeded.people[OFF, "dpo"])
    assert "Yours to answer" in at(seeded, OFF, "dpo").open("/queue").text
    assert "Yours to answer" not in at(seeded, OFF, "ig_lead").open("/queue").text


@pytest.mark.parametrize(("relation", "role"), [(OFF, "contributor"), (OTHER, "dpo")])
def test_nobody_is_asked_who_does_not_see_the_project(
    seeded: Matrix, relation: Relation, role: str
) -> None:
    lead, whom = at(seeded, OWN, "lead"), seeded.people[relation, role]
    page = lead.open(f"{PAGE}/colleague")
    assert str(whom.person_id) not in page.html
    page = lead.post(f"{PAGE}/colleague", **fields(whom))
    assert "There is a problem" in page.html or "needs another look" in page.text
    assert mails(seeded) == []


def test_one_question_is_passed_on_alone(seeded: Matrix) -> None:
    lead = at(seeded, OWN, "lead")
    lead.open(f"{PAGE}/colleague")
    page = lead.follow("Pass on this one alone")
    assert page.read.headings[0][1] == "Pass this question to somebody"
    whom = seeded.people[IN, "party"]
    pass_on(seeded, whom, question="project.problem")
    assert f"is passed to {whom.name}" in lead.open(PAGE).text
    assert "One question is passed to" in lead.open(f"{AT}/stages/idea").text
    assert "#project.problem" in at(seeded, IN, "party").open("/").html


def test_a_day_that_has_passed_is_refused(seeded: Matrix) -> None:
    lead = at(seeded, OWN, "lead")
    lead.open(f"{PAGE}/colleague")
    yesterday = today() - timedelta(days=1)
    page = lead.post(f"{PAGE}/colleague", **fields(seeded.people[IN, "party"], yesterday))
    assert "The day must be today or later" in page.text
    assert mails(seeded) == []


def test_somebody_with_an_account_and_somebody_without_are_not_both_asked(seeded: Matrix) -> None:
    lead = at(seeded, OWN, "lead")
    lead.open(f"{PAGE}/colleague")
    given = fields(seeded.people[IN, "party"]) | {"to_whom": "Priya"}
    assert "not both" in lead.post(f"{PAGE}/colleague", **given).text


def test_taken_back_it_waits_for_nobody(seeded: Matrix) -> None:
    lead = pass_on(seeded, seeded.people[IN, "party"])
    page = lead.open(f"{PAGE}/colleague")
    handover = page.html.split('name="handover" value="')[1].split('"')[0]
    assert "Taken back" in lead.post(f"{PAGE}/colleague/take-back", handover=handover).text
    assert "Yours to answer" not in at(seeded, IN, "party").open("/").text


def open_questions(seeded: Matrix) -> list[str]:
    with read(seeded.engine) as conn:
        project = open_sheet(conn, seeded.people[OWN, "lead"], MAIN).project
        return [each.question for each in passed(project)]


def test_it_is_done_by_itself_when_nothing_asked_there_is_missing(seeded: Matrix) -> None:
    whom = seeded.people[IN, "party"]
    pass_on(seeded, whom)
    pass_on(seeded, whom, question="project.problem")
    assert sorted(open_questions(seeded)) == ["", "project.problem"]
    writer = Attacker(seeded.app, seeded.client(whom))
    name = "project.problem"
    writer.save(PAGE, seen=writer.version(name), **{name: ""})
    assert sorted(open_questions(seeded)) == ["", name]
    writer.save(PAGE, seen=writer.version(name), **{name: "Too many visits"})
    assert open_questions(seeded) == []
    assert "Yours to answer" not in at(seeded, IN, "party").open("/").text


def test_a_page_speaks_to_whom_it_was_passed_and_thanks_them_when_it_is_answered(
    seeded: Matrix,
) -> None:
    due = today() + timedelta(days=9)
    whom = seeded.people[IN, "contributor"]
    pass_on(seeded, whom, due)
    theirs = at(seeded, IN, "contributor")
    page = theirs.open(PAGE)
    assert f"This page was passed to you, to answer, by {day_words(due)}." in page.text
    assert "These questions are for" not in page.text
    assert 'name="yours" value="page"' in page.html
    writer, name = Attacker(seeded.app, theirs.client), "project.problem"
    for text in ("", "Too many visits"):
        form = {name: text, "release": writer.release, "seen": f"{name}={writer.version(name)}"}
        theirs.post(PAGE, yours="page", **form)
        assert ("on “What stands in the way?” is answered." in theirs.page.text) == bool(text)
    assert theirs.page.path == "/"


def test_a_page_says_for_whom_it_waits_without_a_statement_more(seeded: Matrix) -> None:
    lead = at(seeded, OWN, "lead")
    with statements(seeded.engine) as before:
        lead.open(PAGE)
    pass_on(seeded, seeded.people[IN, "party"])
    with statements(seeded.engine) as after:
        assert "Passed to" in lead.open(PAGE).text
    assert len(after) == len(before) == 2


def test_a_save_sends_a_statement_more_only_when_it_finishes_something(seeded: Matrix) -> None:
    whom = seeded.people[IN, "party"]
    writer = Attacker(seeded.app, seeded.client(whom))
    name = "project.problem"

    def save(text: str) -> int:
        version = writer.version(name)
        with statements(seeded.engine) as sent:
            writer.save(PAGE, seen=version, **{name: text})
        return len(sent)

    save("before")
    usual = save("first")
    pass_on(seeded, whom)
    assert save("second") == usual + 1
    assert save("third") == usual


def test_what_is_passed_on_twice_by_one_form_waits_once_and_is_mailed_once(
    seeded: Matrix,
) -> None:
    lead = at(seeded, OWN, "lead")
    for given in (
        fields(seeded.people[IN, "party"]),
        {"person": "", "to_whom": "The caretaker", "note": ""},
    ):
        lead.open(f"{PAGE}/colleague")
        hidden = {n: v[0] for n, v in lead.page.read.hidden.items() if n in ("csrf_token", "once")}
        sent = [
            lead.client.post(f"{PAGE}/colleague", data={**hidden, **given}).status_code
            for _ in range(2)
        ]
        assert sent == [302, 302]
    with read(seeded.engine) as conn:
        waiting = conn.scalars(
            select(assignment.c.to_whom).where(assignment.c.page == "idea/discover")
        ).all()
        mailed = conn.scalars(select(mail.c.letter)).all()
    assert len(waiting) == 2
    assert "The caretaker" in waiting
    assert mailed == ["passed"]
