"""Emails that remind: one digest per person and week or day, and a word at once when a yes is asked."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Engine, select

from app.actions.actor import Actor, everyone
from app.actions.catalogues import Catalogues
from app.actions.jobs import Job, Work, add_job
from app.actions.mail.forgotten import FORGOTTEN, send_to_whoever_forgot
from app.actions.mail.outbox import post_letter
from app.actions.mail.reminders import HowOften, Reminder, how_often, in_words, remind_of
from app.actions.mail.telling import TELL, Post
from app.catalogue.letters import Letter, write_letter
from app.core.days import day_of
from app.core.pipeline import Pipeline
from app.store.database import read, write
from app.store.tables import person

REMIND = "remind"
DIGEST = "digest"
DAY, WEEK = timedelta(days=1), timedelta(days=7)
OFTEN = {
    HowOften.WEEKLY: "once a week",
    HowOften.DAILY: "once a day, when there is something",
    HowOften.URGENT: "only when something is urgent",
}


def letter_work(post: Post) -> dict[str, Work]:
    """What a worker that can write letters does besides."""
    return {
        FORGOTTEN: lambda engine, _, job, now: send_to_whoever_forgot(engine, post, job, now),
        REMIND: lambda engine, catalogues, _, now: remind_everybody(engine, catalogues, post, now),
        TELL: lambda engine, _, job, now: _tell(engine, post, job, now),
    }


def ask_for_reminders(engine: Engine, now: datetime) -> None:
    """Ask for the reminders of a day, once."""
    with write(engine) as conn:
        add_job(conn, REMIND, day_of(now).isoformat(), {}, now)


def remind_everybody(engine: Engine, catalogues: Catalogues, post: Post, now: datetime) -> int:
    """Put everybody's digest that is due into the outbox; how many were written."""
    pipeline = catalogues.newest().catalogue.pipeline
    with read(engine) as conn:
        people = sorted(everyone(conn), key=lambda one: (str(one.person_id), one.role))
    written = 0
    for _, roles in groupby(people, key=lambda one: one.person_id):
        with write(engine) as conn:
            written += _remind(conn, tuple(roles), pipeline, post, now)
    return written


def _remind(
    conn: Connection, roles: tuple[Actor, ...], pipeline: Pipeline, post: Post, now: datetime
) -> bool:
    """Write to one person, unless nothing waits or they were written to already."""
    chosen, on = how_often(conn, roles[0].person_id), day_of(now)
    since = now - (WEEK if chosen is HowOften.WEEKLY else DAY)
    found = [each for role in roles for each in remind_of(conn, role, pipeline, on, since)]
    several = tuple(dict.fromkeys(found))
    if chosen is HowOften.URGENT:
        several = tuple(each for each in several if each.is_urgent(on))
    if not several:
        return False
    words = {
        "name": roles[0].name,
        "reminders": in_words(several, on, post.base_url),
        "often": OFTEN[chosen],
        "link": f"{post.base_url}/account",
    }
    about = _about(chosen, on, several)
    return _post(conn, roles[0].person_id, post.letters[DIGEST], words, (about, now))


def _about(chosen: HowOften, on: date, several: Iterable[Reminder]) -> str:
    """What makes two digests the same: the week, the day, or the very things that are urgent."""
    if chosen is HowOften.WEEKLY:
        year, week, _ = on.isocalendar()
        return f"{year}-W{week}"
    if chosen is HowOften.DAILY:
        return on.isoformat()
    said = "\n".join(sorted(f"{each.what}|{each.path}|{each.by}" for each in several))
    return hashlib.sha256(said.encode()).hexdigest()


def _tell(engine: Engine, post: Post, job: Job, now: datetime) -> None:
    told: Mapping[str, Any] = job.payload
    words = {**told["words"], "link": f"{post.base_url}{told['path']}"}
    for each in told["people"]:
        with write(engine) as conn:
            found = select(person.c.name).where(person.c.id == UUID(each))
            name = str(conn.execute(found).scalar_one())
            letter = post.letters[told["letter"]]
            _post(conn, UUID(each), letter, words | {"name": name}, (str(told["about"]), now))


def _post(
    conn: Connection,
    person_id: UUID,
    letter: Letter,
    words: Mapping[str, str],
    what: tuple[str, datetime],
) -> bool:
    """Put a letter to an active person into the outbox."""
    about, at = what
    found = select(person.c.email).where(person.c.id == person_id, person.c.active)
    email = conn.execute(found).scalar_one_or_none()
    if email is None:
        return False
    post_letter(conn, str(email), write_letter(letter, words), f"{person_id}:{about}", at)
    return True
