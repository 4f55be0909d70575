"""Renewing a project: a new one that is linked with it, and begins with its answers unconfirmed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import Connection, and_, insert, or_, select

from app.actions.access.seeing import seen_by
from app.actions.actor import Actor
from app.actions.answers import Opened, open_sheet
from app.actions.beginning import First, begin_project
from app.actions.catalogues import Catalogues, Released
from app.actions.errors import NotFound
from app.actions.moving import side_of
from app.core.moving import move, renew
from app.core.pipeline import Pipeline
from app.core.sheet import Sheet, Stamp
from app.core.standing import CLOSE, SIGN
from app.store.lineage import RENEWED, lineage
from app.store.tables import project, sheet

DOOR = "change"
SOON = 60
"""So many days before its review a project is offered for renewal."""


@dataclass(frozen=True, slots=True)
class Kin:
    """A project that renews this one (`later`), or that this one renews."""

    reference: str
    title: str
    later: bool
    at: datetime


def renew_project(
    conn: Connection,
    actor: Actor,
    catalogues: Catalogues,
    reference: str,
    at: datetime,
    id_: UUID | None = None,
) -> str:
    """Begin a project that renews another; its reference.

    Every answer comes along and is to be confirmed; choices of law are made anew, and what acts
    answered is left behind. `id_`: under which the new one is kept. Raises NotFound.
    """
    opened = open_sheet(conn, actor, reference)
    newest = catalogues.newest_in(conn)
    pipeline = newest.catalogue.pipeline
    door = next((each for each in pipeline.doors if each.code == DOOR), None)
    if door is None:
        raise NotFound(DOOR)
    before = catalogues.of(conn, opened.project.release_id)
    stamp = Stamp(actor.name, at, "renewal", str(newest.release.id))
    moved = _moved(opened, before, newest, stamp)
    carried = renew(
        moved,
        newest.catalogue.program,
        str(before.release.id),
        pipeline.reuse.choose_again,
        {*pipeline.answered_by_acts(), *_answered_by_doors(pipeline, moved)},
    )
    first = First(door, at, carried=carried, id=id_ or uuid4())
    made = begin_project(conn, actor, newest, first)
    found = select(project.c.id).where(project.c.reference == made)
    conn.execute(
        insert(lineage),
        {
            "project_id": conn.execute(found).scalar_one(),
            "from_id": opened.project.id,
            "kind": RENEWED,
            "at": at,
        },
    )
    return made


def _answered_by_doors(pipeline: Pipeline, said: Sheet) -> Iterator[str]:
    """What a door answered and nobody since: the door of the new project answers it anew."""
    for door in pipeline.doors:
        for id_, given in door.answers.items():
            if id_ in said.entries and said.entries[id_].value == given:
                yield id_


def _moved(opened: Opened, before: Released, to: Released, stamp: Stamp) -> Sheet:
    """The answers as the newest release reads them."""
    if before.release.id == to.release.id:
        return opened.sheet
    return move(side_of(before), side_of(to), opened.sheet, stamp).sheet


def kin(conn: Connection, actor: Actor, reference: str) -> tuple[Kin, ...]:
    """The projects that renew this one or that it renews, as far as this person sees them."""
    this = project.alias("this")
    found = (
        select(project.c.reference, sheet.c.title, lineage.c.at, lineage.c.from_id, this.c.id)
        .join_from(
            this,
            lineage,
            or_(lineage.c.project_id == this.c.id, lineage.c.from_id == this.c.id),
        )
        .join(
            project,
            and_(
                project.c.id != this.c.id,
                or_(project.c.id == lineage.c.project_id, project.c.id == lineage.c.from_id),
            ),
        )
        .join(sheet, sheet.c.subject_id == project.c.id)
        .where(this.c.reference == reference, lineage.c.kind == RENEWED, seen_by(actor))
        .order_by(lineage.c.at)
    )
    return tuple(
        Kin(row.reference, row.title, row.from_id == row.id, row.at) for row in conn.execute(found)
    )


def may_renew(opened: Opened, on: date) -> bool:
    """Whether a project has come as far as to be renewed: something was closed or signed, or its review is near."""
    review = opened.project.summary.next_review
    acted = any(act.kind in (CLOSE, SIGN) for act in opened.project.acts)
    return acted or (review is not None and (review - on).days <= SOON)
