"""What is said within one organisation, and whom it mentions, reaches nobody else by any page or email."""

from __future__ import annotations

from html import unescape
from pathlib import Path

import pytest
from sqlalchemy import select

from app.actions.access.policy import Relation
from app.store.accounts import mail
from app.store.database import read
from tests.web.conftest import Person
from tests.web.matrix import MAIN, Matrix, populated

AT = f"/projects/{MAIN}/comments"
CANARY = "Gnatcatcher"
IN, OFF, OWN, OTHER = Relation.PARTICIPATING, Relation.OFF_TEAM, Relation.OWN, Relation.OTHER


@pytest.fixture(scope="module")
def matrix(tmp_path_factory: pytest.TempPathFactory, repository: Path) -> Matrix:
    """A project in which a reviewer mentions a colleague in advice that is privileged."""
    found = populated(tmp_path_factory.mktemp("mentions"), repository)
    said = f"Counsel says {CANARY}, @{found.people[OWN, 'lead'].name}."
    page = at(found, OWN, "dpo").post(AT, words=said, audience="ours", privileged="yes")
    assert "will be told" in page.html
    return found


def at(matrix: Matrix, relation: Relation, role: str) -> Person:
    """Somebody with the comments open."""
    person = Person(matrix.app, matrix.client(matrix.people[relation, role]))
    person.open(AT)
    return person


def test_whoever_is_mentioned_reads_it_and_no_e_mail_says_it(matrix: Matrix) -> None:
    lead = at(matrix, OWN, "lead")
    assert f"Counsel says {CANARY}" in lead.page.text
    assert f"Counsel says {CANARY}" in lead.open("/queue").text
    with read(matrix.engine) as conn:
        letters = conn.execute(select(mail.c.letter, mail.c.subject, mail.c.body)).all()
    assert "mentioned" in {each.letter for each in letters}
    assert [each.letter for each in letters if CANARY in each.subject + each.body] == []


@pytest.mark.parametrize("relation", [IN, OFF, OTHER], ids=lambda one: one.name)
def test_no_page_tells_it_to_another_organisation(matrix: Matrix, relation: Relation) -> None:
    asked = [a for a in matrix.every([relation], ["dpo", "lead"]) if a.method == "GET"]
    assert len(asked) > 50
    assert [str(a.asked) for a in matrix.ask(asked) if CANARY in a.said] == []


@pytest.mark.parametrize(
    ("relation", "role", "audience", "can"),
    [
        (IN, "lead", "all", True),
        (IN, "dpo", "all", True),
        (IN, "dpo", "ours", False),
        (OFF, "lead", "all", False),
        (OTHER, "dpo", "all", False),
    ],
)
def test_only_who_reads_it_is_mentioned(
    matrix: Matrix, relation: Relation, role: str, audience: str, can: bool
) -> None:
    writer, whom = at(matrix, OWN, "lead"), matrix.people[relation, role]
    page = writer.post(AT, words=f"Look, @{whom.name}", audience=audience)
    assert (f"{whom.name} will be told." in unescape(page.html)) is can
    assert ("needs another look" in page.text) is not can
