"""Jobs are done once, tried again when they fail, and taken back from a worker that died."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, select, update

from app.actions import jobs
from app.actions.answers import Summary, columns_of
from app.actions.catalogues import Catalogues, Notes
from app.actions.demonstration import seed
from app.settings import content_root
from app.store.database import read, write
from app.store.tables import job, project, sheet

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)


def states(engine: Engine) -> list[str]:
    with read(engine) as conn:
        return list(conn.execute(select(job.c.state).order_by(job.c.at)).scalars())


def test_the_same_piece_of_work_asked_for_twice_is_one_job(engine: Engine) -> None:
    with write(engine) as conn:
        first = jobs.add_job(conn, jobs.REASSESS, "2026-11-22", {}, NOW)
        second = jobs.add_job(conn, jobs.REASSESS, "2026-11-22", {}, NOW)
    assert first == second
    assert states(engine) == [jobs.WAITING]


def test_a_job_is_taken_by_one_worker_only(engine: Engine) -> None:
    with write(engine) as conn:
        jobs.add_job(conn, jobs.REASSESS, "a", {}, NOW)
        assert jobs.take_job(conn, NOW) is not None
        assert jobs.take_job(conn, NOW) is None


def test_a_job_that_is_not_due_yet_waits(engine: Engine) -> None:
    with write(engine) as conn:
        jobs.add_job(conn, jobs.REASSESS, "a", {}, NOW + timedelta(hours=1))
        assert jobs.take_job(conn, NOW) is None


def test_a_job_that_a_dead_worker_left_is_taken_again(engine: Engine) -> None:
    with write(engine) as conn:
        jobs.add_job(conn, jobs.REASSESS, "a", {}, NOW)
        jobs.take_job(conn, NOW)
        later = NOW + jobs.ABANDONED_AFTER + timedelta(seconds=1)
        again = jobs.take_job(conn, later)
    assert again is not None
    assert again.attempts == 2


def test_a_job_whose_workers_all_died_is_not_taken_for_ever(engine: Engine) -> None:
    with write(engine) as conn:
        jobs.add_job(conn, jobs.REASSESS, "a", {}, NOW)
        later = NOW
        for _ in range(jobs.ATTEMPTS):
            assert jobs.take_job(conn, later) is not None
            later += jobs.ABANDONED_AFTER + timedelta(seconds=1)
        assert jobs.take_job(conn, later) is None
    assert states(engine) == [jobs.FAILED]


def test_a_job_that_is_over_begins_anew_when_it_is_asked_for_again(engine: Engine) -> None:
    with write(engine) as conn:
        jobs.ask_again(conn, jobs.REASSESS, "a", {"draft": "1"}, NOW)
        first = jobs.take_job(conn, NOW)
        assert first is not None
        jobs.ask_again(conn, jobs.REASSESS, "a", {"draft": "2"}, NOW)
        assert jobs.take_job(conn, NOW) is None, "it is being done"
        jobs.end_job(conn, first, NOW)
        jobs.ask_again(conn, jobs.REASSESS, "a", {"draft": "3"}, NOW)
        again = jobs.take_job(conn, NOW)
    assert again == jobs.Job(first.id, jobs.REASSESS, {"draft": "3"}, 1)


def test_what_was_done_long_ago_is_forgotten_and_what_failed_is_not(engine: Engine) -> None:
    with write(engine) as conn:
        for key in ("old", "failed", "new"):
            jobs.add_job(conn, jobs.REASSESS, key, {}, NOW)
        for error in (None, "away"):
            taken = jobs.take_job(conn, NOW)
            assert taken is not None
            jobs.end_job(conn, replace(taken, attempts=jobs.ATTEMPTS), NOW, error)
        taken = jobs.take_job(conn, NOW)
        assert taken is not None
        jobs.end_job(conn, taken, NOW + timedelta(days=1))
        for later, left in ((jobs.KNOWN_FOR, 3), (jobs.KNOWN_FOR + timedelta(hours=1), 2)):
            jobs.forget_done(conn, NOW + later)
            assert len(conn.execute(select(job.c.id)).all()) == left
    assert sorted(states(engine)) == [jobs.DONE, jobs.FAILED]


@pytest.mark.parametrize(("attempts", "state"), [(1, jobs.WAITING), (jobs.ATTEMPTS, jobs.FAILED)])
def test_a_job_that_fails_is_tried_again_until_it_has_failed_too_often(
    engine: Engine, attempts: int, state: str
) -> None:
    with write(engine) as conn:
        id_ = jobs.add_job(conn, jobs.REASSESS, "a", {}, NOW)
        jobs.end_job(conn, jobs.Job(id_, jobs.REASSESS, {}, attempts), NOW, "LookupError: gone")
    assert states(engine) == [state]


def test_a_job_of_a_kind_that_is_gone_fails_and_the_next_one_is_done(engine: Engine) -> None:
    catalogues = Catalogues(engine)
    catalogues.publish(content_root(), Notes("LOTI", "First.", NOW))
    with write(engine) as conn:
        jobs.add_job(conn, "abolished", "a", {}, NOW - timedelta(minutes=1))
    assert jobs.work_once(engine, catalogues, NOW)
    with read(engine) as conn:
        (gone,) = conn.execute(select(job).where(job.c.kind == "abolished"))
    assert (gone.state, gone.error) == (jobs.WAITING, "KeyError: 'abolished'")
    assert jobs.work_once(engine, catalogues, NOW)
    with read(engine) as conn:
        done = conn.scalars(select(job.c.kind).where(job.c.state == jobs.DONE)).all()
    assert done == [jobs.REASSESS]


def test_a_days_reassessment_mends_what_lists_show_and_is_done_once(engine: Engine) -> None:
    catalogues = Catalogues(engine)
    released = catalogues.publish(content_root(), Notes("Test", "For a test", NOW))
    seed(engine, released, content_root(), NOW)
    with write(engine) as conn:
        wrong = columns_of(Summary("Wrong", stops=99))
        conn.execute(update(sheet).where(sheet.c.kind == "project").values(**wrong))
    assert jobs.work_once(engine, catalogues, NOW)
    with read(engine) as conn:
        rows = conn.execute(
            select(sheet.c.title, sheet.c.stops).where(sheet.c.kind == "project")
        ).all()
    assert all(row.title != "Wrong" and row.stops < 99 for row in rows)
    assert states(engine) == [jobs.DONE]
    assert not jobs.work_once(engine, catalogues, NOW)


def test_a_project_that_cannot_be_read_keeps_no_other_from_its_reassessment(
    engine: Engine,
) -> None:
    catalogues = Catalogues(engine)
    released = catalogues.publish(content_root(), Notes("Test", "For a test", NOW))
    seed(engine, released, content_root(), NOW)
    of_projects = sheet.c.kind == "project"
    with write(engine) as conn:
        conn.execute(update(sheet).where(of_projects).values(**columns_of(Summary("Wrong"))))
        first = conn.scalar(select(project.c.id).limit(1))
        conn.execute(update(sheet).where(sheet.c.subject_id == first).values(document="{"))
    assert jobs.work_once(engine, catalogues, NOW)
    with read(engine) as conn:
        wrong = conn.scalars(
            select(sheet.c.subject_id).where(of_projects, sheet.c.title == "Wrong")
        )
        assert list(wrong) == [first]
        assert str(first) in str(conn.scalar(select(job.c.error)))
    assert states(engine) == [jobs.WAITING], "it is tried again"
