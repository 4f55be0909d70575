"""Work done outside requests: a table of jobs, taken one by one by `fingerpost work`."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import Connection, Engine, delete, select, update

from app.actions.access.tidying import tidy
from app.actions.answers import Opened, columns_of, project_of
from app.actions.catalogues import Catalogues
from app.actions.definitions.coverage import Tally, keep_counts
from app.actions.definitions.figures import Figures, keep_figures
from app.actions.organisation_sheets import organisation_ids, refresh
from app.actions.pages import look, summary_of
from app.actions.together.passing import take_back
from app.core.days import day_of
from app.store.database import read, write
from app.store.inserting import insert_into, keep_once
from app.store.queries import MUST_MOVE, SUMMARY
from app.store.sheets import from_text, read_sheet, to_text
from app.store.tables import job, project, sheet

LOG = logging.getLogger(__name__)
WAITING, WORKING, DONE, FAILED = "waiting", "working", "done", "failed"
REASSESS = "reassess"
PREVIEW = "preview"  # what a change of the definitions does to live projects
ATTEMPTS = 3
ABANDONED_AFTER = timedelta(minutes=15)  # a worker that died gives its job back
KNOWN_FOR = timedelta(days=30)  # by then nobody asks for the same piece of work again
_NAMES = UUID("0b9f6c1e-6d3b-4b57-9f0c-7a5f3f1f2a10")  # makes one id of a job's kind and key


@dataclass(frozen=True, slots=True)
class Job:
    """One piece of work."""

    id: UUID
    kind: str
    payload: Mapping[str, object]
    attempts: int


Work = Callable[[Engine, Catalogues, Job, datetime], object]
"""What is done for one kind of job, with its payload."""


def job_state(conn: Connection, kind: str, key: str) -> tuple[str, int] | None:
    """How far a job is: its state and its progress in hundredths; None when nobody asked for it."""
    found = conn.execute(
        select(job.c.state, job.c.progress).where(job.c.id == _id_of(kind, key))
    ).one_or_none()
    return (found.state, found.progress) if found else None


def add_job(
    conn: Connection, kind: str, key: str, payload: Mapping[str, object], at: datetime
) -> UUID:
    """Ask for a piece of work; the same kind and key are one job, however often they are asked for."""
    keep_once(conn, job, _asked(kind, key, payload, at))
    return _id_of(kind, key)


def ask_again(
    conn: Connection, kind: str, key: str, payload: Mapping[str, object], at: datetime
) -> None:
    """The same, but a job that is over begins anew."""
    row = _asked(kind, key, payload, at)
    anew = insert_into(conn, job).values(**row)
    over = job.c.state.in_((DONE, FAILED))
    conn.execute(anew.on_conflict_do_update(index_elements=["id"], set_=row, where=over))


def _asked(kind: str, key: str, payload: Mapping[str, object], at: datetime) -> dict[str, Any]:
    return {
        "id": _id_of(kind, key),
        "kind": kind,
        "payload": to_text(dict(payload)),
        "state": WAITING,
        "progress": 0,
        "attempts": 0,
        "error": None,
        "at": at,
        "changed_at": at,
    }


def _id_of(kind: str, key: str) -> UUID:
    return uuid5(_NAMES, f"{kind}:{key}")


def take_job(conn: Connection, now: datetime) -> Job | None:
    """The oldest job that is due, now this worker's; one that a dead worker left comes back.

    But one whose workers all died is over: it may be what they died of.
    """
    due = (job.c.state == WAITING) & (job.c.at <= now)
    left = (job.c.state == WORKING) & (job.c.changed_at < now - ABANDONED_AFTER)
    found = conn.execute(
        select(job).where(due | left).order_by(job.c.at).limit(1).with_for_update(skip_locked=True)
    ).one_or_none()
    if found is None:
        return None
    if found.attempts >= ATTEMPTS:
        left_over = Job(found.id, found.kind, {}, found.attempts)
        end_job(conn, left_over, now, "every worker that took it died")
        return take_job(conn, now)
    conn.execute(
        update(job)
        .where(job.c.id == found.id)
        .values(state=WORKING, attempts=found.attempts + 1, changed_at=now)
    )
    return Job(found.id, found.kind, from_text(found.payload), found.attempts + 1)


def end_job(conn: Connection, done: Job, now: datetime, error: str | None = None) -> None:
    """The job is done, and what it was about forgotten: it may name somebody.

    Or it failed, and is tried again until it has failed too often.
    """
    state = DONE if error is None else FAILED if done.attempts >= ATTEMPTS else WAITING
    more: dict[str, object] = {"payload": to_text({})} if state == DONE else {}
    if state == WAITING:
        more["at"] = now + timedelta(minutes=done.attempts)
    conn.execute(
        update(job)
        .where(job.c.id == done.id)
        .values(
            state=state, error=error, progress=100 if error is None else 0, changed_at=now, **more
        )
    )


def forget_done(conn: Connection, now: datetime) -> None:
    """Forget the jobs that were done long ago; those that failed stay to be looked into."""
    conn.execute(delete(job).where(job.c.state == DONE, job.c.changed_at < now - KNOWN_FOR))


def work_once(
    engine: Engine, catalogues: Catalogues, now: datetime, more: Mapping[str, Work] | None = None
) -> bool:
    """Do one job; whether there was one. Every day's reassessment is asked for along the way.

    `more`: kinds of work that only this process can do.
    """
    today = day_of(now).isoformat()
    with write(engine) as conn:
        add_job(conn, REASSESS, today, {"on": today}, now)
        taken = take_job(conn, now)
    if taken is None:
        return False
    error = None
    try:
        {**KINDS, **(more or {})}[taken.kind](engine, catalogues, taken, now)
    except (LookupError, ValueError, RuntimeError) as fault:
        error = f"{type(fault).__name__}: {fault}"
    with write(engine) as conn:
        end_job(conn, taken, now, error)
    return True


def reassess(engine: Engine, catalogues: Catalogues, now: datetime) -> int:
    """Work out again what lists show of every project and organisation: law ends on days, as do posts.

    Answers stay as they are; returns how many show something else. What each rule comes to is
    counted along the way. Raises RuntimeError, after all the others, where some could not be.
    """
    with read(engine) as conn:
        ids = list(conn.execute(select(project.c.id)).scalars())
        theirs = organisation_ids(conn)
    tally, figures = Tally(day_of(now)), Figures(now)
    changed = 0
    failed = []
    for id_ in ids:
        try:
            changed += _reassess(engine, catalogues, id_, (tally, figures), now)
        except (LookupError, ValueError, RuntimeError):
            LOG.exception("project %s cannot be worked out", id_)
            failed.append(str(id_))
    with write(engine) as conn:
        keep_counts(conn, tally)
        keep_figures(conn, figures)
        tidy(conn, now)
        forget_done(conn, now)
    asked = catalogues.newest()
    for id_ in theirs if asked.catalogue.organisations is not None else ():
        with write(engine) as conn:
            changed += refresh(conn, asked.of_organisations, id_, day_of(now))
    if failed:
        raise RuntimeError(f"projects that cannot be worked out: {', '.join(failed)}")
    return changed


def _reassess(
    engine: Engine,
    catalogues: Catalogues,
    id_: UUID,
    counted: tuple[Tally, Figures],
    now: datetime,
) -> bool:
    tally, figures = counted
    both = (
        select(project, *MUST_MOVE, *SUMMARY, sheet.c.document)
        .join(sheet, sheet.c.subject_id == project.c.id)
        .where(project.c.id == id_)
    )
    with write(engine) as conn:
        row = conn.execute(both.with_for_update(of=(project, sheet))).one()
        opened = Opened(project_of(row), read_sheet(row.document))
        if opened.project.passed:  # somebody may have been suspended since
            take_back(conn, id_, now)
        released = catalogues.of(conn, opened.project.release_id)
        looked = look(opened, released, tally.on)
        tally.note(looked.facts)
        figures.note(looked.facts, opened.sheet, released.catalogue.pipeline.feedback)
        summary = summary_of(looked)
        if summary == opened.project.summary:
            return False
        conn.execute(update(sheet).where(sheet.c.subject_id == id_).values(**columns_of(summary)))
    return True


def _preview(engine: Engine, catalogues: Catalogues, done: Job, now: datetime) -> None:
    # What asks for a preview asks for a job: it is known here only when there is one.
    from app.actions.definitions.previewing import run_preview

    run_preview(engine, catalogues, done, now)


KINDS: dict[str, Work] = {
    REASSESS: lambda engine, catalogues, _, now: reassess(engine, catalogues, now),
    PREVIEW: _preview,
}
