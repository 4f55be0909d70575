"""What changed in a project since somebody said that they had seen it, and who has which page open."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, select

from app.actions.access.seeing import seen_by
from app.actions.actor import Actor
from app.actions.answers import BriefAct, open_sheet
from app.actions.catalogues import Catalogues
from app.actions.errors import NotFound
from app.actions.overview import Overview, tell_act
from app.actions.review.since import AnswerChanged, Changes, Moment, changes_since
from app.actions.together.comments import Comment, comments
from app.store.inserting import put
from app.store.tables import person, project
from app.store.team import presence, visit

LONGEST_PAGE = 200
HERE_FOR = timedelta(seconds=50)
"""How long somebody counts as here after their browser last said so; it does every 20 seconds."""
GONE_AFTER = timedelta(hours=1)


# What is new


@dataclass(frozen=True, slots=True)
class News:
    """What others did in a project since this person last said that they had seen it."""

    since: datetime
    changes: Changes
    acts: tuple[tuple[BriefAct, str], ...]
    comments: tuple[Comment, ...]

    def __bool__(self) -> bool:
        return bool(self.changes or self.acts or self.comments)

    @property
    def answers(self) -> tuple[AnswerChanged, ...]:
        """The answers that are not what they were, the last first."""
        return self.changes.answers


def say_seen(conn: Connection, actor: Actor, reference: str, at: datetime) -> None:
    """Say that one has seen where the project stands now. Raises NotFound."""
    opened = open_sheet(conn, actor, reference)
    whose = {
        "project_id": opened.project.id,
        "person_id": actor.person_id,
        "organisation_id": actor.organisation_id,
    }
    put(conn, visit, whose, {"at": at, "version": opened.sheet.version})


def news(conn: Connection, actor: Actor, catalogues: Catalogues, view: Overview) -> News | None:
    """What others did since then; None for whoever has not said yet that they have seen it.

    Nothing is asked of the database where nothing happened: the project says so itself.
    """
    if view.looked is None:
        return None
    since = Moment(*view.looked)
    acts = tuple(_acts(actor, view, since.at))
    written = view.report.opened.sheet.version > since.version
    said = view.said_at is not None and view.said_at > since.at
    told = changes_since(conn, catalogues, view.report, since) if written or acts else None
    return News(
        since.at,
        (told or Changes(since)).by_others(actor.person_id),
        acts,
        tuple(_said(comments(conn, actor, view.report.reference), actor, since.at) if said else ()),
    )


def _acts(actor: Actor, view: Overview, at: datetime) -> Iterator[tuple[BriefAct, str]]:
    """What others decided, signed or closed, in words."""
    for act in reversed(view.report.opened.project.acts):
        own = act.who == actor.name and act.organisation_id == actor.organisation_id
        if act.at > at and not own:
            yield act, tell_act(view.record, act)


def _said(every: Iterable[Comment], actor: Actor, at: datetime) -> Iterator[Comment]:
    for each in every:
        own = each.who == actor.name and each.organisation == actor.organisation_name
        if each.at > at and not own:
            yield each


# Who is here


def say_here(
    conn: Connection, actor: Actor, reference: str, page: str, at: datetime
) -> tuple[str, ...]:
    """Say that one has a page open; who else has, by name. Raises NotFound.

    Only those who see the project are ever here, and only they are told.
    """
    wanted = select(project.c.id).where(project.c.reference == reference, seen_by(actor))
    subject = conn.execute(wanted).scalar_one_or_none()
    if subject is None or len(page) > LONGEST_PAGE:
        raise NotFound(reference)
    conn.execute(delete(presence).where(presence.c.at < at - GONE_AFTER))
    whose = {"project_id": subject, "person_id": actor.person_id}
    put(conn, presence, whose, {"page": page, "at": at})
    others = (
        select(person.c.name)
        .join(presence, presence.c.person_id == person.c.id)
        .where(
            presence.c.project_id == subject,
            presence.c.page == page,
            presence.c.at > at - HERE_FOR,
            presence.c.person_id != actor.person_id,
        )
        .order_by(person.c.name)
    )
    return tuple(conn.scalars(others))
