"""What changed since one last looked, said on the project page; and who else has a page open."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, update

from app.actions.access.policy import OVERSIGHT, SEES, Relation
from app.actions.review.acts import NewAct, record_act
from app.actions.review.since import (
    CLEARED,
    RAISED,
    Changes,
    FlagChanged,
    LawChanged,
    Moment,
)
from app.actions.together import visits
from app.actions.together.comments import Audience, Words, say
from app.actions.together.visits import GONE_AFTER, HERE_FOR
from app.core.standing import SIGN
from app.store.database import write
from app.store.team import presence, visit
from tests.web.attacker import Attacker
from tests.web.conftest import Person, statements
from tests.web.matrix import MAIN, TOKEN, Matrix, populated

AT = f"/projects/{MAIN}"
PAGE = f"{AT}/idea/discover"
IN, OFF, OWN, OTHER = Relation.PARTICIPATING, Relation.OFF_TEAM, Relation.OWN, Relation.OTHER


@pytest.fixture(scope="module")
def matrix(tmp_path_factory: pytest.TempPathFactory, repository: Path) -> Matrix:
    return populated(tmp_path_factory.mktemp("news"), repository)


@pytest.fixture
def seeded(matrix: Matrix) -> Iterator[Matrix]:
    """People of every role, who have seen nothing and are nowhere."""
    yield matrix
    with write(matrix.engine) as conn:
        conn.execute(visit.delete())
        conn.execute(presence.delete())


def at(seeded: Matrix, relation: Relation, role: str) -> Person:
    return Person(seeded.app, seeded.client(seeded.people[relation, role]))


def answer(seeded: Matrix, text: str, relation: Relation = IN) -> None:
    writer = Attacker(seeded.app, seeded.client(seeded.people[relation, "contributor"]))
    name = "project.problem"
    assert writer.save(PAGE, seen=writer.version(name), **{name: text}).status_code == 302


def looked(seeded: Matrix, role: str = "lead") -> Person:
    """Somebody who has said that they have seen the project."""
    person = at(seeded, OWN, role)
    person.open(AT)
    person.post(f"{AT}/seen")
    return person


def test_whoever_never_said_so_is_told_how_and_nothing_is_kept_by_looking(seeded: Matrix) -> None:
    lead = at(seeded, OWN, "lead")
    assert "I have seen this : from then on, what others change" in lead.open(AT).text
    answer(seeded, "Before anybody looked")
    assert "Since you last looked" not in lead.open(AT).text
    with write(seeded.engine) as conn:
        assert conn.scalar(select(func.count()).select_from(visit)) == 0


def test_an_answer_of_somebody_else_is_told_with_who_and_when_until_it_is_seen(
    seeded: Matrix,
) -> None:
    lead = looked(seeded)
    assert "Nothing has changed since you last looked" in lead.open(AT).text
    answer(seeded, "Nobody knows which visits are the same family's")
    page = lead.open(AT)
    assert "Since you last looked" in page.text
    assert "Answer changed. Problem contributor of participating" in page.text
    assert page.find("Problem")
    lead.post(f"{AT}/seen")
    assert "Nothing has changed since you last looked" in lead.open(AT).text


def test_what_one_did_oneself_is_no_news(seeded: Matrix) -> None:
    writer = at(seeded, IN, "contributor")
    writer.open(AT)
    writer.post(f"{AT}/seen")
    answer(seeded, "My own words")
    assert "Nothing has changed since you last looked" in writer.open(AT).text


def test_signatures_and_comments_are_told_to_those_who_may_read_them(seeded: Matrix) -> None:
    lead, ours = looked(seeded), at(seeded, IN, "lead")
    ours.open(AT)
    ours.post(f"{AT}/seen")
    now = datetime.now(UTC)
    with write(seeded.engine) as conn:
        by = seeded.people[IN, "party"]
        say(conn, by, MAIN, Words("For everybody to read", "", Audience.ALL, now))
        say(conn, by, MAIN, Words("Between ourselves", "", Audience.OURS, now))
        signer = seeded.people[IN, "signatory"]
        record_act(conn, signer, MAIN, NewAct(SIGN, "sharing_agreement", now, "sharing_agreement"))
    page = lead.open(AT).text
    assert "Comment. For everybody to read" in page
    assert "Between ourselves" not in page
    assert "signatory of participating signed sharing agreement" in page
    assert "Between ourselves" in ours.open(AT).text


def test_flags_raised_and_cleared_and_words_on_the_law_are_told(
    seeded: Matrix, monkeypatch: pytest.MonkeyPatch
) -> None:
    lead = looked(seeded)
    answer(seeded, "Something that settles a flag")

    def found(_conn: Any, _catalogues: Any, _report: Any, since: Moment) -> Changes:
        flags = (FlagChanged("R10", "No basis", RAISED), FlagChanged("R54", "No owner", CLEARED))
        law = (LawChanged("No basis", "The law behind it was confirmed.", "The DPO", None),)
        return Changes(since, (), flags, law)

    monkeypatch.setattr(visits, "changes_since", found)
    page = lead.open(AT)
    assert "Flag raised. No basis" in page.text
    assert "Flag cleared. No owner" in page.text
    assert "Law. No basis: The law behind it was confirmed. The DPO" in page.text
    assert page.link("No basis").endswith(f"{AT}/report#flag-R10")


def test_a_project_page_costs_no_statement_more_while_nothing_is_new(seeded: Matrix) -> None:
    lead = at(seeded, OWN, "lead")
    with statements(seeded.engine) as never:
        lead.open(AT)
    lead.post(f"{AT}/seen")
    with statements(seeded.engine) as seen:
        lead.open(AT)
    assert len(seen) == len(never)


# Who is here


def tell(seeded: Matrix, relation: Relation, role: str, page: str = PAGE) -> Any:
    client = seeded.client(seeded.people[relation, role])
    found = TOKEN.search(client.get("/about").text)
    assert found
    return client.post(f"{page}/here", data={"csrf_token": found[1]})


def test_who_else_has_the_page_open_is_told_by_name(seeded: Matrix) -> None:
    assert tell(seeded, OWN, "lead").json == {"who": []}
    assert tell(seeded, IN, "contributor").json == {"who": ["lead of own"]}
    assert tell(seeded, OWN, "lead").json == {"who": ["contributor of participating"]}
    assert tell(seeded, OWN, "security", f"{AT}/idea/start").json == {"who": []}


def test_whoever_goes_to_another_page_is_no_longer_on_this_one(seeded: Matrix) -> None:
    tell(seeded, IN, "contributor")
    tell(seeded, IN, "contributor", f"{AT}/idea/start")
    assert tell(seeded, OWN, "lead").json == {"who": []}


def test_whoever_has_said_nothing_for_a_while_is_gone_and_their_row_goes_too(
    seeded: Matrix,
) -> None:
    tell(seeded, IN, "contributor")
    for ago, rows in ((HERE_FOR, 2), (GONE_AFTER, 1)):
        with write(seeded.engine) as conn:
            theirs = presence.c.person_id == seeded.people[IN, "contributor"].person_id
            then = datetime.now(UTC) - ago - timedelta(seconds=1)
            conn.execute(update(presence).where(theirs).values(at=then))
        assert tell(seeded, OWN, "lead").json == {"who": []}
        with write(seeded.engine) as conn:
            assert conn.scalar(select(func.count()).select_from(presence)) == rows


@pytest.mark.parametrize("role", sorted(SEES))
def test_nobody_is_told_or_counted_who_does_not_see_the_project(seeded: Matrix, role: str) -> None:
    tell(seeded, OWN, "lead")
    for relation, sees in ((OFF, role in OVERSIGHT), (OTHER, False)):
        answered = tell(seeded, relation, role)
        assert answered.status_code == (200 if sees else 404)
        assert ("lead of own" in answered.text) is sees


def test_a_page_with_an_endless_name_is_not_found(seeded: Matrix) -> None:
    assert tell(seeded, OWN, "lead", f"{AT}/idea/{'x' * 300}").status_code == 404


def test_a_page_of_questions_asks_who_is_there_and_one_of_an_organisation_does_not(
    seeded: Matrix,
) -> None:
    lead = at(seeded, OWN, "lead")
    assert 'id="here"' in lead.open(PAGE).html
    home = seeded.people[OWN, "lead"].organisation_id
    assert 'id="here"' not in lead.open(f"/organisations/{home}/who_decides/senior").html
