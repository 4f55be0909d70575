"""Who sees a project: the condition that every statement about projects carries.

A project is seen by people of the organisations that take part in it: those on its team, and those
who look after information there, whoever is on the team. Nobody else knows that there is such a
project. Whoever writes a statement about projects adds `seen_by(actor)`; whoever sends something
to people sends it to those of `who_sees`.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, false, literal, or_, select

from app.actions.access.policy import OVERSIGHT, SEES
from app.actions.actor import Actor
from app.store.queries import seen
from app.store.tables import membership, organisation, person, project_party
from app.store.team import team


def scope_of(actor: Actor) -> dict[str, Any]:
    """What the statements about projects are told of whoever asks."""
    return {
        "organisation": actor.organisation_id,
        "person": actor.person_id,
        "oversees": actor.role in OVERSIGHT,
    }


def seen_by(actor: Actor) -> ColumnElement[bool]:
    """Of the projects in a statement, those that this person sees."""
    if actor.role not in SEES:
        return false()
    scope = scope_of(actor)
    return seen(
        literal(scope["organisation"]), literal(scope["person"]), literal(scope["oversees"])
    )


def who_sees(project_id: UUID) -> Select[Any]:
    """Everybody who sees a project: a row for each person, organisation and role."""
    on_team = (
        select(team.c.id)
        .where(
            team.c.project_id == project_id,
            team.c.person_id == person.c.id,
            team.c.organisation_id == organisation.c.id,
            team.c.left_at.is_(None),
        )
        .exists()
    )
    return (
        select(
            person.c.id,
            person.c.name,
            person.c.email,
            organisation.c.id.label("organisation_id"),
            organisation.c.name.label("organisation"),
            membership.c.role,
            on_team.label("on_team"),
        )
        .join(membership, membership.c.person_id == person.c.id)
        .join(organisation, organisation.c.id == membership.c.organisation_id)
        .join(project_party, project_party.c.organisation_id == organisation.c.id)
        .where(
            project_party.c.project_id == project_id,
            membership.c.status == "active",
            membership.c.role.in_(SEES),
            person.c.active,
            or_(membership.c.role.in_(OVERSIGHT), on_team),
        )
        .order_by(organisation.c.name, person.c.name, membership.c.role)
    )
