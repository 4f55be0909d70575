"""Who reads what people say to each other, whom it asks, and that it stays when it is settled."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import Engine, insert

from app.actions.actor import Actor
from app.actions.answers import open_sheet
from app.actions.catalogues import Catalogues, Notes
from app.actions.demonstration import PERSONAS, persona_of, seed
from app.actions.errors import NotAllowed, NotFound
from app.actions.organisations import add_organisation, add_person, take_in
from app.actions.together.comments import Audience, Words, asked_of, comments, readers, say, settle
from app.store.database import open_database, read, write
from app.store.migrate import migrate
from app.store.tables import project_party

AT = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
ONE = "FP-0001"
OURS, ALL = Audience.OURS, Audience.ALL


@dataclass(frozen=True)
class Talk:
    """The demonstration, and somebody of another organisation that takes part in a project."""

    engine: Engine
    people: dict[str, Actor]
    other: Actor

    def say(self, actor: Actor, words: str, audience: Audience = ALL, **more: object) -> object:
        with write(self.engine) as conn:
            said = replace(Words(words, "", audience, AT), **more)  # type: ignore[arg-type]
            return say(conn, actor, ONE, said)

    def read(self, actor: Actor) -> list[str]:
        with read(self.engine) as conn:
            return [each.words for each in comments(conn, actor, ONE)]

    def asked(self, actor: Actor) -> list[str]:
        with read(self.engine) as conn:
            return [each.comment.words for each in asked_of(conn, actor)]


@pytest.fixture
def talk(repository: Path, tmp_path: Path) -> Iterator[Talk]:
    engine = open_database(f"sqlite:///{tmp_path / 'a.sqlite3'}")
    migrate(engine)
    seed(engine, Catalogues(engine).publish(repository, Notes("LOTI", "", AT)), repository)
    with write(engine) as conn:
        people = {each.role: persona_of(conn, each.role) for each in PERSONAS}
        home = add_organisation(conn, "Wherever Council", "borough", AT)
        someone = add_person(conn, "Ben", "ben@example.invalid", AT)
        take_in(conn, someone, home, "dpo", AT)
        subject = open_sheet(conn, people["lead"], ONE).project.id
        party = {"project_id": subject, "organisation_id": home, "since": AT}
        conn.execute(insert(project_party), party)
    yield Talk(engine, people, Actor(someone, "Ben", "dpo", home, "Wherever Council"))
    engine.dispose()


def test_what_is_said_to_all_is_read_by_all_that_take_part(talk: Talk) -> None:
    talk.say(talk.people["lead"], "Is flow 4 needed?")
    assert talk.read(talk.other) == talk.read(talk.people["dpo"]) == ["Is flow 4 needed?"]
    stranger = replace(talk.other, organisation_id=uuid4())
    with pytest.raises(NotFound):
        talk.read(stranger)


@pytest.mark.parametrize("privileged", [False, True])
def test_what_is_said_to_ours_is_read_by_nobody_else(talk: Talk, privileged: bool) -> None:
    talk.say(talk.people["dpo"], "We do not trust flow 4.", OURS, privileged=privileged)
    talk.say(talk.other, "Nor do we.", OURS)
    assert talk.read(talk.people["lead"]) == ["We do not trust flow 4."]
    assert talk.read(talk.other) == ["Nor do we."]


def test_what_is_privileged_is_never_said_to_all(talk: Talk) -> None:
    with pytest.raises(NotAllowed, match="stays in your organisation"):
        talk.say(talk.people["dpo"], "Counsel says no.", ALL, privileged=True)
    assert talk.read(talk.people["dpo"]) == []


def test_only_who_reads_it_can_be_asked(talk: Talk) -> None:
    lead, dpo = talk.people["lead"], talk.people["dpo"]
    talk.say(lead, "Ben, is it?", ALL, for_id=talk.other.person_id)
    talk.say(lead, "Officer?", OURS, for_id=dpo.person_id)
    assert talk.asked(talk.other) == ["Ben, is it?"]
    assert talk.asked(dpo) == ["Officer?"]
    assert talk.asked(lead) == []
    for audience, whom in ((OURS, talk.other.person_id), (ALL, uuid4())):
        with pytest.raises(NotAllowed, match="among those who read it"):
            talk.say(lead, "And now?", audience, for_id=whom)
    editor = talk.people["editor"].person_id
    with pytest.raises(NotAllowed):
        talk.say(lead, "Editor?", ALL, for_id=editor)


def test_what_is_settled_asks_nobody_and_is_still_read(talk: Talk) -> None:
    dpo = talk.people["dpo"]
    made = talk.say(talk.people["lead"], "Officer?", OURS, for_id=dpo.person_id)
    with pytest.raises(NotFound), write(talk.engine) as conn:
        settle(conn, talk.other, ONE, made.id, AT)  # type: ignore[attr-defined]
    for hours, who in ((1, dpo), (2, talk.people["lead"])):
        with write(talk.engine) as conn:
            settle(conn, who, ONE, made.id, AT + timedelta(hours=hours))  # type: ignore[attr-defined]
    assert talk.asked(dpo) == []
    with read(talk.engine) as conn:
        (kept,) = comments(conn, dpo, ONE)
    assert (kept.settled_by, kept.settled_at) == (dpo.name, AT + timedelta(hours=1))


def test_an_answer_reaches_nobody_who_cannot_read_the_question(talk: Talk) -> None:
    lead = talk.people["lead"]
    made = talk.say(lead, "Between us?", OURS)
    with pytest.raises(NotAllowed, match="reaches nobody"):
        talk.say(lead, "No.", ALL, answers_id=made.id)  # type: ignore[attr-defined]
    with pytest.raises(NotFound):
        talk.say(talk.other, "What?", ALL, answers_id=made.id)  # type: ignore[attr-defined]
    talk.say(lead, "Yes.", OURS, answers_id=made.id)  # type: ignore[attr-defined]
    assert set(talk.read(lead)) == {"Between us?", "Yes."}


def test_those_who_run_the_service_are_no_readers(talk: Talk) -> None:
    with read(talk.engine) as conn:
        names = {each.name for each in readers(conn, talk.people["lead"], ONE)}
    assert "Ben" in names
    assert talk.people["editor"].name not in names
