"""On PostgreSQL the database itself shows an organisation its own projects and no others."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import Connection, func, insert, make_url, select, text, update
from sqlalchemy.exc import ProgrammingError

from app.actions.access.sign_ins import Browser, begin, id_of, keep_form, take_kept_form
from app.actions.actor import Actor
from app.actions.definitions.guidance import about_question, write_note
from app.actions.definitions.previews import who_holds
from app.actions.errors import NotFound
from app.actions.files import keep_file, look_at_file
from app.actions.organisations import add_organisation, add_person, take_in
from app.actions.projects import NewProject, history, list_projects, start_project
from app.actions.review.acts import Document, NewAct, acts_of, record_act
from app.actions.review.advice_drafts import DraftAdvice, keep_draft
from app.actions.together.comments import Audience, Words, say
from app.actions.together.visits import say_here, say_seen
from app.core.sheet import Change
from app.store.accounts import kept_form
from app.store.advice import advice_draft
from app.store.database import act_for, counting, open_database, read, seeing_all, write
from app.store.definitions import guidance_note
from app.store.files import file
from app.store.library import library
from app.store.lineage import lineage
from app.store.releases import Publication, keep_release, projects_on
from app.store.tables import (
    act,
    answer_event,
    document,
    membership,
    organisation,
    project,
    sheet,
)
from app.store.talk import comment, mention
from app.store.team import assignment, cover, presence, team, visit
from tests.brought import pdf
from tests.databases import NOW, World, add_party, empty_postgres, summarise
from tests.kept import who_is

pytestmark = pytest.mark.postgres
GUARDED = (project, sheet, answer_event, act, assignment, document, team, visit, presence, file)


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    """Two boroughs that share a project, and a stranger with one of their own."""
    url = empty_postgres("migrated")
    engine = open_database(url)
    with write(engine) as conn:
        publication = Publication({"rules/a.yaml": b"a: 1"}, "0" * 64, "LOTI", "", NOW)
        release = keep_release(conn, publication)
        people: list[Actor] = []
        for name, borough in (("Ann", "Carnmere"), ("Ben", "Brookvale"), ("Cy", "Bellmead")):
            home = add_organisation(conn, borough, "borough", NOW)
            person = add_person(conn, name, f"{name}@{borough}.example", NOW)
            take_in(conn, person, home, "lead", NOW)
            found = who_is(conn, person)
            assert found
            people.append(found)
        ann, ben, cy = people
        told = [Change("project.title", "Warm homes")]
        new = NewProject("Warm homes", "new", "idea", release.id, NOW, changes=told)
        reference = start_project(conn, ann, new, summarise)
        add_party(conn, ann, reference, ben.organisation_id, NOW)
        start_project(conn, cy, replace(new, id=uuid4()), summarise)
        signed = NewAct("signature", "dpia", NOW, document=Document("dpia.docx", b"Signed"))
        record_act(conn, ann, reference, signed)
        keep_file(conn, ann, reference, "a.file", look_at_file("a.pdf", pdf()), NOW)
        say_seen(conn, ann, reference, NOW)
        say_here(conn, ben, reference, "dpia/data", NOW)
        conn.execute(text("DROP ROLE IF EXISTS fingerpost_app"))
        conn.execute(text("CREATE ROLE fingerpost_app LOGIN PASSWORD 'only-for-tests'"))
        for what in ("ALL TABLES", "ALL SEQUENCES"):
            conn.execute(text(f"GRANT ALL ON {what} IN SCHEMA public TO fingerpost_app"))
    mine = make_url(url).set(username="fingerpost_app", password="only-for-tests")  # noqa: S106
    opened = open_database(mine.render_as_string(hide_password=False), sees_all=False)
    yield World(opened, ann, ben, cy, reference, release.id)
    opened.dispose()
    with write(engine) as conn:
        conn.execute(text("DROP OWNED BY fingerpost_app"))
        conn.execute(text("DROP ROLE fingerpost_app"))
    engine.dispose()


def seen(conn: Connection) -> dict[str, int]:
    """How many rows each guarded table shows; of sheets, those of projects."""
    counts = {
        table.name: conn.execute(select(func.count()).select_from(table)).scalar_one()
        for table in GUARDED
    }
    of_projects = select(func.count()).select_from(sheet).where(sheet.c.kind == "project")
    return {**counts, "sheet": conn.execute(of_projects).scalar_one()}


NOTHING = {table.name: 0 for table in GUARDED}


def test_whoever_acts_for_nobody_sees_no_project(world: World) -> None:
    with read(world.engine) as conn:
        assert seen(conn) == NOTHING


def test_statements_without_any_scope_show_what_one_takes_part_in(world: World) -> None:
    for actor, acts, people in ((world.ann, 1, 2), (world.ben, 1, 2), (world.stranger, 0, 1)):
        with read(world.engine) as conn:
            act_for(conn, actor.organisation_id)
            found = seen(conn)
        assert found["project"] == found["sheet"] == found["answer_event"] == 1, actor.name
        assert found["act"] == found["document"] == acts, actor.name
        assert (found["team"], found["visit"], found["presence"]) == (people, acts, acts)


def test_the_next_transaction_acts_for_nobody_again(world: World) -> None:
    with read(world.engine) as conn:
        act_for(conn, world.ann.organisation_id)
        assert seen(conn)["project"] == 1
        conn.rollback()
        assert seen(conn) == NOTHING
    with read(world.engine) as conn:
        assert seen(conn) == NOTHING


def test_what_is_lent_is_read_by_all_once_it_is_published_and_where_it_comes_from_by_nobody_else(
    world: World,
) -> None:
    with write(world.engine) as conn:
        act_for(conn, world.ann.organisation_id)
        mine = conn.execute(select(project.c.id)).scalar_one()
        said = dict.fromkeys(("title", "summary", "searched", "asked_who", "organisation"), "x")
        lent = {"organisation_id": world.ann.organisation_id, "kind": "borough", "words": "{}"}
        asked = {"asked_by": world.ann.person_id, "asked_at": NOW, "topics": "{}", "state": "asked"}
        of = {"project_id": mine, "reference": world.reference}
        conn.execute(insert(library), {**of, **said, **lent, **asked})
        came = {"project_id": mine, "from_id": mine, "kind": "renewed", "at": NOW}
        conn.execute(insert(lineage), came)
        for state, read_by_others in (("asked", 0), ("published", 1), ("taken_out", 0)):
            act_for(conn, world.ann.organisation_id)
            conn.execute(update(library).values(state=state))
            act_for(conn, world.stranger.organisation_id)
            assert len(conn.execute(select(library)).all()) == read_by_others, state
            assert conn.execute(select(lineage)).all() == []
        conn.rollback()


def test_nothing_of_others_is_changed_or_added_to(world: World) -> None:
    with write(world.engine) as conn:
        act_for(conn, world.stranger.organisation_id)
        mine = conn.execute(select(project.c.id)).scalar_one()
        others = update(project).values(stage="x").where(project.c.id != mine)
        assert conn.execute(others).rowcount == 0
        of_others = sheet.c.kind == "project", sheet.c.subject_id != mine
        assert conn.execute(update(sheet).values(title="x").where(*of_others)).rowcount == 0
        conn.rollback()
    with pytest.raises(ProgrammingError, match="row-level security"):
        _leave_a_note(world)


def _leave_a_note(world: World) -> None:
    with write(world.engine) as conn:
        act_for(conn, world.stranger.organisation_id)
        with seeing_all(conn):
            wanted = project.c.reference == world.reference
            theirs = conn.execute(select(project.c.id).where(wanted)).scalar_one()
        said = dict.fromkeys(("page", "to_whom", "note", "who"), "x")
        of = {"project_id": theirs, "person_id": world.stranger.person_id, "at": NOW}
        conn.execute(insert(assignment), {"id": uuid4(), **of, **said})


def test_a_draft_of_advice_is_seen_by_its_organisation_alone_whoever_takes_part(
    world: World,
) -> None:
    draft = DraftAdvice(whole="Not sent")
    with write(world.engine) as conn:
        act_for(conn, world.ann.organisation_id)
        keep_draft(conn, world.ann, world.reference, draft, NOW)
    for actor, rows in ((world.ann, 1), (world.ben, 0), (world.stranger, 0)):
        with read(world.engine) as conn:
            act_for(conn, actor.organisation_id)
            found = conn.execute(select(func.count()).select_from(advice_draft)).scalar_one()
        assert found == rows, actor.name


def test_what_people_do_works_behind_this_wall(world: World) -> None:
    with write(world.engine) as conn:
        act_for(conn, world.ben.organisation_id)
        new = NewProject("Cool homes", "new", "idea", world.release_id, NOW)
        begun = start_project(conn, world.ben, new, summarise)
        signed = NewAct("signature", "dpia", NOW, document=Document("x.docx", b"Of Ben"))
        record_act(conn, world.ben, begun, signed)
        assert [each.reference for each in list_projects(conn, world.ben)].count(begun) == 1
        assert len(acts_of(conn, world.ben, world.reference)) == 1
        assert history(conn, world.ben, world.reference)
        conn.rollback()
    with read(world.engine) as conn:
        act_for(conn, world.stranger.organisation_id)
        with pytest.raises(NotFound):
            history(conn, world.stranger, world.reference)


def test_a_count_over_all_sees_all_and_only_while_it_counts(world: World) -> None:
    with read(world.engine) as conn:
        act_for(conn, world.stranger.organisation_id)
        assert sum(projects_on(conn).values()) == 2
        assert seen(conn)["project"] == 1
        with pytest.raises(KeyError), seeing_all(conn):
            raise KeyError
        assert seen(conn)["project"] == 1


def test_acting_for_an_organisation_is_one_statement(world: World) -> None:
    with counting(world.engine) as sent, read(world.engine) as conn:
        act_for(conn, world.ann.organisation_id)
    assert len(sent) == 1


def test_on_sqlite_it_is_none(tmp_path: Path) -> None:
    engine = open_database(f"sqlite:///{tmp_path}/x.sqlite3", sees_all=False)
    with counting(engine) as sent, read(engine) as conn:
        act_for(conn, uuid4())
        with seeing_all(conn):
            pass
    assert len(sent) == 0
    engine.dispose()


def test_what_is_said_within_an_organisation_and_whom_it_mentions_is_not_there_for_others(
    world: World,
) -> None:
    said = (("To all, @Ben.", Audience.ALL), ("Among us, @Ann.", Audience.OURS))
    with write(world.engine) as conn:
        act_for(conn, world.ann.organisation_id)
        for words, audience in said:
            say(conn, world.ann, world.reference, Words(words, "", audience, NOW))
    for actor, number in ((world.ann, 2), (world.ben, 1), (world.stranger, 0)):
        with read(world.engine) as conn:
            act_for(conn, actor.organisation_id)
            for table in (comment, mention):
                found = conn.execute(select(func.count()).select_from(table)).scalar_one()
                assert found == number, (actor.name, table.name)


def test_whoever_would_delete_a_question_is_told_of_everybody_who_holds_an_answer(
    world: World,
) -> None:
    with read(world.engine) as conn:
        act_for(conn, world.stranger.organisation_id)
        for option in (None, "Warm homes"):
            held = who_holds(conn, "project.title", option)
            assert held.organisations == (("Bellmead", 1), ("Carnmere", 1))
        assert seen(conn)["project"] == 1, "nothing else of them is shown"


def test_two_projects_that_cannot_see_each_other_keep_the_same_document(world: World) -> None:
    signed = NewAct("settle", "dpia", NOW, document=Document("same.docx", b"Signed"))
    with write(world.engine) as conn:
        act_for(conn, world.stranger.organisation_id)
        (own,) = list_projects(conn, world.stranger)
        made = record_act(conn, world.stranger, own.reference, signed)
        assert conn.scalar(select(document.c.content)) == b"Signed"
        assert made.document_sha256 == conn.scalar(select(document.c.sha256))
        conn.rollback()


def test_what_one_had_typed_is_kept_for_oneself_alone(world: World) -> None:
    with write(world.engine) as conn:
        token = begin(conn, world.ann.person_id, "code", Browser("", ""), NOW, timedelta(hours=1))
        assert keep_form(conn, id_of(token), "/projects/x", [("idea.why", "A secret")], NOW)
    with read(world.engine) as conn:
        act_for(conn, world.ann.organisation_id)
        assert conn.execute(select(kept_form)).all() == [], "a colleague does not see it either"
        assert take_kept_form(conn, world.ben.person_id, NOW) is None
        assert conn.execute(select(kept_form)).all() == []
        kept = take_kept_form(conn, world.ann.person_id, NOW + timedelta(minutes=1))
    assert kept
    assert kept.fields == (("idea.why", "A secret"),)


def test_notes_and_deputies_of_an_organisation_are_there_for_its_own_people_alone(
    world: World,
) -> None:
    mine = {"organisation_id": world.ann.organisation_id, "person_id": world.ann.person_id}
    away = {"role": "lead", "deputy_id": world.ann.person_id, "until": NOW.date()}
    with write(world.engine) as conn:
        act_for(conn, world.ann.organisation_id)
        write_note(
            conn,
            replace(world.ann, role="ig_lead"),
            about_question("project.title"),
            "Ask Dee.",
            NOW,
        )
        conn.execute(insert(cover), {**mine, **away})
    for actor, rows in ((world.ann, 1), (world.ben, 0), (world.stranger, 0)):
        with read(world.engine) as conn:
            act_for(conn, actor.organisation_id)
            for table in (guidance_note, cover):
                found = conn.execute(select(func.count()).select_from(table)).scalar_one()
                assert found == rows, (actor.name, table.name)
    with write(world.engine) as conn:
        act_for(conn, world.ben.organisation_id)
        with pytest.raises(ProgrammingError, match="row-level security"):
            conn.execute(insert(cover), {**mine, **away, "role": "dpo"})
        conn.rollback()


@pytest.mark.parametrize("whose", ["own", "sponsored", "nobody_there", "another"])
def test_a_record_is_read_by_all_and_changed_by_those_whose_it_is(world: World, whose: str) -> None:
    with write(world.engine) as conn:
        act_for(conn, world.ann.organisation_id)
        about = world.ann.organisation_id if whose == "own" else world.ben.organisation_id
        if whose == "sponsored":
            sponsored = {"sponsor_id": world.ann.organisation_id}
            conn.execute(update(organisation).where(organisation.c.id == about).values(sponsored))
        if whose == "nobody_there":
            gone = update(membership).values(status="suspended")
            conn.execute(gone.where(membership.c.organisation_id == about))
        record = sheet.c.subject_id == about
        assert conn.execute(select(sheet.c.title).where(record).with_for_update()).one()
        changed = update(sheet).where(record).values(title="Another name")
        refused = whose == "another"
        with pytest.raises(ProgrammingError, match="row-level") if refused else nullcontext():
            conn.execute(changed)
        conn.rollback()
