"""What a person is reminded of: what waits for them, what is late, what changed; titles and links only."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Connection, func, select

from app.actions.access.policy import SEES
from app.actions.access.seeing import seen_by
from app.actions.actor import Actor
from app.actions.definitions import publishing
from app.actions.library import waits_in_library
from app.actions.review.queue import Wanted, waiting_for
from app.actions.together.comments import waits_for
from app.core.pipeline import Pipeline
from app.store.inserting import put
from app.store.reminding import reminding
from app.store.tables import answer_event, project, sheet
from app.store.talk import comment
from app.store.team import assignment

SOON = timedelta(days=2)
"""What is due so soon, or was due, is urgent."""
BEFORE_REVIEW = timedelta(days=60)
MOST_CHANGED = 10


class HowOften(StrEnum):
    """How often somebody wants to be written to."""

    WEEKLY = "weekly"
    DAILY = "daily"
    URGENT = "urgent"


@dataclass(frozen=True, slots=True)
class Reminder:
    """One thing: what is asked, of which project or draft, where it is, and by which day."""

    what: str
    title: str
    path: str
    by: date | None = None
    waits: bool = True

    def is_urgent(self, on: date) -> bool:
        """Whether it is late, or due very soon."""
        return self.by is not None and self.by <= on + SOON

    def is_late(self, on: date) -> bool:
        """Whether its day has passed."""
        return self.by is not None and self.by < on


ASKS: dict[str, str] = {
    Wanted.SIGN: "Your signature is asked for",
    Wanted.CLOSE: "A stage is to be closed by you",
    Wanted.ADVISE: "Your advice is asked for",
    Wanted.ADOPT: "Advice is to be adopted for your organisation",
    Wanted.DECIDE: "A decision of yours is asked for",
    Wanted.LOOK: "Something changed since you advised or asked",
    Wanted.MEND: "Something was sent back to be put right",
    Wanted.ANSWER: "Answers are still to come",
    "view": "Your view is asked for",
}


PLACES: dict[str, str] = {
    Wanted.SIGN: "/stages/{stage}/sign",
    Wanted.ADVISE: "/advice",
    Wanted.LOOK: "/advice",
    Wanted.ADOPT: "/asked",
    "view": "/asked",
    Wanted.DECIDE: "/decisions",
    Wanted.MEND: "/sent-back",
}
"""Where in a project what is asked is done, for whoever comes straight from a letter."""


def remind_of(
    conn: Connection, actor: Actor, pipeline: Pipeline, on: date, since: datetime
) -> tuple[Reminder, ...]:
    """Everything one person is reminded of in one role; nothing they may not open themselves.

    `since`: from when changes by others are told.
    """
    found = [*_drafts(conn, actor)]
    if actor.role in SEES:
        found += [
            *_passed(conn, actor),
            *_queue(conn, actor, pipeline, on),
            *_asked(conn, actor),
            *_lending(conn, actor),
            *_reviews(conn, actor, on),
            *_changed(conn, actor, since),
        ]
    return tuple(dict.fromkeys(found))


def how_often(conn: Connection, person_id: UUID) -> HowOften:
    """What somebody chose; weekly when they never did."""
    chosen = select(reminding.c.how_often).where(reminding.c.person_id == person_id)
    found = conn.execute(chosen).scalar_one_or_none()
    return HowOften(found) if found else HowOften.WEEKLY


def choose_how_often(conn: Connection, actor: Actor, chosen: HowOften, at: datetime) -> None:
    """Choose how often one is written to."""
    values = {"how_often": chosen.value, "since": at}
    put(conn, reminding, {"person_id": actor.person_id}, values)


def in_words(several: Iterable[Reminder], on: date, base_url: str) -> str:
    """Reminders as the lines of a letter: what waits with what is late first, then what changed."""
    listed = sorted(several, key=lambda one: (one.by or date.max, one.what, one.title))
    late = [one for one in listed if one.waits and one.is_late(on)]
    waits = [one for one in listed if one.waits and one not in late]
    changed = [one for one in listed if not one.waits]
    parts = (("Late", late), ("Waits for you", waits), ("Changed since", changed))
    return "\n\n".join(
        "\n\n".join([title, *(_line(one, base_url) for one in part)])
        for title, part in parts
        if part
    )


def _line(one: Reminder, base_url: str) -> str:
    by = f", by {one.by.day} {one.by:%B %Y}" if one.by else ""
    title = " ".join(one.title.split())
    return f"{one.what}{by}:\n{title}\n{base_url}{one.path}"


def _at(reference: str, more: str = "") -> str:
    return f"/projects/{reference}{more}"


def _queue(conn: Connection, actor: Actor, pipeline: Pipeline, on: date) -> Iterator[Reminder]:
    """What waits in the queue of the organisation, but for what a colleague has taken."""
    for one in waiting_for(conn, actor, pipeline, on):
        taken = one.holder is not None and not one.holder.is_with(actor.person_id)
        if one.wanted in ASKS and not taken:
            listed = one.project
            place = PLACES.get(one.wanted, "").format(stage=one.stage.id)
            where = _at(listed.reference, place)
            yield Reminder(ASKS[one.wanted], listed.summary.title, where, one.by)


def _passed(conn: Connection, actor: Actor) -> Iterator[Reminder]:
    """What was passed to this person to answer."""
    found = (
        select(assignment.c.due_on, assignment.c.page, project.c.reference, sheet.c.title)
        .join(project, project.c.id == assignment.c.project_id)
        .join(sheet, sheet.c.subject_id == project.c.id)
        .where(
            assignment.c.to_id == actor.person_id, assignment.c.done_at.is_(None), seen_by(actor)
        )
    )
    for row in conn.execute(found):
        page = _at(row.reference, f"/{row.page}")
        yield Reminder("A page was passed to you to answer", row.title, page, row.due_on)


def _asked(conn: Connection, actor: Actor) -> Iterator[Reminder]:
    """What somebody asked this person in a comment, or where one mentions them."""
    found = (
        select(project.c.reference, sheet.c.title, comment.c.for_id)
        .join(comment, comment.c.project_id == project.c.id)
        .join(sheet, sheet.c.subject_id == project.c.id)
        .where(waits_for(actor), seen_by(actor))
        .order_by(comment.c.at)
    )
    for row in conn.execute(found):
        asks = row.for_id == actor.person_id
        what = "A comment asks you something" if asks else "A comment mentions you"
        yield Reminder(what, row.title, _at(row.reference, "/comments"))


def _lending(conn: Connection, actor: Actor) -> Iterator[Reminder]:
    for entry in waits_in_library(conn, actor):
        path = _at(entry.reference, "/library")
        yield Reminder("Your yes is asked for, for the library", entry.title, path)


def _drafts(conn: Connection, actor: Actor) -> Iterator[Reminder]:
    for each in publishing.waiting_for(conn, actor):
        path = f"/definitions/drafts/{each.draft_id}/publish"
        yield Reminder("Your yes is asked for, for a draft of definitions", each.name, path)


def _reviews(conn: Connection, actor: Actor, on: date) -> Iterator[Reminder]:
    """The reviews that come near in projects of one's own organisation that one leads or looks after."""
    near = (
        select(project.c.reference, project.c.lead_id, sheet.c.title, sheet.c.next_review)
        .join(sheet, sheet.c.subject_id == project.c.id)
        .where(
            sheet.c.next_review <= on + BEFORE_REVIEW,
            project.c.organisation_id == actor.organisation_id,
            seen_by(actor),
        )
    )
    for row in conn.execute(near):
        if row.lead_id == actor.person_id or actor.role == "ig_lead":
            renew = _at(row.reference, "/renew")
            yield Reminder("A review comes near", row.title, renew, row.next_review)


def _changed(conn: Connection, actor: Actor, since: datetime) -> Iterator[Reminder]:
    """The projects in which others changed answers, those with most changes first."""
    number = func.count(answer_event.c.seq)
    found = (
        select(project.c.reference, sheet.c.title, number.label("number"))
        .join(answer_event, answer_event.c.subject_id == project.c.id)
        .join(sheet, sheet.c.subject_id == project.c.id)
        .where(
            answer_event.c.at >= since, answer_event.c.person_id != actor.person_id, seen_by(actor)
        )
        .group_by(project.c.reference, sheet.c.title)
        .order_by(number.desc(), project.c.reference)
        .limit(MOST_CHANGED)
    )
    for row in conn.execute(found):
        said = "1 answer changed" if row.number == 1 else f"{row.number} answers changed"
        yield Reminder(said, row.title, _at(row.reference, "/history"), waits=False)
