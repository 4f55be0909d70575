"""Who reads what people say to each other, whom it asks, and that it stays when it is settled."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import Engine, insert, update

from app.actions.actor import Actor
from app.actions.answers import open_sheet
from app.actions.catalogues import Catalogues, Notes
from app.actions.demonstration import PERSONAS, persona_of, seed
from app.actions.errors import NotAllowed, NotFound
from app.actions.organisations import add_organisation, add_person, take_in
from app.actions.together.comments import (
    Audience,
    Comment,
    Words,
    asked_of,
    comments,
    readers,
    say,
    say_read,
    settle,
    to_tell,
)
from app.store.database import open_database, read, write
from app.store.migrate import migrate
from app.store.tables import membership, person, project_party

AT = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
ONE, TWO = "FP-0001", "FP-0002"
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
    seed(engine, Catalogues(engine).publish(repository, Notes("LOTI", "", AT)), repository, AT)
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


def test_an_answer_is_to_a_comment_of_the_same_project_that_begins_a_thread(talk: Talk) -> None:
    lead = talk.people["lead"]
    made = talk.say(lead, "Is it needed?", ALL)
    answer = talk.say(lead, "It is.", ALL, answers_id=made.id)  # type: ignore[attr-defined]
    before = talk.read(lead)
    for elsewhere in (answer.id, uuid4()):  # type: ignore[attr-defined]
        with pytest.raises(NotFound):
            talk.say(lead, "Lost", ALL, answers_id=elsewhere)
    forged = Words("Lost", "", ALL, AT, answers_id=made.id)  # type: ignore[attr-defined]
    with write(talk.engine) as conn, pytest.raises(NotFound):
        say(conn, lead, TWO, forged)
    assert talk.read(lead) == before


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


def mentioning(talk: Talk, actor: Actor) -> list[bool]:
    """Of what this person reads, whether each waits for them because it mentions them."""
    with read(talk.engine) as conn:
        return [each.waits_for(actor.person_id) for each in comments(conn, actor, ONE)]


def test_a_mention_waits_until_it_was_read(talk: Talk) -> None:
    lead, dpo = talk.people["lead"], talk.people["dpo"]
    words = f"See 4, @{dpo.name}, and @Ben."
    made = talk.say(lead, words)
    assert isinstance(made, Comment)
    with read(talk.engine) as conn:
        told = to_tell(made, readers(conn, lead, ONE), lead)
    assert {each.name for each in told} == {dpo.name, "Ben"}
    assert talk.asked(dpo) == talk.asked(talk.other) == [words]
    assert mentioning(talk, dpo) == mentioning(talk, talk.other) == [True]
    with write(talk.engine) as conn:
        say_read(conn, dpo, ONE, made.id, AT)
    assert (talk.asked(dpo), talk.asked(talk.other)) == ([], [words])
    assert (mentioning(talk, dpo), mentioning(talk, talk.other)) == ([False], [True])
    assert talk.read(dpo) == [words]


def test_whoever_answers_has_read_it(talk: Talk) -> None:
    lead, dpo = talk.people["lead"], talk.people["dpo"]
    made = talk.say(lead, f"Is it, @{dpo.name}?", OURS)
    assert isinstance(made, Comment)
    talk.say(dpo, f"It is, @{lead.name}.", OURS, answers_id=made.id)
    assert talk.asked(dpo) == []
    assert talk.asked(lead) == [f"It is, @{lead.name}."]


def test_what_was_settled_waits_for_nobody_and_nor_do_its_answers(talk: Talk) -> None:
    lead, dpo = talk.people["lead"], talk.people["dpo"]
    made = talk.say(lead, f"Is it, @{dpo.name}?")
    assert isinstance(made, Comment)
    talk.say(talk.other, f"I wonder, @{dpo.name}", answers_id=made.id)
    talk.say(talk.other, "And you?", answers_id=made.id, for_id=lead.person_id)
    assert (len(talk.asked(dpo)), len(talk.asked(lead))) == (2, 1)
    with write(talk.engine) as conn:
        settle(conn, lead, ONE, made.id, AT)
    assert talk.asked(dpo) == talk.asked(lead) == []


def test_whoever_mentions_themselves_waits_for_nothing(talk: Talk) -> None:
    lead = talk.people["lead"]
    made = talk.say(lead, f"I, @{lead.name}, do.")
    assert isinstance(made, Comment)
    assert made.names(lead.person_id)
    assert talk.asked(lead) == []
    assert mentioning(talk, lead) == [False]
    with read(talk.engine) as conn:
        assert to_tell(made, readers(conn, lead, ONE), lead) == ()


@pytest.mark.parametrize(
    ("words", "audience", "privileged", "refused"),
    [
        ("Counsel says no, @Ben.", OURS, True, "“@Ben” will not read this"),
        ("We do not trust this, @Ben.", OURS, False, "“@Ben” will not read this"),
        ("Eve, @The LOTI editor?", ALL, False, "names nobody who will read this"),
        ("@Nobody?", ALL, False, "“@Nobody” names nobody who will read this"),
    ],
)
def test_only_who_reads_it_is_mentioned_and_otherwise_nothing_is_said(
    talk: Talk, words: str, audience: Audience, privileged: bool, refused: str
) -> None:
    with pytest.raises(NotAllowed, match=refused):
        talk.say(talk.people["lead"], words, audience, privileged=privileged)
    assert talk.read(talk.people["lead"]) == talk.read(talk.other) == talk.asked(talk.other) == []


def test_whoever_leaves_is_named_as_before_and_waited_for_no_longer(talk: Talk) -> None:
    talk.say(talk.people["lead"], "Is it, @Ben?")
    with write(talk.engine) as conn:
        conn.execute(
            update(membership)
            .where(membership.c.person_id == talk.other.person_id)
            .values(status="suspended")
        )
        conn.execute(
            update(person).where(person.c.id == talk.other.person_id).values(name="Benedict")
        )
    with read(talk.engine) as conn:
        (kept,) = comments(conn, talk.people["lead"], ONE)
    (named,) = kept.mentions
    assert kept.words[named.start : named.start + named.length] == "@Ben"
    with pytest.raises(NotAllowed, match="names nobody"):
        talk.say(talk.people["lead"], "And now, @Ben?")


def test_nobody_reads_for_others_and_what_one_cannot_read_is_not_there(talk: Talk) -> None:
    lead, dpo = talk.people["lead"], talk.people["dpo"]
    made = talk.say(lead, f"Is it, @{dpo.name}?", OURS)
    assert isinstance(made, Comment)
    with pytest.raises(NotFound), write(talk.engine) as conn:
        say_read(conn, talk.other, ONE, made.id, AT)
    with write(talk.engine) as conn:
        say_read(conn, lead, ONE, made.id, AT)
    assert talk.asked(dpo) == [made.words]


def test_what_no_comment_can_be_about_is_not_found(talk: Talk) -> None:
    with pytest.raises(NotFound):
        talk.say(talk.people["lead"], "About nothing.", about="x" * 201)
